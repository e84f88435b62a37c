// SPDX-License-Identifier: MIT
#pragma once

#include "options.hpp"
#include "peer.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace benchmark {

using steady = std::chrono::steady_clock;

// All connections of a run on one epoll set.
//
// open(n) adds connections and returns when all of them are ready; run() then dispatches what arrives. Both throw
// generator_error when the time limit has passed or the server ends a connection.
class pool {
public:
    explicit pool(const options& settings);
    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;
    ~pool();

    void open(std::size_t count);

    // `on_data` is called for a connection after each read. Ends when `done` says so, asked after each batch of events
    // with the time.
    void run(const std::function<void(peer&)>& on_data, const std::function<bool(steady::time_point)>& done);

    // Lets the connections rest; pings in both directions go on.
    void rest(seconds duration);

    void send(peer& to, std::string_view bytes);

    peer& at(std::size_t index) { return *peers_[index]; }
    std::size_t size() const { return peers_.size(); }

private:
    void step(const std::function<void(peer&)>* on_data, steady::time_point now);
    void dispatch(std::uint32_t events, peer& of, const std::function<void(peer&)>* on_data);
    void watch(peer& whose, int operation);
    void keep_alive(steady::time_point now);
    void check_time(steady::time_point now) const;

    const options& settings_;
    steady::time_point started_ = steady::now();
    steady::time_point last_ping_ = started_;
    std::string ping_;
    int epoll_;
    std::vector<std::unique_ptr<peer>> peers_;
    std::size_t ready_ = 0;
    std::vector<char> buffer_;
};

}  // namespace benchmark
