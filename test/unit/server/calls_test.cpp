// SPDX-License-Identifier: MIT
#include "hub/hub_core.hpp"
#include "server_fixture.hpp"

#include <stdexcept>

namespace asignalr::detail {
namespace {

std::string result(std::string_view id, std::string_view value) {
    return "{\"type\":3,\"invocationId\":\"" + std::string(id) + "\",\"result\":" + std::string(value) + "}\n";
}
std::string error(std::string_view id, std::string_view text) {
    return "{\"type\":3,\"invocationId\":\"" + std::string(id) + "\",\"error\":\"" + std::string(text) + "\"}\n";
}
std::string failed(std::string_view method, std::string_view details = "") {
    return error("1", "An unexpected error occurred invoking '" + std::string(method) + "' on the server." + std::string(details));
}

class calls_test : public server_fixture {};

// ---- permits

TEST_F(calls_test, one_plain_call_runs_at_a_time_and_streams_go_on) {
    start();
    raw_client client = connect_hub();
    client.send(invocation_message("1", "Wait", "\"first\""));
    client.send(invocation_message("2", "Add", "1,2"));
    EXPECT_EQ(ask(client, invocation_message("3", "Count", "2", 4)),
              "{\"type\":2,\"invocationId\":\"3\",\"item\":1}\n{\"type\":2,\"invocationId\":\"3\",\"item\":2}\n"
              "{\"type\":3,\"invocationId\":\"3\"}\n");
    client.send(upload_invocation("4", "Sum", "u"));
    EXPECT_EQ(ask(client, upload_end("u")), result("4", "0"));
    world_->open_gate();
    settle(client);
    EXPECT_EQ(client.take_messages(), result("1", "\"first\"") + result("2", "3"));
}

TEST_F(calls_test, maximum_parallel_invocations_lets_more_run) {
    start({.maximum_parallel_invocations = 2});
    raw_client client = connect_hub();
    for (const std::string_view id : {"1", "2", "3"})
        client.send(invocation_message(id, "Wait", "\"" + std::string(id) + "\""));
    run();
    EXPECT_EQ(count().running_invocations, 2u);
    world_->open_gate();
    run();
    EXPECT_EQ(count().running_invocations, 1u);
    world_->open_gate();
    settle(client);
    EXPECT_EQ(client.take_messages(), result("1", "\"1\"") + result("2", "\"2\"") + result("3", "\"3\""));
}

TEST_F(calls_test, a_cancel_behind_a_held_call_is_seen) {
    start();
    raw_client client = connect_hub();
    client.send(invocation_message("1", "Wait", "\"first\""));
    client.send(invocation_message("2", "Wait", "\"held\""));
    EXPECT_EQ(
        ask(client, cancel_message("2")), error("2", "An unexpected error occurred invoking 'Wait' on the server."));
    EXPECT_EQ(ask(client, cancel_message("1")), failed("Wait"));
    EXPECT_EQ(world_->times("waits:held"), 0u);
    EXPECT_EQ(world_->times("left:first"), 1u);
    EXPECT_EQ(ask(client, cancel_message("unknown")), "");
    EXPECT_EQ(call(client, "Add", "1,2"), result("1", "3"));
    EXPECT_EQ(count().failed_invocations, 0u);
}

// ---- who leaves

TEST_F(calls_test, a_plain_call_goes_on_when_its_client_leaves_unless_it_is_told_otherwise) {
    start();
    raw_client finishing = connect_hub();
    raw_client cancelled = connect_hub();
    finishing.send(invocation_message("1", "Wait", "\"finish\""));
    cancelled.send(invocation_message("1", "WaitOrLeave", "\"cancel\""));
    run();
    finishing.leave();
    cancelled.leave();
    run();
    EXPECT_EQ(world_->times("left:cancel"), 1u);
    EXPECT_EQ(world_->times("left:finish"), 0u);
    EXPECT_EQ(world_->times("disconnected:"), 2u);
    EXPECT_EQ(world_->hubs_alive, 1);
    world_->open_gate();
    run();
    EXPECT_EQ(world_->times("left:finish"), 1u);
    expect_nothing_left();
}

TEST_F(calls_test, streams_and_uploads_end_when_the_client_leaves) {
    start();
    raw_client client = connect_hub();
    client.send(invocation_message("1", "Endless", "", 4));
    client.send(upload_invocation("2", "Sum", "u"));
    run();
    client.leave();
    run();
    EXPECT_EQ(world_->times("stream left"), 1u);
    EXPECT_EQ(world_->times("upload left"), 1u);
    EXPECT_EQ(count().failed_invocations, 0u);  // no method has failed
    EXPECT_TRUE(log_->important.empty());
    expect_nothing_left();
}

TEST_F(calls_test, on_disconnected_runs_exactly_if_on_connected_succeeded) {
    start();
    world_->connecting_fails = true;
    raw_client refused = connect_websocket();
    refused.write(client_frame(json_handshake));
    settle(refused);
    EXPECT_EQ(refused.take_messages(), "{}\n{\"type\":7,\"error\":\"Connection closed with an error.\"}\n");
    EXPECT_EQ(world_->times("connecting"), 1u);
    EXPECT_EQ(world_->times("disconnected:"), 0u);
    refused.leave();
    run();
    expect_nothing_left();
}

TEST_F(calls_test, a_client_that_leaves_while_it_is_let_in_is_connected_and_disconnected) {
    start();
    world_->connecting_waits = true;
    raw_client client = connect_websocket();
    client.write(client_frame(json_handshake));
    client.send(invocation_message("1", "Add", "1,2"));
    run();
    client.leave();
    run();
    EXPECT_EQ(world_->events, std::vector<std::string>{"connecting"});
    world_->open_gate();
    run();
    EXPECT_EQ(world_->events, (std::vector<std::string>{"connecting", "connected", "disconnected:"}));
    expect_nothing_left();
}

TEST_F(calls_test, no_call_runs_before_on_connected_is_done) {
    start();
    world_->connecting_waits = true;
    raw_client client = connect_websocket();
    client.write(client_frame(std::string(json_handshake) + invocation_message("1", "Add", "1,2") + record_end));
    client.send(invocation_message("2", "Add", "3,4"));
    settle(client);
    EXPECT_EQ(client.take_messages(), "{}\n");
    world_->open_gate();
    settle(client);
    EXPECT_EQ(client.take_messages(), result("1", "3") + result("2", "7"));
}

TEST_F(calls_test, what_is_sent_from_on_disconnected_goes_nowhere) {
    start();
    raw_client client = connect_hub();
    EXPECT_EQ(ask(client, "{\"type\":7}"), "{\"type\":7}\n");
    EXPECT_EQ(world_->times("disconnected:"), 1u);
}

TEST_F(calls_test, an_error_in_the_clients_close_is_the_reason) {
    start();
    raw_client client = connect_hub();
    ask(client, "{\"type\":7,\"error\":\"tired\"}");
    EXPECT_EQ(world_->times("disconnected:tired"), 1u);
}

TEST_F(calls_test, abort_from_a_method_closes_for_good) {
    start();
    raw_client client = connect_hub();
    EXPECT_EQ(call(client, "Abort"), "{\"type\":7}\n");
    EXPECT_EQ(world_->times("disconnected:"), 1u);
}

// What was sent in the same turn leaves at its end, and the Close frame behind it.
TEST_F(calls_test, a_close_in_a_turn_with_several_messages_is_sent) {
    start();
    raw_client client = connect_hub();
    world_->trap = [this] {
        const outgoing_arguments none{0, [](const void*, value_writer&) {}, nullptr};
        for (int number = 0; number < 3; ++number)
            hub_->send({}, "heard", none);
        hub_->at(0).end_all();
    };
    client.send(invocation_message("", "TrapLater"));
    run();
    world_->open_gate();
    settle(client);
    const std::string heard = "{\"type\":1,\"target\":\"heard\",\"arguments\":[]}\n";
    EXPECT_EQ(client.take_messages(), heard + heard + heard + "{\"type\":7,\"allowReconnect\":true}\n");
    EXPECT_EQ(client.close_code, 1001u);
}

// ---- the hub object

TEST_F(calls_test, one_hub_serves_a_connection) {
    start();
    raw_client client = connect_hub();
    call(client, "Add", "1,2");
    call(client, "Add", "1,2");
    EXPECT_EQ(world_->hubs_made, 1);
    client.leave();
    run();
    EXPECT_EQ(world_->hubs_made, 1);
    expect_nothing_left();
}

TEST_F(calls_test, or_one_for_each_call) {
    start({.lifetime = hub_lifetime::invocation});
    raw_client client = connect_hub();
    EXPECT_EQ(world_->hubs_made, 1);
    EXPECT_EQ(world_->hubs_alive, 0);
    EXPECT_EQ(call(client, "Add", "1,2"), result("1", "3"));
    EXPECT_EQ(call(client, "Wait", "\"x\""), "");
    EXPECT_EQ(world_->hubs_made, 3);
    EXPECT_EQ(world_->hubs_alive, 1);
    client.leave();
    run();
    EXPECT_EQ(world_->hubs_made, 4);
    EXPECT_EQ(world_->hubs_alive, 1);
    world_->open_gate();
    run();
    expect_nothing_left();
}

TEST_F(calls_test, items_belong_to_the_connection) {
    start({.lifetime = hub_lifetime::invocation});
    raw_client client = connect_hub();
    raw_client other = connect_hub();
    call(client, "Remember", "\"mine\"");
    call(other, "Remember", "\"theirs\"");
    EXPECT_EQ(call(client, "Recall"), result("1", "\"mine\""));
    EXPECT_EQ(call(other, "Recall"), result("1", "\"theirs\""));
}

TEST_F(calls_test, the_context_tells_the_request) {
    start();
    raw_client client = connect_websocket(64 * 1024, "/HUB?room=blue");
    client.write(client_frame(json_handshake));
    settle(client);
    client.take_messages();
    EXPECT_EQ(call(client, "Asked", "\"room\""), result("1", "\"1 WebSockets json /HUB 127.0.0.1 blue\""));
}

TEST_F(calls_test, the_destructor_of_a_hub_may_use_the_items) {
    start();
    raw_client client = connect_hub();
    call(client, "Remember", "\"kept\"");
    world_->hub_tells_its_items = true;
    client.leave();
    run();
    EXPECT_EQ(world_->times("items at the end:kept"), 1u);
}

TEST_F(calls_test, the_context_knows_when_it_was_aborted) {
    start();
    raw_client client = connect_hub();
    call(client, "TellAborted");
    EXPECT_EQ(world_->times("not aborted"), 1u);
    EXPECT_EQ(world_->times("aborted"), 1u);
}

TEST_F(calls_test, an_invocation_tells_its_deadline_and_whether_it_was_cancelled) {
    start();
    raw_client client = connect_hub();
    const auto before = clock_->now();
    client.send(invocation_message("7", "Observe"));
    run();
    ASSERT_TRUE(world_->observed);
    EXPECT_EQ(world_->observed->id(), "7");
    EXPECT_EQ(world_->observed->deadline(), before + std::chrono::seconds(10));
    EXPECT_FALSE(world_->observed->cancelled());
    ask(client, cancel_message("7"));
    EXPECT_TRUE(world_->observed->cancelled());
}

// ---- pacing

TEST_F(calls_test, writable_waits_until_the_client_has_read) {
    start({.maximum_outbox = 10'000});
    raw_client client = connect_hub(1024);
    client.send(invocation_message("1", "Paced", "20000"));
    run();
    EXPECT_EQ(count().running_invocations, 1u);
    settle(client);
    EXPECT_EQ(count().running_invocations, 0u);
    EXPECT_EQ(client.messages.size(), 2u);
    client.send(invocation_message("2", "Paced", "20000"));
    run();
    EXPECT_EQ(count().running_invocations, 1u);
    client.leave();
    run();
    expect_nothing_left();
}

TEST_F(calls_test, a_stream_stops_while_the_client_does_not_read) {
    start({.maximum_outbox = 10'000});
    raw_client client = connect_hub(1024);
    client.send(invocation_message("1", "Flood", "1000,200", 4));
    run();
    EXPECT_LT(world_->times("item"), 40u);
    EXPECT_EQ(count().outboxes_overflowed, 0u);
    settle(client);
    EXPECT_EQ(world_->times("item"), 200u);
    EXPECT_EQ(client.messages.size(), 201u);
}

// ---- S10: what clients learn of errors

TEST_F(calls_test, errors_are_generic_unless_they_are_meant_for_the_client) {
    start();
    raw_client client = connect_hub();
    EXPECT_EQ(call(client, "Fail", "\"hub\""), failed("Fail", " HubException: shown"));
    for (const std::string_view how : {"\"named\"", "\"system\"", "\"number\"", "\"standard\""})
        EXPECT_EQ(call(client, "Fail", how), failed("Fail"));
    EXPECT_EQ(count().failed_invocations, 5u);
    EXPECT_EQ(log_->important.size(), 5u);
    EXPECT_NE(log_->important.back().find("text=secret"), std::string::npos);
}

TEST_F(calls_test, detailed_errors_tell_type_and_text_but_never_of_the_system) {
    start({.detailed_errors = true});
    raw_client client = connect_hub();
    EXPECT_EQ(call(client, "Fail", "\"hub\""), failed("Fail", " HubException: shown"));
    EXPECT_EQ(call(client, "Fail", "\"named\""), failed("Fail", " InvalidOperationException: hidden"));
    EXPECT_EQ(call(client, "Fail", "\"system\""), failed("Fail", " IOException: An input or output operation failed."));
    EXPECT_EQ(call(client, "Fail", "\"number\""), failed("Fail", " Exception: An exception of an unknown type was thrown."));
    EXPECT_EQ(call(client, "Fail", "\"standard\""), failed("Fail", " Exception: secret"));
}

TEST_F(calls_test, a_codec_or_a_factory_that_throws_is_logged_and_counted_as_a_method) {
    start({.lifetime = hub_lifetime::invocation});
    raw_client client = connect_hub();
    EXPECT_EQ(call(client, "Guess", "13"), failed("Guess", " HubException: not 13"));
    ASSERT_EQ(log_->important.size(), 1u);
    EXPECT_EQ(log_->important[0], "a hub method failed hub=probe_hub method=Guess type=asignalr::hub_error text=not 13");
    world_->making_fails = true;
    EXPECT_EQ(call(client, "Add", "1,2"), failed("Add"));
    world_->making_fails = false;
    ASSERT_EQ(log_->important.size(), 2u);
    EXPECT_EQ(log_->important[1], "a hub method failed hub=probe_hub method=Add type=std::runtime_error text=no hub today");
    EXPECT_EQ(count().failed_invocations, 2u);
    EXPECT_EQ(call(client, "Add", "1,2"), result("1", "3"));
}

TEST_F(calls_test, a_failing_stream_has_its_own_text) {
    start();
    raw_client client = connect_hub();
    EXPECT_EQ(
        ask(client, invocation_message("1", "FailStreaming", "\"hub\"", 4)),
        "{\"type\":2,\"invocationId\":\"1\",\"item\":1}\n" +
            error("1", "An error occurred on the server while streaming results. HubException: shown"));
}

TEST_F(calls_test, wrong_calls_have_their_texts) {
    start();
    raw_client client = connect_hub();
    EXPECT_EQ(call(client, "Nonsense"),
              error("1", "Failed to invoke 'Nonsense' due to an error on the server. HubException: Method does not exist."));
    EXPECT_EQ(call(client, "ADD", "1"), error("1", "Failed to invoke 'Add' due to an error on the server."));
    EXPECT_EQ(call(client, "add", "1,\"x\""), error("1", "Failed to invoke 'Add' due to an error on the server."));
    EXPECT_EQ(call(client, "Count", "1"),
              error("1", "The client attempted to invoke the streaming 'Count' method with a non-streaming invocation."));
    EXPECT_EQ(ask(client, invocation_message("1", "Add", "1,2", 4)),
              error("1", "The client attempted to invoke the non-streaming 'Add' method with a streaming invocation."));
    EXPECT_EQ(call(client, "Sum"), failed("Sum", " HubException: Client sent 0 stream(s), Hub method expects 1."));
    EXPECT_EQ(ask(client, invocation_message("", "Nonsense")), "");
    EXPECT_EQ(call(client, "Add", "1,2"), result("1", "3"));
}

// S36
TEST_F(calls_test, a_result_that_json_cannot_say_fails_the_call_only) {
    start();
    raw_client client = connect_hub();
    EXPECT_EQ(call(client, "NotANumber"), failed("NotANumber"));
    EXPECT_EQ(count().sends_failed, 1u);
    EXPECT_EQ(call(client, "Add", "1,2"), result("1", "3"));
}

TEST_F(calls_test, a_codec_that_throws_ends_that_upload_only) {
    start();
    raw_client client = connect_hub();
    client.send(upload_invocation("1", "Picky", "u"));
    client.send(item_message("u", "1"));
    client.send(item_message("u", "13"));
    client.send(item_message("u", "2"));
    settle(client);
    EXPECT_EQ(client.take_messages(), error("1", "An unexpected error occurred invoking 'Picky' on the server. HubException: not 13"));
    EXPECT_EQ(call(client, "Add", "1,2"), result("1", "3"));
}

// S36
TEST_F(calls_test, an_argument_that_json_cannot_say_is_sent_to_nobody_and_hurts_nobody) {
    start();
    raw_client client = connect_hub();
    raw_client other = connect_hub();
    EXPECT_EQ(call(client, "SayNotANumber"), result("1", "null"));
    settle(other);
    EXPECT_EQ(other.take_messages(), "");
    EXPECT_EQ(count().sends_failed, 1u);
    ASSERT_EQ(log_->important.size(), 1u);
    EXPECT_NE(log_->important[0].find("could not be serialised"), std::string::npos) << log_->important[0];
    EXPECT_EQ(call(other, "Add", "1,2"), result("1", "3"));
}

}  // namespace
}  // namespace asignalr::detail
