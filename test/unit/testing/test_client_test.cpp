// SPDX-License-Identifier: MIT
#include "playground.hpp"

#include <optional>
#include <stdexcept>
#include <system_error>
#include <tuple>

namespace playground {
namespace {

/// Everything is the same in both encodings.
class test_client_test : public bench_fixture, public testing::WithParamInterface<bool> {
protected:
    asignalr::test_client connect(std::string_view target = "/hub") { return bench_.connect(target, {.messagepack = GetParam()}); }
};

INSTANTIATE_TEST_SUITE_P(protocols, test_client_test, testing::Bool(), [](const auto& info) { return info.param ? "messagepack" : "json"; });

TEST_P(test_client_test, calls_and_reads_what_is_answered) {
    asignalr::test_client ann = connect();
    EXPECT_EQ(ann.invoke<int>("Add", 1, 2), 3);
    EXPECT_EQ(ann.invoke<long long>("aDD", -1, -2), -3);
    EXPECT_EQ(ann.invoke<point>("Mirror", point{1, 2}).y, -2);
    EXPECT_EQ(ann.invoke<std::optional<std::size_t>>("Length", std::string("four")), 4u);
    EXPECT_EQ(ann.invoke<std::size_t>("Length", "a literal"), 9u);
    ann.invoke("Nothing");
    ann.invoke("Add", 1, 2);  // nobody looks at the result
    EXPECT_EQ(ann.invoke<int>("Soon"), 7) << "a timer of the hub's own goes by the clock on the wall";
}

TEST_P(test_client_test, is_connected_as_a_real_one) {
    asignalr::test_client ann = bench_.connect("/HUB?room=lobby", {.messagepack = GetParam(), .headers = {{"Cookie", "seat=12"}}});
    EXPECT_EQ(ann.invoke<std::string>("Room"), "lobby12");
    EXPECT_EQ(ann.id().size(), 22u);
    EXPECT_EQ(ann.invoke<std::string>("Mine"), ann.id());
    EXPECT_EQ(notes_, diary{GetParam() ? "connected by InMemory, messagepack" : "connected by InMemory, json"});
    EXPECT_EQ(server_.statistics().connections, 1u);
    EXPECT_EQ(server_.statistics().sockets, 0u);
}

TEST_P(test_client_test, throws_what_the_server_says) {
    asignalr::test_client ann = connect();
    EXPECT_EQ(
        thrown_by<asignalr::hub_error>([&] { ann.invoke<int>("Divide", 1, 0); }),
        "An unexpected error occurred invoking 'Divide' on the server. HubException: Nobody can divide by zero.");
    EXPECT_EQ(
        thrown_by<asignalr::hub_error>([&] { ann.invoke("Nowhere"); }),
        "Failed to invoke 'Nowhere' due to an error on the server. HubException: Method does not exist.");
    EXPECT_EQ(
        thrown_by<asignalr::hub_error>([&] { ann.invoke<int>("Add", 1); }), "Failed to invoke 'Add' due to an error on the server.");
    EXPECT_EQ(
        thrown_by<asignalr::hub_error>([&] { ann.invoke<int>("Count", 3); }),
        "The client attempted to invoke the streaming 'Count' method with a non-streaming invocation.");
    EXPECT_EQ(ann.invoke<int>("Divide", 6, 2), 3) << "the connection is as it was";
}

TEST_P(test_client_test, throws_where_the_answer_is_of_another_type) {
    asignalr::test_client ann = connect();
    const std::string text = thrown_by<std::runtime_error>([&] { ann.invoke<bool>("Add", 1, 2); });
    EXPECT_TRUE(text.starts_with("asignalr: an answer to 'Add' is not of the type asked for: ")) << text;
    EXPECT_TRUE(GetParam() || text.ends_with("\"result\":3}\\x1e")) << text;
    EXPECT_THROW(ann.invoke<std::vector<int>>("Nothing").at(0), std::out_of_range) << "null is an empty list";
    EXPECT_THROW(ann.stream<std::string>("Count", 3).next(), std::runtime_error);
    rooms_.clients().all().send("receive", 7);
    EXPECT_THROW(ann.next(receive), std::runtime_error);
    rooms_.clients().all().send("receive", "a", "b");
    EXPECT_THROW(ann.next(receive), std::runtime_error) << "one argument too many";
}

TEST_P(test_client_test, goes_on_while_a_call_is_under_way) {
    asignalr::test_client ann = connect();
    asignalr::test_call<int> waiting = ann.start<int>("Wait");
    asignalr::test_client bob = connect();
    EXPECT_EQ(bob.invoke<int>("Add", 1, 2), 3);
    EXPECT_FALSE(waiting.is_answered());
    waiting.cancel();
    EXPECT_EQ(
        thrown_by<asignalr::hub_error>([&] { waiting.result(); }), "An unexpected error occurred invoking 'Wait' on the server.");
    EXPECT_TRUE(waiting.is_answered());
    EXPECT_THROW(waiting.result(), asignalr::hub_error) << "it may be asked again";
}

TEST_P(test_client_test, sends_without_an_answer) {
    asignalr::test_client ann = connect();
    ann.send("Broadcast", "one");
    ann.send("Nowhere");
    EXPECT_EQ(ann.received(receive), 1u);
    ann.send("Broadcast", "two");
    EXPECT_EQ(ann.next(receive), "one");
    EXPECT_EQ(ann.next(receive), "two");
    EXPECT_EQ(ann.received(receive), 0u);
}

TEST_P(test_client_test, receives_what_the_hub_calls) {
    asignalr::test_client ann = connect();
    asignalr::test_client bob = connect();
    ann.invoke("Broadcast", "hallo");
    EXPECT_EQ(bob.next(receive), "hallo");
    EXPECT_EQ(ann.next<std::string>("RECEIVE"), "hallo");
    ann.invoke("Move", "king", point{4, 1});
    const auto [piece, to] = bob.next(moved);
    EXPECT_EQ(piece, "king");
    EXPECT_EQ(to.x, 4);
    ann.invoke("NudgeOthers");
    bob.next(nudge);
    EXPECT_EQ(ann.received(nudge), 0u);
    EXPECT_EQ(ann.received("moved"), 1u);
}

TEST_P(test_client_test, receives_from_outside_the_hub) {
    asignalr::test_client ann = connect();
    asignalr::test_client bob = connect();
    rooms_.clients().client(bob.id()).send(receive, "you");
    EXPECT_EQ(bob.next(receive), "you");
    bench_.run(rooms_.groups().add(ann.id(), "players"));
    rooms_.clients().group("players").send(receive, "players");
    EXPECT_EQ(ann.next(receive), "players");
    EXPECT_EQ(bob.received(receive), 0u);
}

TEST_P(test_client_test, reads_streams) {
    asignalr::test_client ann = connect();
    EXPECT_EQ(ann.stream<int>("Count", 3).all(), (std::vector{1, 2, 3}));
    EXPECT_EQ(ann.stream<int>("Count", 0).all(), std::vector<int>());
    asignalr::test_stream<int> items = ann.stream<int>("Count", 2);
    EXPECT_EQ(items.next(), 1);
    EXPECT_EQ(ann.invoke<int>("Add", 1, 2), 3);
    EXPECT_EQ(items.next(), 2);
    EXPECT_EQ(items.next(), std::nullopt);
    EXPECT_EQ(items.next(), std::nullopt) << "it may be asked again";
}

TEST_P(test_client_test, cancels_an_endless_stream) {
    asignalr::test_client ann = connect();
    asignalr::test_stream<int> items = ann.stream<int>("Endless");
    for (int number = 1; number <= 100; ++number)
        ASSERT_EQ(items.next(), number);
    items.cancel();
    items.all();
    EXPECT_EQ(items.next(), std::nullopt);
    bench_.settle();
    EXPECT_EQ(server_.statistics().running_invocations, 0u);
}

TEST_P(test_client_test, a_stream_may_end_with_an_error) {
    asignalr::test_client ann = connect();
    asignalr::test_stream<int> items = ann.stream<int>("Broken");
    EXPECT_EQ(items.next(), 1);
    EXPECT_EQ(
        thrown_by<asignalr::hub_error>([&] { items.next(); }), "An error occurred on the server while streaming results. HubException: The rest is lost.");
    EXPECT_THROW(ann.stream<int>("Nowhere").all(), asignalr::hub_error);
}

TEST_P(test_client_test, uploads_what_was_prepared) {
    asignalr::test_client ann = connect();
    asignalr::test_upload<double> readings = ann.upload<double>();
    readings.push(1.5);
    readings.push(2.25);
    readings.end();
    EXPECT_EQ(ann.invoke<double>("Sum", 10.0, readings), 13.75);
}

TEST_P(test_client_test, uploads_step_by_step) {
    asignalr::test_client ann = connect();
    auto left = ann.upload<std::string>();
    auto right = ann.upload<std::string>();
    asignalr::test_call<std::string> words = ann.start<std::string>("JoinWords", left, right);
    right.push("there");
    left.push("hallo");
    bench_.settle();
    EXPECT_FALSE(words.is_answered());
    left.end();
    right.end();
    EXPECT_EQ(words.result(), "hallo there ");

    auto numbers = ann.upload<int>();
    asignalr::test_stream<int> sums = ann.stream<int>("Running", numbers);
    numbers.push(2);
    EXPECT_EQ(sums.next(), 2);
    numbers.push(3);
    EXPECT_EQ(sums.next(), 5);
    numbers.end();
    EXPECT_EQ(sums.next(), std::nullopt);
}

TEST_P(test_client_test, fails_an_upload) {
    asignalr::test_client ann = connect();
    auto readings = ann.upload<double>();
    asignalr::test_call<double> sum = ann.start<double>("Sum", 0.0, readings);
    readings.fail("The sensor broke.");
    EXPECT_EQ(
        thrown_by<asignalr::hub_error>([&] { sum.result(); }),
        "An unexpected error occurred invoking 'Sum' on the server. HubException: The sensor broke.");
}

TEST_P(test_client_test, stops_in_order) {
    asignalr::test_client ann = connect();
    ann.stop();
    EXPECT_EQ(notes_.back(), "disconnected");
    EXPECT_FALSE(ann.is_open());
    EXPECT_EQ(ann.wait_closed().error, std::nullopt);
    EXPECT_THROW(ann.send("Nothing"), std::system_error);
    ann.stop();
    ann.abort();
}

TEST_P(test_client_test, may_be_lost) {
    {
        asignalr::test_client ann = connect();
        ann.abort();
        EXPECT_EQ(notes_.back(), "disconnected");
        asignalr::test_client bob = connect();
    }
    bench_.settle();
    EXPECT_EQ(notes_.back(), "disconnected");
    EXPECT_EQ(server_.statistics().connections, 0u);
}

TEST_P(test_client_test, learns_how_it_was_closed) {
    asignalr::test_client ann = connect();
    ann.send("Leave");
    const asignalr::test_close left = ann.wait_closed();
    EXPECT_EQ(left.error, std::nullopt);
    EXPECT_FALSE(left.allow_reconnect);
    EXPECT_EQ(notes_.back(), "disconnected");

    asignalr::test_client bob = connect();
    EXPECT_TRUE(bob.is_open());
    server_.stop();
    EXPECT_TRUE(bob.wait_closed().allow_reconnect);

    EXPECT_EQ(
        thrown_by<std::system_error>([&] { bob.next(receive); }),
        "asignalr: a call of 'receive' did not come: the connection is closed");
}

TEST_P(test_client_test, says_why_it_was_closed_to_whoever_waits) {
    asignalr::test_client ann = connect("/hub?refused");
    EXPECT_EQ(
        thrown_by<std::system_error>([&] { ann.invoke<int>("Add", 1, 2); }),
        "asignalr: an answer to 'Add' did not come (Connection closed with an error. HubException: Not you.): the connection is closed");
    EXPECT_EQ(ann.wait_closed().error, "Connection closed with an error. HubException: Not you.");
    EXPECT_EQ(notes_, diary());
}

TEST_P(test_client_test, what_came_before_the_end_can_still_be_read) {
    asignalr::test_client ann = connect();
    asignalr::test_call<int> sum = ann.start<int>("Add", 1, 2);
    rooms_.clients().all().send(receive, "last");
    bench_.settle();
    ann.stop();
    EXPECT_EQ(sum.result(), 3);
    EXPECT_EQ(ann.next(receive), "last");
    EXPECT_THROW(ann.next(receive), std::system_error);
}

TEST_P(test_client_test, messages_over_the_limit_end_it_as_they_end_a_real_one) {
    asignalr::test_client ann = connect();
    EXPECT_EQ(ann.invoke<std::size_t>("Length", std::string(30'000, 'x')), 30'000u);
    ann.start<std::size_t>("Length", std::string(100'000, 'x')).cancel();
    EXPECT_EQ(ann.wait_closed().error, "Connection closed with an error.");
    EXPECT_EQ(server_.statistics().oversized_messages, 1u);
}

TEST_P(test_client_test, can_be_moved_and_replaced) {
    asignalr::test_client ann = connect();
    asignalr::test_client same = std::move(ann);
    EXPECT_EQ(same.invoke<int>("Add", 1, 2), 3);
    same = connect();
    bench_.settle();
    EXPECT_EQ(notes_.back(), "disconnected");
    EXPECT_EQ(same.invoke<int>("Add", 1, 2), 3);
    EXPECT_EQ(server_.statistics().connections, 1u);
}

}  // namespace
}  // namespace playground
