// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>

namespace asignalr {

/// What one peer may make the HTTP part of a server hold or wait for.
///
/// `@peer` tells what a client gets that meets a limit, `@counter` which member of `statistics` counts it: docs/limits.md is made of them.
struct http_options {
    /// Bytes of a request's first line.
    /// @peer    414
    /// @counter http_requests_refused
    std::size_t maximum_request_line = 8 * 1024;
    /// Bytes of all headers together.
    /// @peer    431
    /// @counter http_requests_refused
    std::size_t maximum_header_bytes = 32 * 1024;
    /// How many headers.
    /// @peer    431
    /// @counter http_requests_refused
    std::size_t maximum_header_count = 100;
    /// Bytes of a body for the user's routes.
    /// @peer    413
    /// @counter http_requests_refused
    std::size_t maximum_body = 30'000'000;
    /// From the first byte of a request to its last header.
    /// @peer    408, then close
    /// @counter http_requests_refused
    std::chrono::milliseconds header_timeout{30'000};
    /// Between two requests of a connection.
    /// @peer    close
    /// @counter none, for it is no refusal
    std::chrono::milliseconds idle_timeout{130'000};
    /// Bytes a second that a client sends of a body at least. 0: any rate will do.
    /// @peer    408, then close
    /// @counter http_requests_refused
    std::size_t minimum_body_rate = 240;
    /// Bytes a second that a client takes of an answer at least. 0: any rate will do.
    /// @peer    close
    /// @counter slow_readers_closed
    std::size_t minimum_response_rate = 240;
    /// What every body and answer may take, however slow.
    /// @peer    nothing: from then on the rates count
    /// @counter none
    std::chrono::milliseconds rate_grace{5'000};
    /// The longest time without a byte of a body or an answer, however fast it was before.
    /// @peer    408, then close, for a body; close for an answer
    /// @counter http_requests_refused, slow_readers_closed
    std::chrono::milliseconds stall_timeout{30'000};
    /// Open sockets of the whole server.
    /// @peer    one more is closed at once
    /// @counter sockets_refused
    std::size_t maximum_sockets = 10'000;
    /// Open sockets of one address, or of one /64 of IPv6. Not for trusted proxies, unix sockets and this machine.
    /// @peer    one more is closed at once
    /// @counter sockets_refused
    std::size_t maximum_sockets_per_address = 1'000;
};

}  // namespace asignalr
