// SPDX-License-Identifier: MIT
#pragma once

#include "connection/endpoint.hpp"
#include "net/exchange.hpp"
#include "server/trusted_proxies.hpp"
#include "transport/transport_kind.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// Answers the requests of a route that clients connect to: negotiate, and those that open, feed and end a transport (TransportProtocols specification).
class endpoint_requests {
public:
    /// Gives a stream with bytes of a request in front, and the headers of its answer, to another lane's HTTP part.
    using forward_function = std::function<void(std::size_t lane, std::unique_ptr<byte_stream> stream, std::string bytes, http_headers added)>;

    /// @param lane the index of the lane that the exchange is on
    endpoint_requests(
        std::shared_ptr<endpoint> to, std::size_t lane, const trusted_proxies& proxies, const forward_function& forward) noexcept;

    void negotiate(exchange& asked);
    void connect(const std::shared_ptr<exchange>& asked);

private:
    bool check_room(exchange& asked, places_by_address::place& into);
    bool refuse(exchange& asked, std::string_view message, const char* option, std::string_view text);
    connection_registry::entry* find(exchange& asked, std::string_view content_type);
    void get(const std::shared_ptr<exchange>& asked);
    posted_input::early_limit early_limit() noexcept;
    void post(const std::shared_ptr<exchange>& asked);
    void end(const std::shared_ptr<exchange>& asked);
    void open_without_token(exchange& asked, const transport_kind& kind);
    void open(exchange& asked, const transport_kind& kind, std::unique_ptr<posted_input> posted, std::string id, std::string token);
    bool check_allowed(exchange& asked, const transport_kind& kind);
    void move_to_owner(exchange& asked, std::size_t owner);

    std::shared_ptr<endpoint> to_;
    endpoint_lane& at_;
    std::size_t lane_;
    const trusted_proxies& proxies_;
    const forward_function& forward_;
};

}  // namespace asignalr::detail
