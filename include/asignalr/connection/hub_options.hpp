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

    /// From the opened transport to the client's handshake: error reply, then close.
    std::chrono::milliseconds handshake_timeout{15'000};
    /// How often a ping is sent.
    std::chrono::milliseconds keep_alive_interval{15'000};
    /// A client that pinged once and then stays silent this long is closed.
    std::chrono::milliseconds client_timeout{30'000};
    /// From negotiate to the opened transport, and between two polls of long polling: the connection is gone.
    std::chrono::milliseconds disconnect_timeout{15'000};
    /// How long a poll of long polling waits for something to say: then it is answered empty, and the client polls again.
    std::chrono::milliseconds poll_timeout{90'000};
    /// A client that takes none of the bytes waiting for it for this long is dropped.
    std::chrono::milliseconds write_deadline{10'000};
    /// After a Close frame was sent: how long the client may take to answer it.
    std::chrono::milliseconds close_timeout{5'000};

    /// The longest hub message a client may send, in bytes with its separator: Close with an error. Empty: no limit.
    std::optional<std::size_t> maximum_receive_message_size = 32 * 1024;
    /// Bytes of one POST of Server-Sent Events or long polling, whatever number of messages it brings: 413.
    std::size_t maximum_post_size = 30'000'000;
    /// The longest handshake, in bytes: error reply, then close.
    std::size_t maximum_handshake_size = 4 * 1024;
    /// Values (numbers, texts, lists, members, ...) in one message: Close with an error.
    std::size_t maximum_values_per_message = 16 * 1024;
    /// Plain calls of one connection that run at a time. Streams and calls with uploads do not count.
    std::size_t maximum_parallel_invocations = 1;
    /// Plain calls of one connection that wait for a running one while reading goes on; with more, the client is not read.
    std::size_t maximum_waiting_invocations = 16;
    /// Items of one upload that wait for the method; with more, the client is not read.
    std::size_t stream_buffer_capacity = 10;
    /// Streams from the server that one connection may have open: an error completion.
    std::size_t maximum_streams = 100;
    /// Uploads that one connection may have open: an error completion.
    std::size_t maximum_uploads = 100;
    /// Bytes that may wait for a client that reads slowly; one more message closes the connection.
    std::size_t maximum_outbox = 1024 * 1024;
    /// Bytes of a group's name: `groups().add` throws.
    std::size_t maximum_group_name = 256;
    /// Groups of one connection: `groups().add` throws.
    std::size_t maximum_groups = 1000;
    /// Connections of this hub that may exist at a time, negotiated ones included: 503. Each lane takes its share, rounded up.
    std::size_t maximum_connections = 20'000;

    /// Origins (`https://example.com`) whose pages may connect besides the server's own.
    std::vector<std::string> allowed_origins = {};
};

}  // namespace asignalr
