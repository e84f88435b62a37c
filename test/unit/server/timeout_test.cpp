// SPDX-License-Identifier: MIT
#include "server_fixture.hpp"

namespace asignalr::detail {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Each connection is looked at once a second at least: a timeout may be that much late, and never early.
constexpr seconds one_round{1};

class timeout_test : public server_fixture {};

// S21
TEST_F(timeout_test, who_does_not_shake_hands_is_told_and_closed) {
    start();
    raw_client silent = connect_websocket();
    pass(milliseconds(14'750));
    settle(silent);
    EXPECT_EQ(silent.take_messages(), "");
    pass(milliseconds(250) + one_round);
    settle(silent);
    EXPECT_EQ(silent.take_messages(), "{\"error\":\"Handshake was canceled.\"}\n");
    EXPECT_EQ(silent.close_code, 1000u);
    EXPECT_EQ(count().handshakes_failed, 1u);
    pass(seconds(5) + one_round);
    settle(silent);
    EXPECT_TRUE(silent.is_over());
    EXPECT_TRUE(world_->events.empty());
    expect_nothing_left();
}

// S21
TEST_F(timeout_test, a_byte_a_second_does_not_prolong_the_handshake) {
    start();
    raw_client slow = connect_websocket();
    const std::string bytes = client_frame(json_handshake);
    for (std::size_t at = 0; at < 16; ++at) {
        slow.write(std::string_view(bytes).substr(at, 1));
        pass(seconds(1));
    }
    settle(slow);
    EXPECT_EQ(slow.take_messages(), "{\"error\":\"Handshake was canceled.\"}\n");
}

TEST_F(timeout_test, short_times_are_kept_to_a_tick) {
    start({.handshake_timeout = seconds(1)});
    raw_client silent = connect_websocket();
    pass(milliseconds(750));
    settle(silent);
    EXPECT_EQ(silent.take_messages(), "");
    pass(milliseconds(250));
    settle(silent);
    EXPECT_EQ(silent.take_messages(), "{\"error\":\"Handshake was canceled.\"}\n");
    ASSERT_EQ(log_->important.size(), 1u);
    EXPECT_NE(log_->important[0].find("hub_options::handshake_timeout"), std::string::npos) << log_->important[0];
}

TEST_F(timeout_test, what_was_negotiated_and_not_opened_is_forgotten) {
    start();
    const std::string token = text_member(negotiate(), "connectionToken");
    ASSERT_EQ(token.size(), 22u);
    EXPECT_EQ(count().connections, 1u);
    pass(seconds(14));
    EXPECT_EQ(count().connections, 1u);
    pass(seconds(1) + one_round);
    EXPECT_EQ(count().connections, 0u);
    EXPECT_TRUE(request(upgrade_request("/hub?id=" + token)).starts_with("HTTP/1.1 404 "));
}

TEST_F(timeout_test, pings_are_sent_while_nothing_else_is) {
    start();
    raw_client client = connect_hub();
    pass(milliseconds(15'000));
    settle(client);
    EXPECT_EQ(client.pings, 0u);
    pass(one_round);
    settle(client);
    EXPECT_EQ(client.pings, 1u);
    pass(3 * seconds(16));
    settle(client);
    EXPECT_GE(client.pings, 3u);
    EXPECT_LE(client.pings, 4u);
}

TEST_F(timeout_test, a_client_that_pinged_and_fell_silent_is_closed) {
    start();
    raw_client client = connect_hub();
    raw_client other = connect_hub();
    client.send("{\"type\":6}");
    settle(client);
    pass(seconds(30));
    settle(client);
    EXPECT_EQ(client.take_messages(), "");
    pass(one_round + milliseconds(250));
    settle(client);
    EXPECT_EQ(client.take_messages(), "{\"type\":7,\"error\":\"Connection closed with an error.\",\"allowReconnect\":true}\n");
    EXPECT_EQ(count().client_timeouts, 1u);
    EXPECT_EQ(world_->times("disconnected:Client hasn't sent a message/ping within the configured ClientTimeoutInterval."), 1u);
    EXPECT_EQ(call(other, "Add", "1,2"), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n");
}

TEST_F(timeout_test, any_message_keeps_a_client_and_one_that_never_pinged_may_be_silent) {
    start();
    raw_client busy = connect_hub();
    raw_client silent = connect_hub();
    busy.send("{\"type\":6}");
    for (int round = 0; round < 10; ++round) {
        pass(seconds(20));
        EXPECT_EQ(call(busy, "Add", "1,2"), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n");
    }
    EXPECT_EQ(call(silent, "Add", "1,2"), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n");
    EXPECT_EQ(count().client_timeouts, 0u);
}

// A client that may not be read cannot be silent.
TEST_F(timeout_test, a_client_that_is_not_read_is_not_timed_out) {
    start({.maximum_waiting_invocations = 0});
    raw_client client = connect_hub();
    client.send("{\"type\":6}");
    client.send(invocation_message("1", "Wait", "\"a\""));
    client.send(invocation_message("2", "Echo", "\"b\""));
    settle(client);
    EXPECT_EQ(count().reading_paused, 1u);
    pass(seconds(60));
    world_->open_gate();
    settle(client);
    EXPECT_EQ(
        client.take_messages(),
        "{\"type\":3,\"invocationId\":\"1\",\"result\":\"a\"}\n{\"type\":3,\"invocationId\":\"2\",\"result\":\"b\"}\n");
    EXPECT_EQ(count().client_timeouts, 0u);
}

// S29
TEST_F(timeout_test, a_client_that_takes_nothing_is_dropped) {
    start();
    raw_client blocked = connect_hub(1024);
    blocked.send(invocation_message("", "Fill", "50000"));
    run();
    pass(seconds(9));
    EXPECT_EQ(count().sockets, 1u);
    pass(seconds(1) + 2 * one_round);
    EXPECT_EQ(count().outboxes_overflowed, 1u);
    ASSERT_EQ(log_->important.size(), 1u);
    EXPECT_NE(log_->important[0].find("hub_options::write_deadline"), std::string::npos) << log_->important[0];
    EXPECT_EQ(world_->times("disconnected:The client does not read what it is sent."), 1u);
    blocked.leave();
    run();
    expect_nothing_left();
}

// S29
TEST_F(timeout_test, what_is_added_meanwhile_does_not_count_as_taken) {
    start();
    raw_client blocked = connect_hub(1024);
    raw_client other = connect_hub();
    blocked.send(invocation_message("", "Fill", "50000"));
    run();
    for (int second = 0; second < 13; ++second) {
        other.send(invocation_message("", "Say", "\"all\",[],\"news\""));
        blocked.write(client_frame("are you there", 0x89));
        run();
        pass(seconds(1));
    }
    EXPECT_EQ(count().outboxes_overflowed, 1u);
    EXPECT_EQ(count().connections, 1u);
}

// S29
TEST_F(timeout_test, a_client_that_takes_a_little_is_kept) {
    start();
    raw_client slow = connect_hub(1024);
    slow.send(invocation_message("", "Fill", "20000"));
    for (std::size_t round = 0; round < 20; ++round) {
        run();
        slow.read();
        pass(seconds(5));
    }
    settle(slow);
    EXPECT_EQ(count().outboxes_overflowed, 0u);
    EXPECT_EQ(slow.messages.size(), 1u);
}

TEST_F(timeout_test, a_close_that_is_not_answered_ends_after_its_time) {
    start();
    raw_client client = connect_hub();
    EXPECT_EQ(call(client, "Abort"), "{\"type\":7}\n");
    EXPECT_EQ(client.close_code, 1000u);
    EXPECT_FALSE(client.is_over());
    EXPECT_EQ(world_->times("disconnected:"), 1u);
    pass(milliseconds(4'750));
    settle(client);
    EXPECT_FALSE(client.is_over());
    pass(milliseconds(250) + one_round);
    settle(client);
    EXPECT_TRUE(client.is_over());
    expect_nothing_left();
}

TEST_F(timeout_test, a_method_over_its_deadline_is_cancelled_and_answered) {
    start({.detailed_errors = true});
    raw_client client = connect_hub();
    EXPECT_EQ(call(client, "WaitASecond", "\"x\""), "");
    pass(milliseconds(750));
    settle(client);
    EXPECT_EQ(client.take_messages(), "");
    pass(milliseconds(250));
    settle(client);
    EXPECT_EQ(
        client.take_messages(),
        "{\"type\":3,\"invocationId\":\"1\",\"error\":\"An unexpected error occurred invoking 'WaitASecond' on the "
        "server. TimeoutException: The deadline of the method has passed.\"}\n");
    EXPECT_EQ(world_->times("left:x"), 1u);
    EXPECT_EQ(count().running_invocations, 0u);
}

TEST_F(timeout_test, a_method_within_its_deadline_leaves_no_timer) {
    start();
    raw_client client = connect_hub();
    EXPECT_EQ(call(client, "WaitASecond", "\"x\""), "");
    world_->open_gate();
    settle(client);
    EXPECT_EQ(client.take_messages(), "{\"type\":3,\"invocationId\":\"1\",\"result\":\"x\"}\n");
    pass(seconds(2));
    EXPECT_EQ(call(client, "Add", "1,2"), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n");
    client.leave();
    run();
    expect_nothing_left();
}

TEST_F(timeout_test, the_sweep_stops_when_nothing_is_armed) {
    start();
    EXPECT_TRUE(lane_->sweep().empty());
    raw_client client = connect_hub();
    EXPECT_FALSE(lane_->sweep().empty());
    client.leave();
    run();
    EXPECT_TRUE(lane_->sweep().empty());
    negotiate();
    EXPECT_FALSE(lane_->sweep().empty());
    pass(seconds(140));
    EXPECT_TRUE(lane_->sweep().empty());
}

}  // namespace
}  // namespace asignalr::detail
