// SPDX-License-Identifier: MIT
#include "http_client.hpp"
#include "hub/hub_core.hpp"
#include "hub/hub_session.hpp"
#include "server/server_core.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

class long_polling_test : public http_client_fixture {};

TEST_F(long_polling_test, the_first_poll_is_answered_at_once_and_empty) {
    start();
    const http_answer answer = get(new_token());
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "");
    EXPECT_NE(answer.head.find("Content-Type: application/octet-stream\r\n"), std::string::npos) << answer.head;
    EXPECT_NE(answer.head.find("Cache-Control: no-cache, no-store\r\n"), std::string::npos);
}

TEST_F(long_polling_test, a_poll_returns_everything_that_is_there) {
    start();
    const std::string token = connect_polling();
    std::string calls;
    for (const char* const id : {"1", "2", "3"})
        calls += invocation_message(id, "Add", "1,2") + record_end;
    EXPECT_EQ(post(token, calls).status, 200);
    EXPECT_EQ(
        lines_of(get(token).body),
        "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n{\"type\":3,\"invocationId\":\"2\",\"result\":3}\n"
        "{\"type\":3,\"invocationId\":\"3\",\"result\":3}\n");
}

TEST_F(long_polling_test, a_parked_poll_gets_all_of_one_turn) {
    start();
    const std::string token = connect_polling();
    raw_client poll = park(token);
    EXPECT_EQ(poll.raw, "");
    post(token, invocation_message("1", "Add", "1,2") + record_end + invocation_message("2", "Count", "3", 4) + record_end);
    const std::string got = lines_of(answer_to(poll).body);
    EXPECT_TRUE(got.starts_with("{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n")) << got;
}

TEST_F(long_polling_test, a_broadcast_reaches_parked_polls_and_those_to_come) {
    start();
    const std::string parked = connect_polling(), away = connect_polling();
    raw_client poll = park(parked);
    raw_client caller = connect_hub();
    call(caller, "Say", "\"all\",[],\"news\"");
    const std::string heard = lines_of(answer_to(poll).body);
    EXPECT_NE(heard.find("news"), std::string::npos) << heard;
    EXPECT_EQ(lines_of(get(away).body), heard);
}

TEST_F(long_polling_test, a_poll_without_news_ends_empty_and_the_next_goes_on) {
    start({.poll_timeout = 90s});
    const std::string token = connect_polling();
    raw_client poll = park(token);
    pass_at_once(88s);
    EXPECT_EQ(answer_to(poll).status, 0);
    pass_at_once(2s);
    const http_answer answer = answer_to(poll);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "");
    EXPECT_NE(answer.head.find("Content-Type: text/plain\r\n"), std::string::npos) << answer.head;
    raw_client next = park(token);
    say(token, invocation_message("1", "Add", "1,2"));
    EXPECT_NE(answer_to(next).body, "");
}

TEST_F(long_polling_test, a_second_poll_ends_the_first) {
    start();
    const std::string token = connect_polling();
    raw_client first = park(token), second = park(token);
    EXPECT_EQ(answer_to(first).status, 204);
    say(token, invocation_message("1", "Add", "1,2"));
    EXPECT_NE(answer_to(second).body.find("\"result\":3"), std::string::npos);
}

TEST_F(long_polling_test, polls_behind_each_other_on_one_socket_end_each_other) {
    start();
    const std::string token = connect_polling();
    raw_client client = connect();
    const std::string poll = request_for("GET", token);
    client.write(poll + poll + poll);
    settle(client);
    EXPECT_EQ(client.raw, "") << "the first one is parked, the others wait behind it";
    raw_client other = park(token);
    EXPECT_EQ(answer_to(client).status, 204);
    EXPECT_EQ(answer_to(other).status, 204) << "by the one behind";
    say(token, invocation_message("1", "Add", "1,2"));
    EXPECT_NE(answer_to(client).body.find("\"result\":3"), std::string::npos);
    say(token, invocation_message("2", "Add", "1,2"));
    EXPECT_NE(answer_to(client).body.find("\"result\":3"), std::string::npos);
}

