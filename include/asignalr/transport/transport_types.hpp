// SPDX-License-Identifier: MIT
#pragma once

namespace asignalr {

/// Ways for hub messages to travel, to be combined with `|`.
enum class transport_types : unsigned char {
    none = 0,
    web_sockets = 1,
    server_sent_events = 2,  ///< Messages to the client in one endless answer, from the client by POST. Text only.
    long_polling = 4,        ///< Messages to the client in answers to its polls, from the client by POST.
    all = web_sockets | server_sent_events | long_polling,
};

constexpr transport_types operator|(transport_types left, transport_types right) noexcept {
    return static_cast<transport_types>(static_cast<unsigned char>(left) | static_cast<unsigned char>(right));
}

/// Whether `set` has all of `wanted`.
constexpr bool contains(transport_types set, transport_types wanted) noexcept {
    return (static_cast<unsigned char>(set) & static_cast<unsigned char>(wanted)) == static_cast<unsigned char>(wanted);
}

}  // namespace asignalr
