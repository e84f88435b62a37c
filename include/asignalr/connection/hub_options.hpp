// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/transport/transport_types.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace asignalr {

/// How long a hub object lives.
enum class hub_lifetime {
    connection,  ///< One object for each connection, from its handshake to the end of its last call.
    invocation,  ///< A new object for each call, and for `on_connected` and `on_disconnected`, as in ASP.NET Core.
};

/// The encodings that clients may choose from.
struct hub_protocols {
    bool json = true;         ///< Texts.
    bool messagepack = true;  ///< Binary: smaller, and cheaper to read and write.
};

/// Options of one hub. The defaults are ASP.NET Core's where it has the option.
///
/// `@peer` tells what a client gets that meets a limit, `@counter` which member of `statistics` counts it: docs/limits.md is made of them.
struct hub_options {
    /// Whether a client is told type and text of an exception that is no `hub_error`.
    bool detailed_errors = false;
    /// How long a hub object lives.
    hub_lifetime lifetime = hub_lifetime::connection;
    /// The transports that negotiate offers; others are answered with 404.
    transport_types transports = transport_types::all;
    /// Whether field names of structs travel in camelCase instead of as written.
    /// It concerns JSON alone; in MessagePack names travel as written, as in ASP.NET Core.
    bool camel_case_names = false;
    /// Whether a client may write field names of structs in another case (of ASCII letters), as ASP.NET Core lets it by default. Like
    /// `camel_case_names` it concerns JSON alone.
    bool ignore_case_of_names = true;
    /// The encodings that clients may choose from; others are refused in the handshake.
    hub_protocols protocols = {};

    /// From the opened transport to the client's handshake.
    /// @peer    an error as answer to its handshake, then close
    /// @counter handshakes_failed
    std::chrono::milliseconds handshake_timeout{15'000};
    /// How often a ping is sent.
    /// @peer    a ping so often
    /// @counter none
    std::chrono::milliseconds keep_alive_interval{15'000};
    /// How long a client that pinged once may be silent.
    /// @peer    Close with an error
    /// @counter client_timeouts
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

    /// Bytes of the longest hub message a client may send, its separator or length included. Empty: no limit.
    /// @peer    Close with an error
    /// @counter oversized_messages
    std::optional<std::size_t> maximum_receive_message_size = 32 * 1024;
    /// Bytes of one POST of Server-Sent Events or long polling, whatever number of messages it brings.
    /// @peer    413
    /// @counter http_requests_refused
    std::size_t maximum_post_size = 30'000'000;
    /// Bytes that a client may post to a connection for which it has opened no transport yet.
    /// @peer    413
    /// @counter http_requests_refused
    std::size_t maximum_early_post = 4 * 1024;
    /// Bytes of the longest handshake.
    /// @peer    an error as answer to its handshake, then close
    /// @counter handshakes_failed
    std::size_t maximum_handshake_size = 4 * 1024;
    /// Values (numbers, texts, lists, members, ...) in one message.
    /// @peer    Close with an error
    /// @counter malformed_messages
    std::size_t maximum_values_per_message = 16 * 1024;
    /// Plain calls of one connection that run at a time. Streams and calls with uploads do not count.
    /// @peer    the next call waits
    /// @counter none
    std::size_t maximum_parallel_invocations = 1;
    /// Plain calls of one connection that wait for a running one while reading goes on.
    /// @peer    it is not read until a call ends
    /// @counter reading_paused
    std::size_t maximum_waiting_invocations = 16;
    /// Items of one upload that wait for the method.
    /// @peer    it is not read until the method takes one
    /// @counter reading_paused
    std::size_t stream_buffer_capacity = 10;
    /// Streams from the server that one connection may have open.
    /// @peer    an error for that call
    /// @counter streams_refused
    std::size_t maximum_streams = 100;
    /// Uploads that one connection may have open.
    /// @peer    an error for that call
    /// @counter streams_refused
    std::size_t maximum_uploads = 100;
    /// Bytes that may wait for a client that reads slowly.
    /// @peer    its connection is dropped with the next message
    /// @counter outboxes_overflowed
    std::size_t maximum_outbox = 1024 * 1024;
    /// Bytes of a group's name.
    /// @peer    an error for that call: `groups().add` throws `hub_error`
    /// @counter groups_refused
    std::size_t maximum_group_name = 256;
    /// Groups of one connection.
    /// @peer    an error for that call: `groups().add` throws `hub_error`
    /// @counter groups_refused
    std::size_t maximum_groups = 1000;
    /// Connections of this hub that may exist at a time, negotiated ones included. Each lane takes its share, rounded up.
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

}  // namespace asignalr