// The answer to a poll is given in the middle of a broadcast: what stands behind that poll is served after it.
TEST_F(long_polling_test, a_request_behind_a_parked_poll_is_served_in_a_turn_of_its_own) {
    start();
    const std::string token = connect_polling(), newcomer = new_token();
    get(newcomer);
    say(token, invocation_message("1", "Id"));
    const std::string id = text_member(get(token).body, "result");
    raw_client client = connect();
    client.write(request_for("GET", token) + request_for("POST", newcomer, {}, json_handshake));
    settle(client);
    raw_client caller = connect_hub();
    std::size_t connected = 0;
    world_->trap = [&] {
        hub_->at(0).find(id)->abort();
        connected = world_->times("connected");
    };
    caller.send(invocation_message("", "Trap"));
    run();
    EXPECT_EQ(connected, 2u) << "nobody came within the call";
    EXPECT_EQ(world_->times("connected"), 3u);
}

TEST_F(long_polling_test, many_posts_of_one_socket_need_no_stack) {
    start();
    const std::string token = connect_polling();
    std::vector<raw_client> clients;
    const std::string message = "{\"type\":6}\x1e";
    const std::string request = request_for("POST", token, {}, message);
    for (int count = 0; count < 5000; ++count) {
        clients.push_back(connect(1024));
        clients.back().write(request.substr(0, request.size() - (count == 0 ? 1 : 0)));
        run();
    }
    clients.front().write(request.substr(request.size() - 1));
    run();
    for (raw_client& one : clients)
        ASSERT_EQ(answer_to(one).status, 200);
}

TEST_F(long_polling_test, who_does_not_poll_is_gone_after_the_disconnect_timeout) {
    start({.disconnect_timeout = 15s});
    const std::string token = connect_polling();
    pass_at_once(13s);
    EXPECT_EQ(count().connections, 1u);
    pass_at_once(2s);
    EXPECT_EQ(get(token).status, 404);
    EXPECT_EQ(post(token, "x").status, 404);
    expect_nothing_left_in_time();
}

TEST_F(long_polling_test, who_hangs_up_during_a_poll_is_gone_after_the_same_time) {
    start({.disconnect_timeout = 15s});
    const std::string token = connect_polling();
    raw_client poll = park(token);
    poll.leave();
    run();
    pass_at_once(10s);
    say(token, invocation_message("1", "Add", "1,2"));
    EXPECT_NE(get(token).body.find("\"result\":3"), std::string::npos) << "another poll finds what was said meanwhile";
    raw_client again = park(token);
    again.half_close();
    settle(again);
    EXPECT_TRUE(again.ended) << "there is nobody to answer";
    EXPECT_EQ(again.raw, "");
    pass_at_once(16s);
    EXPECT_EQ(get(token).status, 404);
    expect_nothing_left_in_time();
}

TEST_F(long_polling_test, there_are_no_pings) {
    start();
    const std::string token = connect_polling();
    raw_client poll = park(token);
    pass(60s);
    EXPECT_EQ(answer_to(poll).status, 0);
    EXPECT_EQ(count().connections, 1u);
}

TEST_F(long_polling_test, what_waits_between_polls_is_not_late) {
    start({.disconnect_timeout = 60s, .write_deadline = 5s});
    const std::string token = connect_polling();
    say(token, invocation_message("1", "Add", "1,2"));
    pass_at_once(30s);
    EXPECT_NE(get(token).body.find("\"result\":3"), std::string::npos);
}

TEST_F(long_polling_test, delete_ends_it_and_says_goodbye_to_a_parked_poll) {
    start();
    const std::string token = connect_polling();
    raw_client poll = park(token);
    EXPECT_EQ(remove(token).status, 202);
    EXPECT_EQ(answer_to(poll).body, "{\"type\":7,\"allowReconnect\":true}\x1e");
    EXPECT_EQ(get(token).status, 404);
    EXPECT_EQ(remove(token).status, 404);
    poll.leave();
    run();
    EXPECT_EQ(world_->times("disconnected:"), 1u);
    expect_nothing_left_in_time();
}

