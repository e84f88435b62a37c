// SPDX-License-Identifier: MIT
#include "memory_server.hpp"

#include "hub/hub_core.hpp"
#include "hub/method_index.hpp"
#include "net/memory_stream.hpp"
#include "probe_hub.hpp"
#include "server/server_core.hpp"

#include <stdexcept>
#include <utility>

namespace asignalr::detail {

recording_logger::recording_logger() = default;
recording_logger::~recording_logger() = default;

void recording_logger::write(const log_record& record) noexcept {
    std::string line(record.message);
    for (const log_field& field : record.fields)
        line.append(" ").append(field.name).append("=").append(field.value);
    if (record.level >= log_level::warning) return important.push_back(line);
    constexpr const char* names[]{"trace: ", "debug: ", "info: "};
    others.push_back(names[static_cast<std::size_t>(record.level)] + line);
}

memory_server::memory_server(std::size_t lanes)
    : clock_(std::make_shared<manual_clock>()), log_(std::make_shared<recording_logger>()), world_(std::make_unique<hub_world>(context_)) {
    make_lanes(lanes);
}

memory_server::~memory_server() {
    if (core_) core_->drop();
    run();
    core_.reset();
    run();
    world_.reset();
}

void memory_server::start(hub_options hub, server_options server) {
    server.log = log_;
    core_ = std::make_shared<server_core>(lanes_, std::move(server));
    auto make = [world = world_.get()]() -> std::unique_ptr<asignalr::hub> {
        if (world->making_fails) throw std::runtime_error("no hub today");
        return std::make_unique<probe_hub>(*world);
    };
    hub_ = serve_hub<probe_hub>("/hub", std::move(hub), std::move(make));
}

std::shared_ptr<hub_core> memory_server::serve_described(
    std::string_view path, hub_options options, hub_core::hub_factory make, void (*describe)(method_list&)) {
    method_index methods;
    describe(methods);
    auto served = core_->add_hub("probe_hub", std::move(options), std::move(make), std::move(methods));
    core_->routes().add_endpoint(path, served);
    return served;
}

raw_client memory_server::connect(std::size_t capacity, std::string address, std::size_t index, std::size_t transfer_size) {
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

void memory_server::run() {
    context_.restart();
    if (!after_each_turn_) context_.poll();
    while (after_each_turn_ && context_.poll_one() > 0)
        after_each_turn_();
}

void memory_server::settle(raw_client& client) {
    do
        run();
    while (client.read());
}

void memory_server::pass(std::chrono::milliseconds time) {
    for (std::chrono::milliseconds passed{}; passed < time; passed += sweeper::tick_interval) {
        clock_->advance(sweeper::tick_interval);
        for (const auto& each : lanes_)
            each->post([each] { each->sweep().tick(each->now()); });
        run();
    }
}

void memory_server::pass_at_once(std::chrono::milliseconds time) {
    clock_->advance(time);
    pass(4 * sweeper::tick_interval);
}

statistics memory_server::count() const { return core_->sum(); }

void memory_server::make_lanes(std::size_t count) {
    lanes_.clear();
    for (std::size_t index = 0; index < count; ++index) {
        lane_settings settings{.index = index, .clock = clock_, .sweeps_itself = false};
        lanes_.push_back(
            count == 1 ? lane::on_context(context_, std::move(settings)) : lane::on_executor(context_.get_executor(), std::move(settings)));
    }
    lane_ = lanes_.front();
}

}  // namespace asignalr::detail
