// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace asignalr {

/// What a server has done and what it holds right now, summed over its lanes.
///
/// Each limit that a peer can meet has a counter here; docs/limits.md names the option of each.
struct statistics {
    std::uint64_t sockets = 0;              ///< Open sockets, upgraded ones included.
    std::uint64_t connections = 0;          ///< SignalR connections that are known, from negotiate to the end.
    std::uint64_t connections_started = 0;  ///< Connections that completed the hub handshake.
    std::uint64_t connections_ended = 0;    ///< Of those, how many are gone.
    std::uint64_t running_invocations = 0;  ///< Hub calls that were started and have not ended, streams included.
    std::uint64_t idle_runners = 0;         ///< Coroutines that wait for a hub call.
    std::uint64_t queued_bytes = 0;         ///< Bytes that wait for slow readers.

    std::uint64_t invocations = 0;        ///< Hub calls that were started.
    std::uint64_t failed_invocations = 0; ///< Hub calls that ended with an exception.
    std::uint64_t messages_received = 0;  ///< Hub messages that arrived.
    std::uint64_t messages_sent = 0;      ///< Hub messages that were handed to a connection.
    std::uint64_t serializations = 0;     ///< How often a hub message was serialised for sending.
    std::uint64_t writes = 0;             ///< System calls that sent bytes of hub messages.
    std::uint64_t lane_posts = 0;         ///< How often one lane gave another one something to send.

    std::uint64_t http_requests_refused = 0;    ///< Requests answered with 4xx or 5xx by the HTTP parser or its limits.
    std::uint64_t slow_readers_closed = 0;      ///< Connections closed because the client took an answer too slowly.
    std::uint64_t origins_refused = 0;          ///< Requests of a foreign origin.
    std::uint64_t handshakes_failed = 0;        ///< Hub handshakes that timed out or were wrong.
    std::uint64_t oversized_messages = 0;       ///< Messages over `maximum_receive_message_size`.
    std::uint64_t malformed_messages = 0;       ///< Messages or frames that broke the protocol.
    std::uint64_t client_timeouts = 0;          ///< Connections closed because the client fell silent.
    std::uint64_t outboxes_overflowed = 0;      ///< Connections closed because the client did not read.
    std::uint64_t streams_refused = 0;          ///< Streams and uploads over the limit of a connection.
    std::uint64_t groups_refused = 0;           ///< Joins refused for the length of the name or the number of groups.
    std::uint64_t sockets_refused = 0;          ///< Sockets refused because `maximum_sockets` or `maximum_sockets_per_address` was reached.
    std::uint64_t negotiations_refused = 0;     ///< Connections refused because `maximum_connections` was reached.
    std::uint64_t sends_failed = 0;             ///< Messages that could not be serialised.
    std::uint64_t reading_paused = 0;           ///< How often a connection was not read because it had too much waiting.
    std::uint64_t out_of_memory = 0;            ///< How often memory ran out for the server itself, which closed a connection then.
};

}  // namespace asignalr