TEST_F(long_polling_test, delete_without_a_poll_ends_it_too) {
    start();
    const std::string token = connect_polling();
    EXPECT_EQ(remove(token).status, 202);
    EXPECT_EQ(get(token).status, 404);
    expect_nothing_left_in_time();
}

TEST_F(long_polling_test, delete_before_the_handshake) {
    start();
    const std::string token = new_token();
    get(token);
    raw_client poll = park(token);
    EXPECT_EQ(remove(token).status, 202);
    EXPECT_EQ(answer_to(poll).status, 204);
    poll.leave();
    run();
    expect_nothing_left_in_time();
}

TEST_F(long_polling_test, an_abort_is_told_then_the_end_then_nothing_is_known) {
    start();
    const std::string token = connect_polling();
    say(token, invocation_message("", "Abort"));
    EXPECT_EQ(get(token).body, "{\"type\":7}\x1e");
    EXPECT_EQ(get(token).status, 204);
    EXPECT_EQ(get(token).status, 404);
    expect_nothing_left_in_time();
}

TEST_F(long_polling_test, who_does_not_come_back_for_the_end_is_forgotten) {
    start({.disconnect_timeout = 15s});
    const std::string token = connect_polling();
    raw_client poll = park(token);
    say(token, invocation_message("", "Abort"));
    EXPECT_EQ(answer_to(poll).body, "{\"type\":7}\x1e");
    poll.leave();
    pass_at_once(16s);
    EXPECT_EQ(get(token).status, 404);
    expect_nothing_left_in_time();
}

TEST_F(long_polling_test, a_stop_is_told_to_a_parked_poll_and_waits_for_no_other) {
    start();
    const std::string parked = connect_polling();
    connect_polling();  // has no poll under way
    raw_client poll = park(parked);
    bool stopped = false;
    core_->stop(5s, [&stopped] { stopped = true; });
    EXPECT_EQ(answer_to(poll).body, "{\"type\":7,\"allowReconnect\":true}\x1e");
    poll.leave();
    pass(1s);
    EXPECT_TRUE(stopped);
    expect_nothing_left_in_time();
}

TEST_F(long_polling_test, a_message_may_come_in_pieces) {
    start();
    const std::string token = connect_polling();
    const std::string message = invocation_message("1", "Echo", "\"in pieces\"") + record_end;
    for (const char byte : message)
        ASSERT_EQ(post(token, std::string(1, byte)).status, 200);
    EXPECT_NE(get(token).body.find("in pieces"), std::string::npos);
}

TEST_F(long_polling_test, a_message_that_is_too_long_ends_the_connection) {
    start({.maximum_receive_message_size = 1000});
    const std::string token = connect_polling();
    EXPECT_EQ(post(token, std::string(1001, 'x')).status, 200);
    EXPECT_NE(get(token).body.find("\"type\":7"), std::string::npos);
    EXPECT_EQ(count().oversized_messages, 1u);
    EXPECT_EQ(get(token).status, 204);
}

TEST_F(long_polling_test, a_post_that_is_too_long_is_refused) {
    start({.maximum_post_size = 1000});
    const std::string token = connect_polling();
    EXPECT_EQ(post(token, std::string(1001, 'x')).status, 413);
    EXPECT_EQ(
        answered(request_for("POST", token, "Transfer-Encoding: chunked\r\n", "3e9\r\n" + std::string(1001, '{') + "\r\n0\r\n\r\n")).status,
        413);
}

