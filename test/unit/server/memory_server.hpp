// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/connection/hub_options.hpp>
#include <asignalr/log/logger.hpp>
#include <asignalr/log/statistics.hpp>
#include <asignalr/server/options.hpp>

#include "base/clock.hpp"
#include "hub_world.hpp"
#include "raw_client.hpp"
#include "runtime/lane.hpp"

#include <asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asignalr {

class hub;
template <class Hub>
class method_table;

}  // namespace asignalr

namespace asignalr::detail {

class hub_core;
class memory_stream;
class method_list;
class server_core;

/// Keeps what is logged, one line a record; those below a warning with their level in front.
class recording_logger final : public logger {
public:
    recording_logger();
    ~recording_logger() override;

    bool enabled(log_level level, std::string_view) const noexcept override { return level >= least; }
    void write(const log_record& record) noexcept override;

    log_level least = log_level::trace;
    std::vector<std::string> important;
    std::vector<std::string> others;
};

/// A whole server on one lane, whose clock stands still until it is moved, and whose sockets are in memory.
///
/// Call start() once, then connect().
class memory_server {
public:
    /// @param lanes with more than one, each is a strand of the one context
    explicit memory_server(std::size_t lanes = 1);
    memory_server(const memory_server&) = delete;
    memory_server& operator=(const memory_server&) = delete;

    virtual ~memory_server();

    /// Serves the hub on `/hub`.
    void start(hub_options hub = {}, server_options server = {});
    /// Serves one more, after start().
    template <class Hub>
    std::shared_ptr<hub_core> serve_hub(std::string_view path, hub_options options, std::function<std::unique_ptr<asignalr::hub>()> make) {
        return serve_described(path, std::move(options), std::move(make), [](method_list& methods) {
            method_table<Hub> table(methods);
            Hub::describe(table);
        });
    }

    /// A socket that was just accepted.
    /// @param transfer_size how many bytes the server reads or writes at once
    raw_client connect(
        std::size_t capacity = 64 * 1024, std::string address = "127.0.0.1", std::size_t index = 0,
        std::size_t transfer_size = std::numeric_limits<std::size_t>::max());

    virtual void run();
    /// Runs and reads until nothing comes any more.
    void settle(raw_client& client);
    /// Moves the clock in steps of a tick.
    void pass(std::chrono::milliseconds time);
    /// The same for time in which nothing but the end of it matters: every bucket of the sweep sees the clock once.
    void pass_at_once(std::chrono::milliseconds time);
    statistics count() const;

protected:
    /// New ones, for the next start().
    void make_lanes(std::size_t count = 1);

    asio::io_context context_{1};
    std::shared_ptr<manual_clock> clock_;
    std::shared_ptr<recording_logger> log_;
    std::vector<std::shared_ptr<lane>> lanes_;
    std::shared_ptr<lane> lane_;  // the first one
    std::function<void()> after_each_turn_;
    std::unique_ptr<hub_world> world_;
    std::shared_ptr<server_core> core_;
    std::shared_ptr<hub_core> hub_;
    memory_stream* server_end_ = nullptr;
    bool streams_take_no_memory_ = false;

private:
    std::shared_ptr<hub_core> serve_described(
        std::string_view path, hub_options options, std::function<std::unique_ptr<asignalr::hub>()> make, void (*describe)(method_list&));
};

}  // namespace asignalr::detail
