// SPDX-License-Identifier: MIT
#include "connection/option_checks.hpp"

#include <stdexcept>
#include <string>

namespace asignalr::detail {
namespace {

template <class Value>
void check_positive(const char* option, Value value) {
    if (!(value > Value{})) throw std::logic_error("asignalr: hub_options::" + std::string(option) + " must be greater than zero");
}

}  // namespace

void check_options(const hub_options& options) {
    check_positive("handshake_timeout", options.handshake_timeout);
    check_positive("keep_alive_interval", options.keep_alive_interval);
    check_positive("client_timeout", options.client_timeout);
    check_positive("disconnect_timeout", options.disconnect_timeout);
    check_positive("poll_timeout", options.poll_timeout);
    check_positive("write_deadline", options.write_deadline);
    check_positive("close_timeout", options.close_timeout);
    check_positive("maximum_receive_message_size", options.maximum_receive_message_size.value_or(1));
    check_positive("maximum_post_size", options.maximum_post_size);
    check_positive("maximum_handshake_size", options.maximum_handshake_size);
    check_positive("maximum_values_per_message", options.maximum_values_per_message);
    check_positive("maximum_parallel_invocations", options.maximum_parallel_invocations);
    check_positive("stream_buffer_capacity", options.stream_buffer_capacity);
    check_positive("maximum_outbox", options.maximum_outbox);
}

}  // namespace asignalr::detail
