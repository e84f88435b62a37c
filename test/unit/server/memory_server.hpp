// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/log/logger.hpp>

#include "probe_hub.hpp"
#include "raw_client.hpp"
#include "runtime/lane.hpp"
#include "server/server_core.hpp"

#include <asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <limits>
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
    /// @param lanes with more than one, each is a strand of the one context
    explicit memory_server(std::size_t lanes = 1) : world_(std::make_unique<hub_world>(context_)) { make_lanes(lanes); }
    memory_server(const memory_server&) = delete;
    memory_server& operator=(const memory_server&) = delete;

    virtual ~memory_server() {
        if (core_) core_->drop();
        run();
        core_.reset();
        run();
        world_.reset();
    }

    /// Serves the hub on `/hub`.
    void start(hub_options hub = {}, server_options server = {}) {
        server.log = log_;
        core_ = std::make_shared<server_core>(lanes_, std::move(server));
        auto make = [world = world_.get()]() -> std::unique_ptr<asignalr::hub> {
            if (world->making_fails) throw std::runtime_error("no hub today");
            return std::make_unique<probe_hub>(*world);
        };
        hub_ = serve_hub<probe_hub>("/hub", std::move(hub), std::move(make));
    }
    /// Serves one more, after start().
    template <class Hub>
    std::shared_ptr<hub_core> serve_hub(std::string_view path, hub_options options, hub_core::hub_factory make) {
        method_index methods;
        method_table<Hub> table(methods);
        Hub::describe(table);
        auto served = core_->add_hub("probe_hub", std::move(options), std::move(make), std::move(methods));
        core_->routes().add_endpoint(path, served);
        return served;
    }

    /// A socket that was just accepted.
    /// @param transfer_size how many bytes the server reads or writes at once
    raw_client connect(
        std::size_t capacity = 64 * 1024, std::string address = "127.0.0.1", std::size_t index = 0,
        std::size_t transfer_size = std::numeric_limits<std::size_t>::max()) {
        const std::shared_ptr<lane>& at = lanes_[index];
        auto [mine, theirs] = memory_stream::make_pair(at->executor(), capacity);
        server_end_ = theirs.get();
        server_end_->set_remote_address(std::move(address));
        server_end_->limit_transfers(transfer_size);
        if (streams_take_no_memory_) server_end_->reserve();
        auto accepted = std::make_shared<std::unique_ptr<memory_stream>>(std::move(theirs));
        at->post([this, at, accepted] {
            if (core_) core_->accept(*at, std::move(*accepted));
        });
        run();
        return raw_client(std::move(mine));
    }

    virtual void run() {
        context_.restart();
        if (!after_each_turn_) context_.poll();
        while (after_each_turn_ && context_.poll_one() > 0)
            after_each_turn_();
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
            for (const auto& each : lanes_)
                each->post([each] { each->sweep().tick(each->now()); });
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
    /// New ones, for the next start().
    void make_lanes(std::size_t count = 1) {
        lanes_.clear();
        for (std::size_t index = 0; index < count; ++index) {
            lane_settings settings{.index = index, .clock = clock_, .sweeps_itself = false};
            lanes_.push_back(
                count == 1 ? lane::on_context(context_, std::move(settings)) : lane::on_executor(context_.get_executor(), std::move(settings)));
        }
        lane_ = lanes_.front();
    }

    asio::io_context context_{1};
    std::shared_ptr<manual_clock> clock_ = std::make_shared<manual_clock>();
    std::shared_ptr<recording_logger> log_ = std::make_shared<recording_logger>();
    std::vector<std::shared_ptr<lane>> lanes_;
    std::shared_ptr<lane> lane_;  // the first one
    std::function<void()> after_each_turn_;
    std::unique_ptr<hub_world> world_;
    std::shared_ptr<server_core> core_;
    std::shared_ptr<hub_core> hub_;
    memory_stream* server_end_ = nullptr;
    bool streams_take_no_memory_ = false;
};

}  // namespace asignalr::detail
