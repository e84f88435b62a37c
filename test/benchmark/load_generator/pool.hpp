// SPDX-License-Identifier: MIT
#pragma once

#include "event_loop.hpp"
#include "options.hpp"
#include "peer.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace benchmark {

using steady = std::chrono::steady_clock;

// All connections of a run.
//
// open(n) adds connections and returns when all of them are ready; run() then dispatches what arrives. Both throw
// generator_error when the time limit has passed or the server ends a connection.
class pool final : private peer_owner {
public:
    explicit pool(const options& settings);
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;

    void open(std::size_t count);

    using listener = std::function<void(peer&)>;

    // `on_progress` is called for a connection after each read, and when it has closed. Ends when `done` says so, asked
    // after each batch of events with the time.
    void run(const listener& on_progress, const std::function<bool(steady::time_point)>& done);

    // The same without ever sleeping: `done` is asked all the time.
    void spin(const listener& on_progress, const std::function<bool(steady::time_point)>& done);

    // Lets the connections rest; pings in both directions go on.
    void rest(seconds duration);

    peer& at(std::size_t index) { return *peers_[index]; }
    std::size_t size() const { return peers_.size(); }

private:
    void on_open(peer& which) override;
    void on_progress(peer& which) override;
    void loop(
        const listener& on_progress, const std::function<bool(steady::time_point)>& done,
        std::chrono::milliseconds patience);
    void keep_alive(steady::time_point now);
    void check_time(steady::time_point now) const;

    const options& settings_;
    steady::time_point started_ = steady::now();
    steady::time_point last_ping_ = started_;
    std::string ping_;
    event_loop events_;
    std::vector<std::unique_ptr<peer>> peers_;
    std::size_t opened_ = 0;
    const listener* listener_ = nullptr;
};

}  // namespace benchmark
