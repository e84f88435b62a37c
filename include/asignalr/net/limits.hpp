// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>

namespace asignalr {

/// What one peer may make the HTTP part of a server hold or wait for.
struct http_options {
    std::size_t maximum_request_line = 8 * 1024;        ///< Bytes; more is answered with 414.
    std::size_t maximum_header_bytes = 32 * 1024;       ///< Bytes of all headers together; more is answered with 431.
    std::size_t maximum_header_count = 100;             ///< Headers; more are answered with 431.
    std::size_t maximum_body = 30'000'000;              ///< Bytes of a body for the user's routes; more is answered with 413.
    std::chrono::milliseconds header_timeout{30'000};   ///< From the first byte of a request to its last header: 408, then close.
    std::chrono::milliseconds idle_timeout{130'000};    ///< Between two requests of a connection: close.
    std::size_t minimum_body_rate = 240;      ///< Bytes a second that a client sends of a body: 408, then close. 0: any rate will do.
    std::size_t minimum_response_rate = 240;  ///< Bytes a second that a client takes of an answer: close. 0: any rate will do.
    std::chrono::milliseconds rate_grace{5'000};  ///< What every body and answer may take, however slow.
    /// The longest time without a byte of a body or an answer, however fast it was before: 408, or close.
    std::chrono::milliseconds stall_timeout{30'000};
    std::size_t maximum_sockets = 10'000;  ///< Open sockets of the whole server; one more is closed at once.
    /// Open sockets of one address, or of one /64 of IPv6; one more is closed at once. Not for trusted proxies, unix sockets and this machine.
    std::size_t maximum_sockets_per_address = 1'000;
};

}  // namespace asignalr