// H10: as it is read while it arrives, nothing of it is kept.
TEST_F(long_polling_test, a_post_of_many_messages_is_taken_as_it_arrives) {
    start();
    const std::string token = connect_polling();
    const std::uint64_t before = count().messages_received;
    constexpr std::string_view ping = "{\"type\":6}\x1e";
    constexpr std::size_t in_a_piece = 4000, pieces = 230;  // 10 MB
    std::string piece;
    for (std::size_t number = 0; number < in_a_piece; ++number)
        piece += ping;
    raw_client client = connect();
    client.write("POST /hub?id=" + token + " HTTP/1.1\r\nHost: here\r\nContent-Length: " + std::to_string(piece.size() * pieces) + "\r\n\r\n");
    for (std::size_t number = 1; number <= pieces; ++number) {
        ASSERT_EQ(client.write(piece), piece.size());
        run();
        ASSERT_EQ(count().messages_received - before, number * in_a_piece);
    }
    EXPECT_EQ(answer_to(client).status, 200);
}

// S23
TEST_F(long_polling_test, many_posts_at_once_are_taken_one_by_one) {
    start();
    const std::string token = connect_polling();
    std::vector<raw_client> clients;
    const std::string message = invocation_message("1", "Echo", "\"x\"") + record_end;
    for (int count = 0; count < 100; ++count) {
        clients.push_back(connect());
        // Half of each: the first one has to be whole before the second is read.
        clients.back().write(request_for("POST", token, {}, message).substr(0, 100));
        settle(clients.back());
    }
    for (std::size_t index = clients.size(); index-- > 0;) {
        clients[index].write(request_for("POST", token, {}, message).substr(100));
        run();
    }
    for (raw_client& client : clients)
        EXPECT_EQ(answer_to(client).status, 200);
    const std::string got = get(token).body;
    EXPECT_EQ(std::count(got.begin(), got.end(), record_end), 100);
}

TEST_F(long_polling_test, while_the_connection_is_held_posts_wait) {
    start({.disconnect_timeout = 1h, .maximum_waiting_invocations = 0});
    const std::string token = connect_polling();
    say(token, invocation_message("1", "Wait", "\"call\""));
    say(token, invocation_message("2", "Add", "1,2"));
    // More than is kept in front of a connection that is not read.
    std::string flood;
    while (flood.size() < 200'000)
        flood += "{\"type\":6}\x1e";
    raw_client big = connect();
    std::string rest = request_for("POST", token, {}, flood);
    const auto offer = [&] {
        for (std::size_t taken = 1; taken > 0; rest.erase(0, taken)) {
            taken = big.write(rest);
            run();
        }
    };
    offer();
    EXPECT_GT(rest.size(), 0u) << "most of it has to wait outside";
    EXPECT_EQ(answer_to(big).status, 0);
    world_->open_gate();
    for (int turn = 0; turn < 100 && !rest.empty(); ++turn) {
        run();
        offer();
    }
    EXPECT_EQ(answer_to(big).status, 200);
    EXPECT_NE(get(token).body.find("\"invocationId\":\"2\",\"result\":3"), std::string::npos);
}

TEST_F(long_polling_test, a_transport_cannot_be_changed) {
    start();
    const std::string token = connect_polling();
    EXPECT_EQ(request(upgrade_request("/hub?id=" + token)).substr(0, 12), "HTTP/1.1 400");
    const http_answer answer = answered(request_for("GET", token, "Accept: text/event-stream\r\n"));
    EXPECT_EQ(answer.body, "Cannot change transports mid-connection");
}

TEST_F(long_polling_test, a_hub_may_do_without) {
    start({.transports = transport_types::web_sockets | transport_types::server_sent_events});
    EXPECT_EQ(negotiate().find("LongPolling"), std::string::npos);
    const http_answer answer = get(new_token());
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.body, "LongPolling transport not supported by this end point type");
}

TEST_F(long_polling_test, a_thousand_parked_polls_are_all_answered) {
    start();
    std::vector<raw_client> polls;
    for (int count = 0; count < 1000; ++count)
        polls.push_back(park(connect_polling()));
    raw_client caller = connect_hub();
    call(caller, "Say", "\"all\",[],\"news\"");
    for (raw_client& poll : polls)
        ASSERT_NE(answer_to(poll).body.find("news"), std::string::npos);
}

}  // namespace
}  // namespace asignalr::detail
