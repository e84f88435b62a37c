// SPDX-License-Identifier: MIT
#include "server/server_core.hpp"

#include <asignalr/base/error.hpp>

#include "connection/option_checks.hpp"
#include "net/socket_stream.hpp"

#include <stdexcept>
#include <string>
#include <system_error>

namespace asignalr::detail {
namespace {

server_options with_log(server_options options) {
    if (!options.log) options.log = make_console_logger();
    return options;
}

}  // namespace

server_core::server_core(std::vector<std::shared_ptr<lane>> lanes, server_options options)
    : options_(with_log(std::move(options))), log_(options_.log, "server"), raw_lanes_(std::move(lanes)), proxies_(options_.trusted_proxies), routes_(options_.path_base) {
    if (raw_lanes_.size() > most_lanes)
        throw std::logic_error("asignalr: a server has " + std::to_string(most_lanes) + " lanes at most, not " + std::to_string(raw_lanes_.size()));
    for (const auto& one : raw_lanes_)
        lanes_.push_back(std::make_unique<server_lane>(*this, one));
    lanes_running_ = lanes_.size();
}

server_core::~server_core() = default;

std::shared_ptr<hub_core> server_core::add_hub(
    std::string name, hub_options options, hub_core::hub_factory factory, method_index methods) {
    check_options(options);
    auto hub = std::make_shared<hub_core>(std::move(name), std::move(options), std::move(factory), std::move(methods));
    add_endpoint(hub, hub->options().allowed_origins);
    hubs_.push_back(hub);
    return hub;
}

void server_core::add_raw(std::string_view path, raw_connection_handler handler, raw_connection_options options) {
    auto raw = std::make_shared<raw_endpoint>(std::move(handler), std::move(options));
    add_endpoint(raw, raw->options().allowed_origins);
    routes_.add_endpoint(path, raw);
}

void server_core::add_endpoint(std::shared_ptr<endpoint> to, const std::vector<std::string>& allowed_origins) {
    origin_policy origins({allowed_origins});
    for (const auto& one : lanes_)
        to->add_lane(one->workspace(), options_.log);
    origins_.emplace(to.get(), std::move(origins));
    endpoints_.push_back(std::move(to));
}

void server_core::accept(lane& where, std::unique_ptr<byte_stream> accepted, std::string bytes_read) noexcept try {
    if (may_accept(where, *accepted)) at(where.index()).serve(std::move(accepted), std::move(bytes_read));
} catch (const std::exception&) {
    where.count().out_of_memory.add();  // this one socket is closed
}

bool server_core::may_accept(lane& where, byte_stream& accepted) {
    const http_options& limits = options_.http;
    std::uint64_t open = 0;
    for (const auto& one : raw_lanes_)
        open += one->count().sockets.get();
    if (open >= limits.maximum_sockets)
        return refuse_socket(
            where, "a socket was refused; http_options::maximum_sockets sets how many may be open", limits.maximum_sockets);
    if (has_place(accepted)) return true;
    return refuse_socket(
        where,
        "a socket was refused; http_options::maximum_sockets_per_address sets how many one address may have open, trusted_proxies lists those "
        "that speak for others",
        limits.maximum_sockets_per_address);
}

bool server_core::has_place(byte_stream& accepted) {
    const auto address = proxies_.counted_address(accepted.remote_address());
    if (!address) return true;
    auto place = by_address_->take(*address, options_.http.maximum_sockets_per_address);
    if (!place) return false;
    accepted.keep(std::move(place));
    return true;
}

bool server_core::refuse_socket(lane& where, std::string_view message, std::size_t limit) {
    where.count().sockets_refused.add();
    at(where.index()).log().refused(refusal::sockets, where.now(), message, {{"limit", std::to_string(limit)}});
    return false;
}

std::vector<std::string> server_core::listen(const std::vector<std::string>& urls) {
    std::vector<std::string> started;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) throw std::system_error(errc::server_stopped, "listen");
        auto accepted = [self = weak_from_this()](lane& where, std::unique_ptr<byte_stream> stream) {
            const auto core = self.lock();
            where.check_thread();
            if (core) core->accept(where, std::move(stream));
        };
        // If one cannot be bound, those before it are closed again, and nobody was accepted.
        std::vector<std::unique_ptr<listener>> bound;
        for (const std::string& url : urls)
            bound.push_back(std::make_unique<listener>(url, raw_lanes_, accepted, options_.log));
        for (std::unique_ptr<listener>& one : bound) {
            started.push_back(one->local_url());
            urls_.push_back(one->local_url());
            listeners_.push_back(std::move(one));
            listeners_.back()->start();
        }
    }
    for (const std::string& url : started)
        log_.write(log_level::info, "listening", {{"url", url}});
    return started;
}

void server_core::serve(unique_descriptor socket, std::string bytes_read) {
    lane& where = *raw_lanes_[next_lane_.fetch_add(1, std::memory_order_relaxed) % raw_lanes_.size()];
    where.post([&where, alive = where.shared_from_this(), self = weak_from_this(), socket = std::move(socket),
                bytes = std::move(bytes_read)]() mutable {
        where.check_thread();
        const auto core = self.lock();
        if (!core) return;
        std::unique_ptr<byte_stream> stream;
        try {
            stream = socket_stream::adopt(where.executor(), std::move(socket));
        } catch (const std::exception&) {
            return;  // no memory, here or in the kernel: this one socket is closed
        }
        core->accept(where, std::move(stream), std::move(bytes));
    });
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
    bool is_first = false;
    {
        const std::lock_guard lock(mutex_);
        is_first = !std::exchange(stopping_, true);
        if (done && lanes_running_ > 0) when_stopped_.push_back(std::exchange(done, nullptr));
    }
    if (is_first) log_.write(log_level::info, "stopping", {{"deadline", std::to_string(deadline.count()) + " ms"}});
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
    log_.write(log_level::info, "stopped");
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
