// SPDX-License-Identifier: MIT
#include "http_fixture.hpp"

namespace asignalr::detail {
namespace {

class http_connection_test : public http_fixture {};

TEST_F(http_connection_test, answers_and_waits_for_the_next_request) {
    auto client = connect();
    EXPECT_EQ(exchange_bytes(client, "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n"), answer_of("GET /a "));
    EXPECT_EQ(
        exchange_bytes(client, "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody"),
        answer_of("POST /b body"));
    EXPECT_EQ(
        exchange_bytes(
            client, "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n"),
        answer_of("POST /c body"));
    EXPECT_FALSE(client.ended);
    EXPECT_EQ(connections_->count(), 1u);
}

TEST_F(http_connection_test, head_has_the_length_and_no_body) {
    auto client = connect();
    EXPECT_EQ(
        exchange_bytes(client, "HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n"),
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 8\r\n\r\n");
    EXPECT_EQ(exchange_bytes(client, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"), answer_of("GET /a "));
}

TEST_F(http_connection_test, statuses_without_a_body_have_no_length) {
    for (const int status : {204, 304}) {
        handler_.script = [&](std::shared_ptr<exchange> arrived) {
            arrived->respond({.status = status, .body = "dropped", .content_type = ""});
        };
        auto client = connect();
        const std::string answer = exchange_bytes(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_EQ(answer, status == 204 ? "HTTP/1.1 204 No Content\r\n\r\n" : "HTTP/1.1 304 Not Modified\r\n\r\n");
    }
}

TEST_F(http_connection_test, headers_of_the_answer_cannot_break_out) {
    handler_.script = [](std::shared_ptr<exchange> arrived) {
        arrived->respond(
            {.body = "x",
             .content_type = "text/html\r\nX-Evil: 1",
             .headers = {
                 {"X-Good", "yes"},
                 {"X-Split", "a\r\nX-Evil: 1"},
                 {"X-Name: y\r\nX-Evil", "1"},
                 {"content-length", "99"},
                 {"Transfer-Encoding", "chunked"},
                 {"connection", "upgrade"},
                 {"Date", "never"}}});
    };
    auto client = connect();
    EXPECT_EQ(
        exchange_bytes(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nX-Good: yes\r\n\r\nx");
}

TEST_F(http_connection_test, old_and_closing_clients_are_closed_behind_the_answer) {
    for (const char* request :
         {"GET /a HTTP/1.0\r\n\r\n", "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
          "GET /a HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n"}) {
        auto client = connect();
        EXPECT_EQ(exchange_bytes(client, request), answer_of("GET /a ", "200 OK", closing));
        EXPECT_TRUE(client.ended);
        client.leave();
        run();
        EXPECT_EQ(connections_->count(), 0u);
    }
}

TEST_F(http_connection_test, fifty_pipelined_requests_are_answered_in_order) {
    std::string requests, answers;
    for (int index = 0; index < 50; ++index) {
        const std::string path = "/" + std::to_string(index);
        requests += "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
        answers += answer_of("GET " + path + " ");
    }
    auto client = connect();
    EXPECT_EQ(exchange_bytes(client, requests), answers);
    EXPECT_EQ(handler_.handled, 50);
}

TEST_F(http_connection_test, an_error_at_k_drops_what_stands_behind) {
    for (int k = 0; k < 10; ++k) {
        std::string requests, answers;
        for (int index = 0; index < 10; ++index) {
            requests += index == k ? "GET / HTTP/1.1\nHost: x\r\n\r\n" : "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
            if (index < k) answers += answer_of("GET / ");
        }
        answers += answer_of("A line must end with CR LF.\n", "400 Bad Request", closing);
        handler_.handled = 0;
        auto client = connect();
        EXPECT_EQ(exchange_bytes(client, requests), answers);
        EXPECT_EQ(handler_.handled, k);
        EXPECT_TRUE(client.ended);
    }
}

TEST_F(http_connection_test, requests_wait_for_an_answer_that_comes_later) {
    std::vector<std::shared_ptr<exchange>> waiting;
    handler_.script = [&](std::shared_ptr<exchange> arrived) { waiting.push_back(std::move(arrived)); };
    auto client = connect();
    EXPECT_EQ(exchange_bytes(client, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3"), "");
    ASSERT_EQ(waiting.size(), 1u);
    waiting[0]->respond({.body = "one"});
    EXPECT_EQ(collect(client), answer_of("one"));
    ASSERT_EQ(waiting.size(), 2u);
    EXPECT_EQ(exchange_bytes(client, " HTTP/1.1\r\nHost: x\r\n\r\n"), "");
    waiting[1]->respond({.body = "two"});
    EXPECT_EQ(collect(client), answer_of("two"));
    ASSERT_EQ(waiting.size(), 3u);
    EXPECT_EQ(waiting[2]->request().path(), "/3");
    waiting[0]->respond({.body = "again"});
    EXPECT_EQ(collect(client), "") << "a second answer is dropped";
}

TEST_F(http_connection_test, reading_stops_while_an_answer_is_awaited) {
    std::shared_ptr<exchange> waiting;
    handler_.script = [&](std::shared_ptr<exchange> arrived) { waiting = std::move(arrived); };
    auto client = connect(1024 * 1024);
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    client.write(std::string(200'000, '\r'));
    for (int turn = 0; turn < 100; ++turn)
        run();
    // 16 KiB with the request and as much behind it at most; what was not read makes the close a reset.
    connections_->close_all();
    EXPECT_TRUE(waiting->abandoned());
    client.read();
    EXPECT_TRUE(client.reset);
}

TEST_F(http_connection_test, an_unanswered_exchange_is_answered_with_500) {
    handler_.script = [](std::shared_ptr<exchange> arrived) { arrived.reset(); };
    auto client = connect();
    EXPECT_EQ(
        exchange_bytes(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        answer_of("The request was not answered.", "500 Internal Server Error"));
    EXPECT_EQ(connections_->count(), 1u);
}

TEST_F(http_connection_test, a_refusing_handler_closes) {
    handler_.script = [](std::shared_ptr<exchange> arrived) {
        arrived->respond_and_close({.status = 403, .body = "no"});
    };
    auto client = connect();
    EXPECT_EQ(
        exchange_bytes(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        answer_of("no", "403 Forbidden", closing));
    EXPECT_TRUE(client.ended);
}

TEST_F(http_connection_test, statuses_of_the_library_cannot_be_answered) {
    handler_.script = [](std::shared_ptr<exchange> arrived) { arrived->respond({.status = 101}); };
    auto client = connect();
    EXPECT_EQ(exchange_bytes(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"), answer_of("", "500 Internal Server Error"));
}

TEST_F(http_connection_test, continue_is_sent_when_the_body_is_wanted) {
    auto client = connect();
    EXPECT_EQ(
        exchange_bytes(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"),
        "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(exchange_bytes(client, "body"), answer_of("POST / body"));

    EXPECT_EQ(
        exchange_bytes(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nbody"),
        answer_of("POST / body"))
        << "who does not wait needs no permission";

    EXPECT_EQ(
        exchange_bytes(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n"),
        answer_of("The request body is too long.\n", "413 Content Too Large", closing));
    EXPECT_TRUE(client.ended);
}

TEST_F(http_connection_test, bodies_have_the_handlers_limit) {
    const std::string exact(1000, 'b');
    auto client = connect();
    EXPECT_EQ(
        exchange_bytes(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + exact),
        answer_of("POST / " + exact));
    EXPECT_EQ(
        exchange_bytes(
            client,
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + exact + "\r\n0\r\n\r\n"),
        answer_of("POST / " + exact));
    EXPECT_EQ(
        exchange_bytes(
            client, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + exact + "\r\n1\r\nb"),
        answer_of("The request body is too long.\n", "413 Content Too Large", closing));
    EXPECT_EQ(handler_.handled, 2);
    EXPECT_EQ(lane_->count().http_requests_refused.get(), 1u);
}

// H09
TEST_F(http_connection_test, trailers_change_nothing) {
    handler_.script = [](std::shared_ptr<exchange> arrived) {
        const http_request& request = arrived->request();
        arrived->respond(
            {.body = std::string(request.host()) + (request.header("Authorization") ? " authorized" : " nobody") + (request.header("X-T") ? " told" : "")});
    };
    auto client = connect();
    EXPECT_EQ(
        exchange_bytes(
            client,
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n"
            "1\r\nb\r\n0\r\nHost: y\r\nAuthorization: z\r\nContent-Length: 5\r\nX-T: 1\r\n\r\n"),
        answer_of("x nobody"));
}

TEST_F(http_connection_test, large_answers_reach_a_slow_reader_whole) {
    std::string large;
    for (int index = 0; index < 100'000; ++index)
        large += std::to_string(index);
    handler_.script = [&](std::shared_ptr<exchange> arrived) { arrived->respond({.body = large}); };
    auto client = connect(1000);
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string both = answer_of(large) + answer_of(large);
    for (int turn = 0; turn < 2000 && !client.ended; ++turn) {
        run();
        client.read();
    }
    EXPECT_EQ(without_dates(client.received), both);
}

TEST_F(http_connection_test, an_upgrade_hands_over_the_stream_and_what_came_early) {
    upgraded_stream upgraded;
    websocket_opening wanted = websocket_opening::none;
    handler_.script = [&](std::shared_ptr<exchange> arrived) {
        wanted = arrived->opening();
        upgraded = arrived->upgrade();
        arrived->respond({.body = "too late"});
        EXPECT_FALSE(arrived->abandoned());
        EXPECT_EQ(&arrived->where(), lane_.get());
    };
    auto client = connect();
    EXPECT_EQ(
        exchange_bytes(
            client,
            "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
            "13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\nGET /smuggled HTTP/1.1\r\n"),
        "");
    EXPECT_EQ(wanted, websocket_opening::whole);
    EXPECT_EQ(upgraded.early_bytes, "GET /smuggled HTTP/1.1\r\n");
    EXPECT_EQ(connections_->count(), 0u);
    EXPECT_TRUE(lane_->sweep().empty());
    ASSERT_TRUE(upgraded.stream);

    const std::string_view raw = "raw";
    EXPECT_EQ(upgraded.stream->write_some({&raw, 1}).size, 3u);
    EXPECT_EQ(exchange_bytes(client, "more"), "raw");
    char buffer[8];
    EXPECT_EQ(upgraded.stream->read_some(buffer, sizeof buffer).size, 4u);
}

TEST_F(http_connection_test, an_upgrade_may_come_later) {
    std::shared_ptr<exchange> waiting;
    handler_.script = [&](std::shared_ptr<exchange> arrived) { waiting = std::move(arrived); };
    auto client = connect();
    exchange_bytes(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    exchange_bytes(client, "early");
    const upgraded_stream upgraded = waiting->upgrade();
    EXPECT_EQ(upgraded.early_bytes, "early");
    exchange_bytes(client, "later");
    char buffer[8];
    EXPECT_EQ(upgraded.stream->read_some(buffer, sizeof buffer).size, 5u);
}

TEST_F(http_connection_test, serves_a_stream_of_which_bytes_were_read_already) {
    auto client = connect(64 * 1024, "GET /a HTTP/1.1\r\nHo");
    EXPECT_EQ(exchange_bytes(client, "st: x\r\n\r\n"), answer_of("GET /a "));
    auto whole = connect(64 * 1024, "GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(collect(whole), answer_of("GET /a ") + answer_of("GET /b "));
}

TEST_F(http_connection_test, sockets_are_counted_until_they_are_closed) {
    const counter& sockets = lane_->count().sockets;
    upgraded_stream upgraded;
    handler_.script = [&](std::shared_ptr<exchange> arrived) { upgraded = arrived->upgrade(); };
    auto upgrading = connect();
    auto other = connect();
    auto moving = connect();
    EXPECT_EQ(sockets.get(), 3u);
    exchange_bytes(moving, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto moved = upgraded.stream->move_to(lane_->executor());
    EXPECT_EQ(sockets.get(), 2u) << "it counts where it went to";
    exchange_bytes(upgrading, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(sockets.get(), 2u) << "an upgraded socket is a socket";
    upgraded.stream->close();
    EXPECT_EQ(sockets.get(), 1u);
    upgraded.stream.reset();
    connections_->close_all();
    EXPECT_EQ(sockets.get(), 0u);
}

TEST_F(http_connection_test, an_answer_may_get_headers_beforehand) {
    handler_.script = [](std::shared_ptr<exchange> arrived) {
        arrived->add_headers({{"Vary", "Origin"}, {"X-Evil", "a\r\nb"}});
        arrived->respond({.status = 204, .content_type = "", .headers = {{"X-Own", "1"}}});
    };
    auto client = connect();
    EXPECT_EQ(
        exchange_bytes(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        "HTTP/1.1 204 No Content\r\nX-Own: 1\r\nVary: Origin\r\n\r\n");
}

TEST_F(http_connection_test, an_answer_may_tell_caches_to_keep_nothing) {
    handler_.script = [](std::shared_ptr<exchange> arrived) {
        arrived->never_store();
        arrived->respond({.status = 204, .content_type = ""});
    };
    auto client = connect();
    EXPECT_EQ(
        exchange_bytes(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        "HTTP/1.1 204 No Content\r\nCache-Control: no-cache, no-store\r\nExpires: Thu, 01 Jan 1970 00:00:00 GMT\r\nPragma: no-cache\r\n\r\n");
}

TEST_F(http_connection_test, winding_down_closes_idle_ones_and_others_behind_their_answer) {
    std::shared_ptr<exchange> waiting;
    handler_.script = [&](std::shared_ptr<exchange> arrived) { waiting = std::move(arrived); };
    auto idle = connect();
    auto busy = connect();
    busy.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    run();
    EXPECT_EQ(connections_->count(), 2u);
    connections_->wind_down();
    EXPECT_EQ(connections_->count(), 1u);
    collect(idle);
    EXPECT_TRUE(idle.ended);
    waiting->respond({.body = "done"});
    EXPECT_EQ(collect(busy), answer_of("done", "200 OK", closing));
    EXPECT_TRUE(busy.ended);
}

TEST_F(http_connection_test, an_exchange_outlives_its_connection_and_the_set) {
    std::shared_ptr<exchange> waiting;
    handler_.script = [&](std::shared_ptr<exchange> arrived) { waiting = std::move(arrived); };
    auto client = connect();
    exchange_bytes(client, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    connections_->close_all();
    EXPECT_EQ(connections_->count(), 0u);
    connections_.reset();
    EXPECT_TRUE(waiting->abandoned());
    EXPECT_EQ(waiting->request().path(), "/a");
    EXPECT_EQ(&waiting->where(), lane_.get());
    waiting->respond({.body = "dropped"});
    EXPECT_FALSE(waiting->upgrade().stream);
}

}  // namespace
}  // namespace asignalr::detail
