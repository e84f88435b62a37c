// SPDX-License-Identifier: MIT
#pragma once

#include "net/exchange.hpp"

#include <functional>
#include <memory>
#include <string>

namespace asignalr::detail {

class hub_core;

/// Answers the requests of a hub's route: negotiate, and the ones that open a transport (TransportProtocols specification).
class hub_endpoint {
public:
    /// Gives a stream with bytes of a request in front to another lane's HTTP part.
    using forward_function = std::function<void(std::size_t lane, std::unique_ptr<byte_stream> stream, std::string bytes)>;

    /// @param lane the index of the lane that the exchange is on
    hub_endpoint(std::shared_ptr<hub_core> hub, std::size_t lane, const forward_function& forward) noexcept
        : hub_(std::move(hub)), lane_(lane), forward_(forward) {}

    void negotiate(exchange& asked);
    void connect(exchange& asked);

private:
    bool check_room(exchange& asked);
    bool check_token(exchange& asked);
    void open_websocket(exchange& asked);
    void attach_websocket(exchange& asked, std::string id, std::string token);
    void move_to_owner(exchange& asked, std::size_t owner);

    std::shared_ptr<hub_core> hub_;
    std::size_t lane_;
    const forward_function& forward_;
};

}  // namespace asignalr::detail
