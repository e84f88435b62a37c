// SPDX-License-Identifier: MIT
#pragma once

#include "wire/http_head.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace asignalr::detail {

/// `Sec-WebSocket-Accept` for a key (RFC 6455 section 4.2.2).
std::string websocket_accept_key(std::string_view key);

/// Whether a peer may send this close code (RFC 6455 section 7.4).
bool may_be_received(std::uint16_t close_code) noexcept;

/// Whether a request opens a WebSocket: GET, HTTP/1.1, the right `Upgrade`, `Connection`, version and key
/// (RFC 6455 section 4.2.1). One that does not quite is an ordinary GET, as for ASP.NET Core.
bool is_websocket_request(const request_head& head);

/// The 101 answer for a request that is_websocket_request().
/// @param more further headers; those that belong to the handshake are left out
std::string websocket_answer(std::string_view key, std::span<const std::pair<std::string, std::string>> more = {});

}  // namespace asignalr::detail
