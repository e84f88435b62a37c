// SPDX-License-Identifier: MIT
#include "connection/option_checks.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace asignalr::detail {
namespace {

/// What is said of options.
std::string refusal_of(const hub_options& options) {
    try {
        check_options(options);
    } catch (const std::logic_error& error) {
        return error.what();
    }
    return "";
}

TEST(option_checks, defaults_and_what_merely_forbids_something_are_fine) {
    EXPECT_EQ(refusal_of({}), "");
    EXPECT_EQ(refusal_of({.maximum_receive_message_size = std::nullopt, .maximum_waiting_invocations = 0, .maximum_streams = 0,
                          .maximum_uploads = 0, .maximum_groups = 0}),
              "");
}

TEST(option_checks, options_that_nobody_could_be_served_with_are_named) {
    using std::chrono::milliseconds;
    const std::pair<hub_options, const char*> rows[]{
        {{.handshake_timeout = milliseconds(0)}, "handshake_timeout"},
        {{.keep_alive_interval = milliseconds(-1)}, "keep_alive_interval"},
        {{.client_timeout = milliseconds(0)}, "client_timeout"},
        {{.disconnect_timeout = milliseconds(0)}, "disconnect_timeout"},
        {{.poll_timeout = milliseconds(0)}, "poll_timeout"},
        {{.write_deadline = milliseconds(0)}, "write_deadline"},
        {{.close_timeout = milliseconds(0)}, "close_timeout"},
        {{.maximum_receive_message_size = 0}, "maximum_receive_message_size"},
        {{.maximum_post_size = 0}, "maximum_post_size"},
        {{.maximum_handshake_size = 0}, "maximum_handshake_size"},
        {{.maximum_values_per_message = 0}, "maximum_values_per_message"},
        {{.maximum_parallel_invocations = 0}, "maximum_parallel_invocations"},
        {{.stream_buffer_capacity = 0}, "stream_buffer_capacity"},
        {{.maximum_outbox = 0}, "maximum_outbox"},
    };
    for (const auto& [options, name] : rows)
        EXPECT_EQ(refusal_of(options), "asignalr: hub_options::" + std::string(name) + " must be greater than zero");
}

}  // namespace
}  // namespace asignalr::detail
