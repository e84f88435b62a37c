// SPDX-License-Identifier: MIT
#include "http_client.hpp"
#include "server/server_core.hpp"

#include <algorithm>
#include <cstdlib>

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view accept_events = "Accept: text/event-stream\r\n";

/// The bytes of the chunks in `raw`; `[end]` stands for the last one.
std::string unchunked(std::string_view raw) {
    std::string bytes;
    while (!raw.empty()) {
        const std::size_t line = raw.find("\r\n");
        if (line == std::string_view::npos) return bytes + "[cut]";
        const std::size_t size = std::strtoul(std::string(raw.substr(0, line)).c_str(), nullptr, 16);
        raw.remove_prefix(line + 2);
        if (size == 0) return bytes + "[end]";
        if (raw.size() < size + 2) return bytes + "[cut]";
        bytes += raw.substr(0, size);
        EXPECT_EQ(raw.substr(size, 2), "\r\n");
        raw.remove_prefix(size + 2);
    }
    return bytes;
}

class server_sent_events_test : public http_client_fixture {
protected:
    /// A stream that is open.
    raw_client open(std::string_view token, std::size_t capacity = 64 * 1024) {
        raw_client client = connect(capacity);
        client.write(request_for("GET", token, accept_events));
        settle(client);
        const std::size_t end = client.raw.find("\r\n\r\n");
        EXPECT_TRUE(client.raw.starts_with("HTTP/1.1 200 ")) << client.raw;
        stream_head_ = client.raw.substr(0, end + 4);
        client.raw.erase(0, end + 4);
        return client;
    }
    /// What came since the last call.
    std::string take(raw_client& client) {
        settle(client);
        return lines_of(unchunked(std::exchange(client.raw, {})));
    }
    /// The same behind the handshake.
    raw_client connect_events(std::string_view token, std::size_t capacity = 64 * 1024) {
        raw_client client = open(token, capacity);
        EXPECT_EQ(take(client), ":\r\n");
        EXPECT_EQ(post(token, json_handshake).status, 200);
        EXPECT_EQ(take(client), "data: {}\n\r\n\r\n");
        return client;
    }

    std::string stream_head_;
};

TEST_F(server_sent_events_test, the_stream_begins_with_a_comment) {
    start();
    raw_client client = open(new_token());
    for (const std::string_view header :
         {"Content-Type: text/event-stream\r\n", "Cache-Control: no-cache,no-store\r\n", "Pragma: no-cache\r\n",
          "Content-Encoding: identity\r\n", "Transfer-Encoding: chunked\r\n"})
        EXPECT_NE(stream_head_.find(header), std::string::npos) << header << stream_head_;
    EXPECT_EQ(take(client), ":\r\n");
}

TEST_F(server_sent_events_test, it_may_be_asked_for_in_any_line_of_accept) {
    start();
    raw_client client = connect();
    client.write(request_for("GET", new_token(), "Accept: text/html\r\naccept: text/plain, text/event-stream\r\n"));
    settle(client);
    EXPECT_NE(client.raw.find("Content-Type: text/event-stream\r\n"), std::string::npos) << client.raw;
}

TEST_F(server_sent_events_test, a_call_is_answered_in_an_event) {
    start();
    const std::string token = new_token();
    raw_client client = connect_events(token);
    EXPECT_EQ(say(token, invocation_message("1", "Asked", "\"id\"")).status, 200);
    const std::string got = take(client);
    EXPECT_TRUE(got.starts_with("data: {\"type\":3,\"invocationId\":\"1\",\"result\":\"1 ServerSentEvents json /hub")) << got;
    EXPECT_TRUE(got.ends_with("}\n\r\n\r\n")) << got;
}

// S23
TEST_F(server_sent_events_test, many_posts_at_once_are_taken_one_by_one) {
    start();
    const std::string token = new_token();
    raw_client events = connect_events(token);
    const std::string request = request_for("POST", token, {}, invocation_message("1", "Echo", "\"x\"") + record_end);
    std::vector<raw_client> clients;
    for (int count = 0; count < 100; ++count) {
        clients.push_back(connect());
        // Half of each: the first one has to be whole before the second is read.
        clients.back().write(request.substr(0, 100));
        settle(clients.back());
    }
    for (std::size_t index = clients.size(); index-- > 0;) {
        clients[index].write(request.substr(100));
        run();
    }
    for (raw_client& client : clients)
        EXPECT_EQ(answer_to(client).status, 200);
    const std::string got = take(events), completion = "{\"type\":3,\"invocationId\":\"1\"";
    std::size_t answers = 0;
    for (std::size_t at = got.find(completion); at != std::string::npos; at = got.find(completion, at + 1))
        ++answers;
    EXPECT_EQ(answers, 100u) << got;
}

TEST_F(server_sent_events_test, maximum_post_size_answers_with_413) {
    start({.maximum_post_size = 100});
    const std::string token = new_token();
    raw_client events = connect_events(token);
    EXPECT_EQ(post(token, std::string(101, ' ')).status, 413);
    EXPECT_EQ(count().http_requests_refused, 1u);
    EXPECT_EQ(say(token, invocation_message("1", "Add", "1,2")).status, 200);
    EXPECT_NE(take(events).find("\"result\":3"), std::string::npos);
}

TEST_F(server_sent_events_test, an_old_client_gets_the_stream_without_chunks) {
    start();
    const std::string token = new_token();
    raw_client client = connect();
    client.write("GET /hub?id=" + token + " HTTP/1.0\r\nHost: here\r\n" + std::string(accept_events) + "\r\n");
    settle(client);
    EXPECT_EQ(client.raw.find("Transfer-Encoding"), std::string::npos);
    EXPECT_TRUE(client.raw.ends_with("\r\n\r\n:\r\n")) << client.raw;
    client.raw.clear();
    post(token, json_handshake);
    settle(client);
    EXPECT_EQ(client.raw, "data: {}\x1e\r\n\r\n");
}

