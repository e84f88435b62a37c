// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/log/statistics.hpp>

#include <atomic>
#include <cstdint>

namespace asignalr::detail {

/// A number that one lane writes and every thread may read; no locked instruction on the writer's side.
class counter {
public:
    void add(std::uint64_t by = 1) noexcept { set(get() + by); }
    void subtract(std::uint64_t by = 1) noexcept { set(get() - by); }
    std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }

    std::atomic<std::uint64_t> value_{0};
};

/// One lane's share of `statistics`, member for member.
struct counters {
    counter sockets, connections, connections_started, connections_ended, running_invocations, queued_bytes;
    counter invocations, failed_invocations, messages_received, messages_sent, serializations, writes, lane_posts;
    counter http_requests_refused, slow_readers_closed, origins_refused, handshakes_failed, oversized_messages, malformed_messages;
    counter client_timeouts, outboxes_overflowed, streams_refused, groups_refused, sockets_refused;
    counter negotiations_refused, sends_failed, reading_paused, out_of_memory;

    /// Adds this lane's numbers to `sum`; idle runners are the runtime's to tell.
    void add_to(statistics& sum) const noexcept;
};

}  // namespace asignalr::detail
