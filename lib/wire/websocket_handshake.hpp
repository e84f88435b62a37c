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

/// What a request is to WebSockets (RFC 6455 section 4.2.1).
enum class websocket_opening {
    none,         ///< It asks for none: that takes GET, HTTP/1.1, and both `Upgrade` and `Connection`.
    whole,        ///< It opens one.
    old_version,  ///< It asks for one in another version than 13 (section 4.4), or in none.
    broken,       ///< It asks for one, but says something twice or has no key of 16 bytes.
};
websocket_opening websocket_opening_of(const request_head& head);

/// The 101 answer for a request that is websocket_opening::whole.
/// @param more further headers; those that belong to the handshake are left out
std::string websocket_answer(std::string_view key, std::span<const std::pair<std::string, std::string>> more = {});

}  // namespace asignalr::detail
