// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/net/http.hpp>
#include <asignalr/runtime/task.hpp>
#include <asignalr/transport/transport_types.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr {

namespace detail {
class raw_session;
}

/// Options of a handler of raw connections. The defaults are ASP.NET Core's where it has the option.
///
/// `@peer` tells what a client gets that meets a limit, `@counter` which member of `statistics` counts it: docs/limits.md is made of them.
struct raw_connection_options {
    /// The transports that negotiate offers; others are answered with 404.
    transport_types transports = transport_types::all;
    /// Whether WebSocket messages to the client are binary; Server-Sent Events carry text only.
    bool binary = false;

    /// How long the client's system may leave sent bytes unacknowledged.
    /// @peer    close
    /// @counter none
    std::chrono::milliseconds client_timeout{30'000};
    /// From negotiate to the opened transport, and between two polls of long polling.
    /// @peer    404: the connection is gone
    /// @counter none
    std::chrono::milliseconds disconnect_timeout{15'000};
    /// How long a poll of long polling waits for something to say.
    /// @peer    an empty answer; then it polls again
    /// @counter none
    std::chrono::milliseconds poll_timeout{90'000};
    /// How long a client may take none of the bytes that wait for it.
    /// @peer    its connection is dropped
    /// @counter outboxes_overflowed
    std::chrono::milliseconds write_deadline{10'000};
    /// After a Close frame was sent: how long the client may take to answer it.
    /// @peer    close
    /// @counter none
    std::chrono::milliseconds close_timeout{5'000};

    /// Bytes that may wait for the handler to read them.
    /// @peer    it is not read until the handler reads
    /// @counter reading_paused
    std::size_t maximum_unread = 64 * 1024;
    /// Bytes that may wait for a client that reads slowly.
    /// @peer    its connection is dropped with the next write
    /// @counter outboxes_overflowed
    std::size_t maximum_outbox = 1024 * 1024;
    /// Bytes of one POST of Server-Sent Events or long polling.
    /// @peer    413
    /// @counter http_requests_refused
    std::size_t maximum_post_size = 30'000'000;
    /// Bytes that a client may post to a connection for which it has opened no transport yet.
    /// @peer    413
    /// @counter http_requests_refused
    std::size_t maximum_early_post = 4 * 1024;
    /// Connections of this handler that may exist at a time, negotiated ones included. Each lane takes its share, rounded up.
    /// @peer    503 to negotiate, and to a connection that skips it
    /// @counter negotiations_refused
    std::size_t maximum_connections = 20'000;
    /// Connections of one address, or of one /64 of IPv6, negotiated ones included. Not for trusted proxies, unix sockets and this machine.
    /// @peer    503 to negotiate, and to a connection that skips it
    /// @counter negotiations_refused
    std::size_t maximum_connections_per_address = 1'000;

    /// Origins (`https://example.com`) whose pages may connect besides the server's own.
    std::vector<std::string> allowed_origins = {};
};

/// Bytes to and from one client, over whatever transport it came by: what stands below hubs.
///
/// A handle; copies mean the same connection, and keep what is known of it. On the connection's lane only, which is where its
/// handler runs. Neither side's messages keep their boundaries: a transport may join and divide them.
class ASIGNALR_API raw_connection {
public:
    /// The public id: 22 characters.
    std::string_view id() const noexcept;
    /// The request that opened the transport.
    const http_request& request() const noexcept;
    /// `WebSockets`, `ServerSentEvents` or `LongPolling`.
    std::string_view transport_name() const noexcept;

    /// Waits for the next bytes: all that have arrived. Empty: the client has ended the connection, or is lost.
    ///
    /// One at a time. Cancellation: terminal, throws `asio::error::operation_aborted`.
    task<std::optional<std::string>> read();

    /// Sends bytes, and waits while more than half of `maximum_outbox` waits for the client.
    ///
    /// The bytes are on their way before it waits. Cancellation: terminal.
    /// @throws std::system_error with errc::connection_closed when the connection is over
    task<void> write(std::string bytes);

    /// Ends the connection at once. The handler learns of it from read() and write().
    void abort();

private:
    friend class detail::raw_session;
    explicit raw_connection(std::shared_ptr<detail::raw_session> session) noexcept : session_(std::move(session)) {}

    std::shared_ptr<detail::raw_session> session_;
};

/// Serves one raw connection. When it returns, the connection ends in order; when it throws, a WebSocket ends with 1011. Cancelled
/// at the deadline of a server that stops.
using raw_connection_handler = std::function<task<void>(raw_connection)>;

}  // namespace asignalr