TEST_F(server_sent_events_test, a_silent_stream_gets_pings) {
    start({.keep_alive_interval = 15s});
    const std::string token = new_token();
    raw_client client = connect_events(token);
    pass(16s);
    EXPECT_EQ(take(client), "data: {\"type\":6}\n\r\n\r\n");
}

TEST_F(server_sent_events_test, an_abort_ends_the_answer_in_order) {
    start();
    const std::string token = new_token();
    raw_client client = connect_events(token);
    EXPECT_EQ(say(token, invocation_message("", "Abort")).status, 200);
    EXPECT_EQ(take(client), "data: {\"type\":7}\n\r\n\r\n[end]");
    EXPECT_TRUE(client.ended);
    EXPECT_EQ(post(token, "x").status, 404);
    client.leave();
    run();
    EXPECT_EQ(world_->times("disconnected:"), 1u);
    expect_nothing_left_in_time();
}

TEST_F(server_sent_events_test, a_stop_ends_it_with_a_word) {
    start();
    raw_client client = connect_events(new_token());
    core_->stop(5s, [] {});
    run();
    EXPECT_EQ(take(client), "data: {\"type\":7,\"allowReconnect\":true}\n\r\n\r\n[end]");
}

TEST_F(server_sent_events_test, who_closes_the_stream_is_gone) {
    start();
    const std::string token = new_token();
    raw_client client = connect_events(token);
    client.leave();
    run();
    EXPECT_EQ(post(token, "x").status, 404);
    expect_nothing_left_in_time();
    raw_client half = connect_events(new_token());
    half.half_close();
    run();
    EXPECT_EQ(world_->times("disconnected:"), 2u);
}

TEST_F(server_sent_events_test, a_second_stream_is_refused) {
    start();
    const std::string token = new_token();
    raw_client client = connect_events(token);
    EXPECT_EQ(answered(request_for("GET", token, accept_events)).status, 409);
    EXPECT_EQ(get(token).body, "Cannot change transports mid-connection");
    EXPECT_EQ(remove(token).status, 400);
    say(token, invocation_message("1", "Add", "1,2"));
    EXPECT_NE(take(client).find("\"result\":3"), std::string::npos);
}

TEST_F(server_sent_events_test, who_does_not_read_is_dropped_and_the_others_are_served) {
    start({.maximum_outbox = 10'000});
    const std::string lazy = new_token(), keen = new_token();
    raw_client client = connect_events(lazy, 4096);
    raw_client other = connect_events(keen);
    const std::string text(3000, 'x');
    for (int count = 0; count < 10; ++count)
        say(keen, invocation_message("", "Say", "\"all\",[],\"" + text + "\""));
    EXPECT_EQ(post(lazy, "x").status, 404);
    EXPECT_EQ(count().outboxes_overflowed, 1u);
    const std::string got = take(other);
    EXPECT_EQ(std::count(got.begin(), got.end(), '\n') / 3, 10);
}

TEST_F(server_sent_events_test, who_reads_nothing_for_too_long_is_dropped) {
    start({.write_deadline = 10s});
    const std::string token = new_token();
    raw_client client = connect_events(token, 4096);
    say(token, invocation_message("", "Fill", "20000"));
    pass(9s);
    EXPECT_EQ(count().connections, 1u);
    pass(3s);
    EXPECT_EQ(count().connections, 0u);
}

TEST_F(server_sent_events_test, what_is_read_slowly_arrives_whole) {
    start();
    const std::string token = new_token();
    raw_client client = connect_events(token, 1000);
    say(token, invocation_message("", "Fill", "50000"));
    say(token, invocation_message("1", "Count", "20", 4));
    const std::string got = take(client);
    EXPECT_NE(got.find(std::string(50000, 'x')), std::string::npos);
    EXPECT_NE(got.find("\"item\":20"), std::string::npos);
    EXPECT_EQ(got.find("[cut]"), std::string::npos);
}

TEST_F(server_sent_events_test, what_the_client_sends_on_the_stream_is_not_read_for_ever) {
    start();
    const std::string token = new_token();
    raw_client client = connect_events(token);
    for (int count = 0; count < 10; ++count) {
        client.write(std::string(10'000, 'x'));
        run();
    }
    EXPECT_EQ(post(token, "x").status, 404);
}

TEST_F(server_sent_events_test, a_hub_may_do_without) {
    start({.transports = transport_types::web_sockets});
    EXPECT_NE(negotiate().find("\"availableTransports\":[{\"transport\":\"WebSockets\""), std::string::npos);
    EXPECT_EQ(negotiate().find("ServerSentEvents"), std::string::npos);
    EXPECT_EQ(
        answered(request_for("GET", new_token(), accept_events)).body, "ServerSentEvents transport not supported by this end point type");
}

TEST_F(server_sent_events_test, a_page_of_an_allowed_origin_may_read_it) {
    start({.allowed_origins = {"https://page.example"}});
    const std::string token = new_token();
    raw_client client = connect();
    client.write(request_for("GET", token, std::string(accept_events) + "Origin: https://page.example\r\n"));
    settle(client);
    EXPECT_NE(client.raw.find("Access-Control-Allow-Origin: https://page.example\r\n"), std::string::npos) << client.raw;
}

}  // namespace
}  // namespace asignalr::detail
