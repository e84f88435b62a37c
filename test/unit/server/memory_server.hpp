// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/log/logger.hpp>

#include "probe_hub.hpp"
#include "raw_client.hpp"
#include "runtime/lane.hpp"
#include "server/server_core.hpp"

#include <asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asignalr::detail {

/// Keeps what is logged, one line a record; those below a warning with their level in front.
class recording_logger final : public logger {
public:
    bool enabled(log_level level, std::string_view) const noexcept override { return level >= least; }
    void write(const log_record& record) noexcept override {
        std::string line(record.message);
        for (const log_field& field : record.fields)
            line.append(" ").append(field.name).append("=").append(field.value);
        if (record.level >= log_level::warning) return important.push_back(line);
        constexpr const char* names[]{"trace: ", "debug: ", "info: "};
        others.push_back(names[static_cast<std::size_t>(record.level)] + line);
    }

    log_level least = log_level::trace;
    std::vector<std::string> important;
    std::vector<std::string> others;
};

/// A whole server on one lane, whose clock stands still until it is moved, and whose sockets are in memory.
///
/// Call start() once, then connect().
class memory_server {
public:
    memory_server()
        : lane_(lane::on_context(context_, {.clock = clock_, .sweeps_itself = false})),
          world_(std::make_unique<hub_world>(context_)) {}
    memory_server(const memory_server&) = delete;
    memory_server& operator=(const memory_server&) = delete;

    ~memory_server() {
        if (core_) core_->drop();
        run();
        core_.reset();
        run();
        world_.reset();
    }

    /// Serves the hub on `/hub`.
    void start(hub_options hub = {}, server_options server = {}) {
        server.log = log_;
        core_ = std::make_shared<server_core>(std::vector{lane_}, std::move(server));
        method_index methods;
        method_table<probe_hub> table(methods);
        probe_hub::describe(table);
        auto make = [world = world_.get()]() -> std::unique_ptr<asignalr::hub> {
            if (world->making_fails) throw std::runtime_error("no hub today");
            return std::make_unique<probe_hub>(*world);
        };
        hub_ = core_->add_hub("probe_hub", std::move(hub), std::move(make), std::move(methods));
        core_->routes().add_endpoint("/hub", hub_);
    }

    /// A socket that was just accepted.
    raw_client connect(std::size_t capacity = 64 * 1024, std::string address = "127.0.0.1") {
        auto [mine, theirs] = memory_stream::make_pair(lane_->executor(), capacity);
        server_end_ = theirs.get();
        server_end_->set_remote_address(std::move(address));
        auto accepted = std::make_shared<std::unique_ptr<memory_stream>>(std::move(theirs));
        lane_->post([this, accepted] {
            if (core_->may_accept(*lane_, **accepted)) core_->at(0).serve(std::move(*accepted));
        });
        run();
        return raw_client(std::move(mine));
    }

    void run() {
        context_.restart();
        context_.poll();
    }
    /// Runs and reads until nothing comes any more.
    void settle(raw_client& client) {
        do
            run();
        while (client.read());
    }
    /// Moves the clock in steps of a tick.
    void pass(std::chrono::milliseconds time) {
        for (std::chrono::milliseconds passed{}; passed < time; passed += sweeper::tick_interval) {
            clock_->advance(sweeper::tick_interval);
            lane_->post([this] { lane_->sweep().tick(lane_->now()); });
            run();
        }
    }
    /// The same for time in which nothing but the end of it matters: every bucket of the sweep sees the clock once.
    void pass_at_once(std::chrono::milliseconds time) {
        clock_->advance(time);
        pass(4 * sweeper::tick_interval);
    }
    statistics count() const { return core_->sum(); }

protected:
    asio::io_context context_{1};
    std::shared_ptr<manual_clock> clock_ = std::make_shared<manual_clock>();
    std::shared_ptr<recording_logger> log_ = std::make_shared<recording_logger>();
    std::shared_ptr<lane> lane_;
    std::unique_ptr<hub_world> world_;
    std::shared_ptr<server_core> core_;
    std::shared_ptr<hub_core> hub_;
    memory_stream* server_end_ = nullptr;
};

}  // namespace asignalr::detail
