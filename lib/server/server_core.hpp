// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/log/statistics.hpp>
#include <asignalr/server/options.hpp>

#include "connection/raw_endpoint.hpp"
#include "hub/hub_core.hpp"
#include "net/listener.hpp"
#include "net/places_by_address.hpp"
#include "server/origin_policy.hpp"
#include "server/router.hpp"
#include "server/server_lane.hpp"
#include "server/trusted_proxies.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace asignalr::detail {

/// What the user puts in front of everything: an answer, or nothing and headers for the answer of somebody else.
using front_function = std::function<std::optional<http_response>(const http_request& asked, http_headers& added)>;

/// What a server is made of. Alive as long as the server, or a stop that is under way.
class server_core : public std::enable_shared_from_this<server_core> {
public:
    server_core(std::vector<std::shared_ptr<lane>> lanes, server_options options);
    ~server_core();

    const server_options& options() const noexcept { return options_; }
    const std::shared_ptr<logger>& log() const noexcept { return options_.log; }
    router& routes() noexcept { return routes_; }
    /// In the order in which they are asked.
    std::vector<front_function>& fronts() noexcept { return fronts_; }
    /// The hubs and the handlers of raw connections.
    const std::vector<std::shared_ptr<endpoint>>& endpoints_served() const noexcept { return endpoints_; }
    const origin_policy& origins_of(const endpoint& to) const { return origins_.at(&to); }
    server_lane& at(std::size_t index) noexcept { return *lanes_[index]; }
    std::size_t lane_count() const noexcept { return lanes_.size(); }

    std::shared_ptr<hub_core> add_hub(
        std::string name, hub_options options, hub_core::hub_factory factory, method_index methods);
    void add_raw(std::string_view path, raw_connection_handler handler, raw_connection_options options);
    /// Something else that clients connect to; a route has to lead to it.
    void add_endpoint(std::shared_ptr<endpoint> to, const std::vector<std::string>& allowed_origins = {});
    /// Listens on all of them, or on none and throws; their URLs with the ports in use.
    std::vector<std::string> listen(const std::vector<std::string>& urls);
    /// A socket that the user accepted, and what was read from it.
    void serve(unique_descriptor socket, std::string bytes_read);
    std::vector<std::string> endpoints() const;
    void stop(std::chrono::milliseconds deadline, std::function<void()> done);
    /// Closes everything now, for a server that is destroyed.
    void drop() noexcept;
    statistics sum() const;
    /// Serves a socket that was just accepted, with what was read from it, or refuses it. On its lane.
    void accept(lane& where, std::unique_ptr<byte_stream> accepted, std::string bytes_read = {}) noexcept;
    const trusted_proxies& proxies() const noexcept { return proxies_; }

private:
    bool may_accept(lane& where, byte_stream& accepted);
    bool has_place(byte_stream& accepted);
    bool refuse_socket(lane& where, std::string_view message, std::size_t limit);
    void close_listeners();
    void lane_stopped();

    server_options options_;
    lane_log log_;
    std::vector<std::shared_ptr<lane>> raw_lanes_;
    std::vector<std::unique_ptr<server_lane>> lanes_;
    trusted_proxies proxies_;
    std::shared_ptr<places_by_address> by_address_ = std::make_shared<places_by_address>();
    router routes_;
    std::vector<front_function> fronts_;
    std::vector<std::shared_ptr<hub_core>> hubs_;
    std::vector<std::shared_ptr<endpoint>> endpoints_;  // the same, and the rest
    std::map<const endpoint*, origin_policy> origins_;
    std::atomic<std::size_t> next_lane_{0};  // of serve()
    mutable std::mutex mutex_;  // of what follows
    std::vector<std::unique_ptr<listener>> listeners_;
    std::vector<std::string> urls_;
    std::vector<std::function<void()>> when_stopped_;
    std::size_t lanes_running_ = 0;
    bool stopping_ = false;
};

}  // namespace asignalr::detail
