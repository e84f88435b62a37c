// SPDX-License-Identifier: MIT
#include "server_fixture.hpp"

namespace asignalr::detail {
namespace {

constexpr std::string_view sum_is_3 = "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n";
constexpr std::string_view closed_with_an_error =
    "{\"type\":7,\"error\":\"Connection closed with an error.\",\"allowReconnect\":true}\n";

/// Each limit: what the peer sees, what is counted, and that somebody else is served on.
class limits_test : public server_fixture {
protected:
    /// An invocation of Echo that is `size` bytes long with its separator.
    static std::string message_of(std::size_t size) {
        const std::size_t around = invocation_message("1", "Echo", "\"\"").size() + 1;
        return invocation_message("1", "Echo", "\"" + std::string(size - around, 'x') + "\"");
    }
};

// S24
TEST_F(limits_test, maximum_receive_message_size_is_exact) {
    start({.maximum_receive_message_size = 1000});
    for (const std::size_t size : {999u, 1000u}) {
        raw_client client = connect_hub();
        EXPECT_NE(ask(client, message_of(size)).find("\"result\":\"xxx"), std::string::npos) << size;
    }
    EXPECT_EQ(count().oversized_messages, 0u);
    raw_client client = connect_hub();
    EXPECT_EQ(ask(client, message_of(1001)), closed_with_an_error);
    EXPECT_EQ(client.close_code, 1000u);
    EXPECT_EQ(count().oversized_messages, 1u);
    expect_others_are_served();
}

// S24
TEST_F(limits_test, an_oversized_message_is_explained_under_detailed_errors) {
    start({.detailed_errors = true, .maximum_receive_message_size = 1000});
    raw_client client = connect_hub();
    EXPECT_EQ(
        ask(client, message_of(1001)),
        "{\"type\":7,\"error\":\"Connection closed with an error. InvalidDataException: The maximum message size of 1000B was "
        "exceeded. The message size can be configured in AddHubOptions.\",\"allowReconnect\":true}\n");
}

// S24
TEST_F(limits_test, a_message_without_end_is_refused_as_soon_as_it_is_too_long) {
    start();
    for (const bool in_one_frame : {true, false}) {
        raw_client client = connect_hub();
        if (in_one_frame)
            client.write(client_frame(std::string(33'000, 'x')));
        else
            for (int frame = 0; frame < 33; ++frame)
                client.write(client_frame(std::string(1000, 'x'), frame == 0 ? 0x01 : 0x00));
        settle(client);
        EXPECT_EQ(client.take_messages(), closed_with_an_error);
    }
    EXPECT_EQ(count().oversized_messages, 2u);
    expect_others_are_served();
}

TEST_F(limits_test, no_message_limit_takes_large_messages) {
    start({.maximum_receive_message_size = std::nullopt});
    raw_client client = connect_hub(1024 * 1024);
    EXPECT_EQ(ask(client, message_of(300'000)).size(), 300'000 - invocation_message("1", "Echo", "\"\"").size() +
                                                           std::string_view("{\"type\":3,\"invocationId\":\"1\",\"result\":\"\"}").size());
}

// S21
TEST_F(limits_test, maximum_handshake_size_is_exact) {
    start();
    const auto handshake_of = [](std::size_t size) {
        std::string text(json_handshake.substr(0, json_handshake.size() - 2));
        text += ",\"padding\":\"";
        text += std::string(size - text.size() - 3, 'x');
        return text + "\"}" + record_end;
    };
    raw_client fits = connect_websocket();
    fits.write(client_frame(handshake_of(4096)));
    settle(fits);
    EXPECT_EQ(fits.take_messages(), "{}\n");
    for (const std::string& bytes : {handshake_of(4097), std::string(1024 * 1024, 'x'), std::string(4097, 'x')}) {
        raw_client client = connect_websocket();
        client.write(client_frame(bytes));
        settle(client);
        EXPECT_EQ(client.take_messages(), "{\"error\":\"Handshake was canceled.\"}\n");
        EXPECT_EQ(client.close_code, 1000u);
    }
    EXPECT_EQ(count().handshakes_failed, 3u);
    EXPECT_TRUE(log_names("hub_options::maximum_handshake_size"));
    expect_others_are_served();
}

TEST_F(limits_test, maximum_values_per_message_closes) {
    start({.maximum_values_per_message = 100});
    raw_client client = connect_hub();
    std::string many = "0";
    for (int number = 1; number < 200; ++number)
        many += ",0";
    EXPECT_EQ(call(client, "Echo", "[" + many + "]"), closed_with_an_error);
    EXPECT_EQ(count().malformed_messages, 1u);
    expect_others_are_served();
}

TEST_F(limits_test, maximum_group_name_and_maximum_groups_fail_the_call) {
    start({.maximum_group_name = 4, .maximum_groups = 2});
    raw_client client = connect_hub();
    const std::string joined = "{\"type\":3,\"invocationId\":\"1\",\"result\":null}\n";
    const auto refused = [](std::string_view text) {
        return "{\"type\":3,\"invocationId\":\"1\",\"error\":\"An unexpected error occurred invoking 'Join' on the server. "
               "HubException: " + std::string(text) + "\"}\n";
    };
    EXPECT_EQ(call(client, "Join", "\"four\""), joined);
    EXPECT_EQ(call(client, "Join", "\"five5\""), refused("The name of the group is too long."));
    EXPECT_EQ(call(client, "Join", "\"two\""), joined);
    EXPECT_EQ(call(client, "Join", "\"two\""), joined);
    EXPECT_EQ(call(client, "Join", "\"more\""), refused("The connection is in too many groups."));
    EXPECT_EQ(count().groups_refused, 2u);
    EXPECT_EQ(call(client, "Leave", "\"two\""), joined);
    EXPECT_EQ(call(client, "Join", "\"more\""), joined);
}

// S29
TEST_F(limits_test, maximum_outbox_drops_who_does_not_read) {
    start({.maximum_outbox = 2000});
    raw_client other = connect_hub();
    raw_client blocked = connect_hub(1024);
    blocked.send(invocation_message("", "Fill", "50000"));  // one large answer always passes
    run();
    EXPECT_EQ(count().outboxes_overflowed, 0u);
    EXPECT_GT(count().sockets, 1u);
    other.send(invocation_message("", "Say", "\"all\",[],\"text\""));
    settle(other);
    EXPECT_EQ(other.take_messages(), "{\"type\":1,\"target\":\"heard\",\"arguments\":[\"text\"]}\n");
    EXPECT_EQ(count().outboxes_overflowed, 1u);
    EXPECT_TRUE(log_names("hub_options::maximum_outbox"));
    EXPECT_EQ(count().sockets, 1u);
    EXPECT_EQ(world_->times("disconnected:The client does not read what it is sent."), 1u);
    EXPECT_EQ(count().queued_bytes, 0u);
    expect_others_are_served();
}

// S38
TEST_F(limits_test, maximum_streams_refuses_the_next_one) {
    start({.maximum_streams = 2});
    raw_client client = connect_hub();
    for (const std::string_view id : {"a", "b", "c"})
        client.send(invocation_message(id, "Endless", "", 4));
    settle(client);
    EXPECT_EQ(
        client.take_messages(),
        "{\"type\":2,\"invocationId\":\"a\",\"item\":1}\n{\"type\":2,\"invocationId\":\"b\",\"item\":1}\n"
        "{\"type\":3,\"invocationId\":\"c\",\"error\":\"An unexpected error occurred invoking 'Endless' on the server. "
        "HubException: Too many streams are open.\"}\n");
    EXPECT_EQ(count().streams_refused, 1u);
    EXPECT_EQ(ask(client, cancel_message("a")), "{\"type\":3,\"invocationId\":\"a\"}\n");
    EXPECT_EQ(ask(client, invocation_message("d", "Endless", "", 4)), "{\"type\":2,\"invocationId\":\"d\",\"item\":1}\n");
    EXPECT_EQ(call(client, "Add", "1,2"), sum_is_3);
}

// S37
TEST_F(limits_test, maximum_uploads_refuses_the_next_one) {
    start({.maximum_uploads = 2});
    raw_client client = connect_hub();
    client.send(upload_invocation("1", "Sum", "a"));
    client.send(upload_invocation("2", "Sum", "b"));
    EXPECT_EQ(
        ask(client, upload_invocation("3", "Sum", "c")),
        "{\"type\":3,\"invocationId\":\"3\",\"error\":\"An unexpected error occurred invoking 'Sum' on the server. "
        "HubException: Too many uploads are open.\"}\n");
    EXPECT_EQ(count().streams_refused, 1u);
    EXPECT_EQ(ask(client, upload_end("a")), "{\"type\":3,\"invocationId\":\"1\",\"result\":0}\n");
    EXPECT_EQ(ask(client, upload_invocation("4", "Sum", "d")), "");
    EXPECT_EQ(ask(client, upload_end("d")), "{\"type\":3,\"invocationId\":\"4\",\"result\":0}\n");
}

// S37
TEST_F(limits_test, an_upload_id_in_use_is_refused_and_unknown_ones_are_ignored) {
    start();
    raw_client client = connect_hub();
    client.send(upload_invocation("1", "Sum", "a"));
    EXPECT_EQ(
        ask(client, upload_invocation("2", "Sum", "a")),
        "{\"type\":3,\"invocationId\":\"2\",\"error\":\"An unexpected error occurred invoking 'Sum' on the server. "
        "HubException: The stream id is already in use.\"}\n");
    EXPECT_EQ(ask(client, item_message("unknown", "1")), "");
    EXPECT_EQ(ask(client, upload_end("unknown")), "");
    client.send(item_message("a", "40"));
    EXPECT_EQ(ask(client, upload_end("a")), "{\"type\":3,\"invocationId\":\"1\",\"result\":40}\n");
    EXPECT_EQ(ask(client, item_message("a", "2")), "");
    EXPECT_EQ(ask(client, upload_end("a")), "");
    EXPECT_EQ(call(client, "Add", "1,2"), sum_is_3);
}

// S37
TEST_F(limits_test, stream_buffer_capacity_stops_reading_until_the_method_takes) {
    start();
    raw_client client = connect_hub();
    client.send(upload_invocation("1", "SumLater", "a"));
    for (int item = 0; item < 10; ++item)
        client.send(item_message("a", "1"));
    settle(client);
    EXPECT_EQ(count().reading_paused, 0u);
    for (int item = 0; item < 10; ++item)
        client.send(item_message("a", "1"));
    client.send(upload_end("a"));
    client.write(client_frame("seen?", 0x89));
    settle(client);
    EXPECT_EQ(count().reading_paused, 1u);
    EXPECT_TRUE(client.pongs.empty());
    world_->open_gate();
    settle(client);
    EXPECT_EQ(client.take_messages(), "{\"type\":3,\"invocationId\":\"1\",\"result\":20}\n");
    EXPECT_EQ(client.pongs.size(), 1u);
}

// S28
TEST_F(limits_test, maximum_waiting_invocations_are_held_then_reading_stops) {
    start();
    raw_client client = connect_hub();
    for (int number = 0; number < 17; ++number)
        client.send(invocation_message(std::to_string(number), "Wait", "\"w\""));
    client.write(client_frame("1", 0x89));
    settle(client);
    EXPECT_EQ(count().reading_paused, 0u);
    EXPECT_EQ(client.pongs.size(), 1u);
    EXPECT_EQ(world_->times("waits:w"), 1u);
    client.send(invocation_message("17", "Wait", "\"w\""));
    client.write(client_frame("2", 0x89));
    settle(client);
    EXPECT_EQ(count().reading_paused, 1u);
    EXPECT_EQ(client.pongs.size(), 1u);
    expect_others_are_served();
    for (int number = 0; number < 18; ++number) {
        world_->open_gate();
        settle(client);
        EXPECT_EQ(client.take_messages(), "{\"type\":3,\"invocationId\":\"" + std::to_string(number) + "\",\"result\":\"w\"}\n");
    }
    EXPECT_EQ(client.pongs.size(), 2u);
}

// S28
TEST_F(limits_test, waiting_invocations_are_held_up_to_the_bytes_of_a_message) {
    start({.maximum_receive_message_size = 1000});
    raw_client client = connect_hub();
    client.send(invocation_message("0", "Wait", "\"w\""));
    client.send(message_of(600));
    settle(client);
    EXPECT_EQ(count().reading_paused, 0u);
    client.send(message_of(600));
    settle(client);
    EXPECT_EQ(count().reading_paused, 1u);
    world_->open_gate();
    settle(client);
    EXPECT_EQ(client.messages.size(), 3u);
}

// S28: whatever is sent, no more than this is held.
TEST_F(limits_test, a_flood_of_calls_stops_the_sender) {
    start();
    raw_client client = connect_hub(64 * 1024);
    const std::string bytes = client_frame(invocation_message("", "Wait", "\"w\"") + record_end);
    std::size_t accepted = 0;
    for (int round = 0; round < 1000; ++round) {
        std::size_t taken = 0;
        for (int number = 0; number < 100; ++number)
            taken += client.write(bytes);
        run();
        accepted += taken;
        if (taken == 0) break;
    }
    EXPECT_LT(accepted, 200'000u);
    EXPECT_EQ(count().running_invocations, 1u);
    EXPECT_EQ(count().reading_paused, 1u);
    expect_others_are_served();
}

TEST_F(limits_test, maximum_sockets_closes_the_next_one_at_once) {
    start({}, {.http = {.maximum_sockets = 2}});
    raw_client first = connect_hub();
    raw_client second = connect();
    raw_client third = connect();
    settle(third);
    EXPECT_TRUE(third.is_over());
    EXPECT_EQ(third.raw, "");
    EXPECT_EQ(count().sockets_refused, 1u);
    EXPECT_EQ(count().sockets, 2u);
    EXPECT_TRUE(log_names("http_options::maximum_sockets"));
    connect();
    EXPECT_EQ(count().sockets_refused, 2u);
    EXPECT_EQ(log_->important.size(), 1u) << "one line a second";
    EXPECT_EQ(call(first, "Add", "1,2"), sum_is_3);
    second.leave();
    run();
    expect_others_are_served();
}

// S37
TEST_F(limits_test, maximum_uploads_counts_calls_whose_uploads_have_ended) {
    start({.maximum_uploads = 3});
    raw_client client = connect_hub();
    for (const char* const id : {"1", "2", "3", "4"}) {
        client.send(upload_invocation(id, "SumLater", std::string("u") + id));
        client.send(upload_end(std::string("u") + id));
    }
    settle(client);
    EXPECT_EQ(count().running_invocations, 3u);
    EXPECT_NE(client.take_messages().find("\"invocationId\":\"4\",\"error\""), std::string::npos);
    world_->open_gate();
    settle(client);
    client.take_messages();
    client.send(upload_invocation("5", "Sum", "u"));
    client.send(upload_end("u"));
    settle(client);
    EXPECT_EQ(client.take_messages(), "{\"type\":3,\"invocationId\":\"5\",\"result\":0}\n");
}

TEST_F(limits_test, maximum_connections_answers_negotiate_with_503) {
    start({.maximum_connections = 2});
    const std::string token = text_member(negotiate(), "connectionToken");
    EXPECT_TRUE(negotiate().starts_with("HTTP/1.1 200 "));
    EXPECT_TRUE(negotiate().starts_with("HTTP/1.1 503 "));
    EXPECT_EQ(count().negotiations_refused, 1u);
    raw_client claims = connect_websocket(64 * 1024, "/hub?id=" + token);
    EXPECT_TRUE(negotiate().starts_with("HTTP/1.1 503 "));
    claims.leave();
    run();
    EXPECT_TRUE(negotiate().starts_with("HTTP/1.1 200 "));
}

TEST_F(limits_test, maximum_connections_answers_a_connection_without_negotiate_with_503) {
    start({.maximum_connections = 1});
    raw_client first = connect_hub();
    const std::string answer = request(upgrade_request("/hub"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
    EXPECT_EQ(count().negotiations_refused, 1u);
    first.leave();
    run();
    expect_others_are_served();
}

}  // namespace
}  // namespace asignalr::detail
