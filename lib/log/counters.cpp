// SPDX-License-Identifier: MIT
#include "log/counters.hpp"

namespace asignalr::detail {

void counters::add_to(statistics& sum) const noexcept {
    sum.sockets += sockets.get();
    sum.connections += connections.get();
    sum.connections_started += connections_started.get();
    sum.connections_ended += connections_ended.get();
    sum.running_invocations += running_invocations.get();
    sum.queued_bytes += queued_bytes.get();
    sum.invocations += invocations.get();
    sum.failed_invocations += failed_invocations.get();
    sum.messages_received += messages_received.get();
    sum.messages_sent += messages_sent.get();
    sum.serializations += serializations.get();
    sum.writes += writes.get();
    sum.lane_posts += lane_posts.get();
    sum.http_requests_refused += http_requests_refused.get();
    sum.slow_readers_closed += slow_readers_closed.get();
    sum.origins_refused += origins_refused.get();
    sum.handshakes_failed += handshakes_failed.get();
    sum.oversized_messages += oversized_messages.get();
    sum.malformed_messages += malformed_messages.get();
    sum.client_timeouts += client_timeouts.get();
    sum.outboxes_overflowed += outboxes_overflowed.get();
    sum.streams_refused += streams_refused.get();
    sum.groups_refused += groups_refused.get();
    sum.sockets_refused += sockets_refused.get();
    sum.negotiations_refused += negotiations_refused.get();
    sum.sends_failed += sends_failed.get();
    sum.reading_paused += reading_paused.get();
    sum.out_of_memory += out_of_memory.get();
}

}  // namespace asignalr::detail
