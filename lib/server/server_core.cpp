// SPDX-License-Identifier: MIT
#include "server/server_core.hpp"

#include <asignalr/base/error.hpp>

namespace asignalr::detail {

server_core::server_core(std::vector<std::shared_ptr<lane>> lanes, server_options options)
    : options_(std::move(options)), raw_lanes_(std::move(lanes)) {
    if (!options_.log) options_.log = make_console_logger();
    for (const auto& one : raw_lanes_)
        lanes_.push_back(std::make_unique<server_lane>(*this, one));
    lanes_running_ = lanes_.size();
}

server_core::~server_core() = default;

std::shared_ptr<hub_core> server_core::add_hub(
    std::string name, hub_options options, hub_core::hub_factory factory, method_index methods) {
    origin_policy origins({options.allowed_origins, options_.trusted_proxies});
    auto hub = std::make_shared<hub_core>(std::move(name), std::move(options), std::move(factory), std::move(methods));
    for (const auto& one : lanes_)
        hub->add_lane(one->workspace(), options_.log);
    origins_.emplace(hub.get(), std::move(origins));
    hubs_.push_back(hub);
    return hub;
}

bool server_core::may_accept(lane& where) {
    std::uint64_t open = 0;
    for (const auto& one : raw_lanes_)
        open += one->count().sockets.get();
    if (open < options_.http.maximum_sockets) return true;
    where.count().sockets_refused.add();
    return false;
}

std::string server_core::listen(const std::string& url) {
    const std::lock_guard lock(mutex_);
    if (stopping_) throw std::system_error(errc::server_stopped, "listen");
    auto accepted = [self = weak_from_this()](lane& where, std::unique_ptr<byte_stream> stream) {
        const auto core = self.lock();
        where.check_thread();
        if (core && core->may_accept(where)) core->at(where.index()).serve(std::move(stream));
    };
    listeners_.push_back(std::make_unique<listener>(url, raw_lanes_, std::move(accepted), options_.log));
    urls_.push_back(listeners_.back()->local_url());
    return urls_.back();
}

std::vector<std::string> server_core::endpoints() const {
    const std::lock_guard lock(mutex_);
    return urls_;
}

void server_core::close_listeners() {
    const std::lock_guard lock(mutex_);
    listeners_.clear();
}

void server_core::stop(std::chrono::milliseconds deadline, std::function<void()> done) {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        if (done && lanes_running_ > 0) when_stopped_.push_back(std::exchange(done, nullptr));
    }
    if (done) return raw_lanes_.front()->post(std::move(done));
    auto self = shared_from_this();
    raw_lanes_.front()->post([self] { self->close_listeners(); });
    for (const auto& one : lanes_) {
        server_lane* stopping = one.get();
        stopping->where().post([self, stopping, deadline] {
            stopping->where().check_thread();
            stopping->stop(deadline, [self] { self->lane_stopped(); });
        });
    }
}

void server_core::lane_stopped() {
    std::vector<std::function<void()>> done;
    {
        const std::lock_guard lock(mutex_);
        if (--lanes_running_ > 0) return;
        done = std::exchange(when_stopped_, {});
    }
    for (const auto& one : done)
        one();
}

void server_core::drop() noexcept {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    close_listeners();
    for (const auto& one : lanes_)
        one->drop();
}

statistics server_core::sum() const {
    statistics total;
    for (const auto& one : raw_lanes_) {
        one->count().add_to(total);
        total.idle_runners += one->idle_runners();
    }
    for (const auto& hub : hubs_)
        total.serializations += hub->outside_serializations();
    return total;
}

}  // namespace asignalr::detail
