// SPDX-License-Identifier: MIT
// Each limit of a handler of bytes can be set, and is met as that of a hub. Those of reading and writing: raw_connection_test.cpp.

#include "net/memory_stream.hpp"
#include "raw_connection_fixture.hpp"

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

class raw_limits_test : public raw_connection_fixture {
protected:
    std::string open_polling() {
        const std::string token = raw_token();
        EXPECT_EQ(send("GET", token).status, 200);
        return token;
    }
};

TEST_F(raw_limits_test, maximum_connections_answers_with_503) {
    serve_echo({.maximum_connections = 1});
    raw_client first = open();
    const http_answer refused = answered("POST /raw/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(answered(upgrade_request("/raw")).status, 503);
    EXPECT_EQ(count().negotiations_refused, 2u);
    ASSERT_FALSE(log_->important.empty());
    EXPECT_NE(log_->important[0].find("raw_connection_options::maximum_connections"), std::string::npos) << log_->important[0];
}

TEST_F(raw_limits_test, maximum_post_size_answers_with_413) {
    serve_echo({.maximum_post_size = 10});
    const std::string token = open_polling();
    EXPECT_EQ(send("POST", token, std::string(10, 'x')).status, 200);
    EXPECT_EQ(send("POST", token, std::string(11, 'x')).status, 413);
    EXPECT_EQ(count().http_requests_refused, 1u);
    EXPECT_EQ(send("GET", token).body, std::string(10, 'x'));
}

TEST_F(raw_limits_test, maximum_early_post_answers_with_413) {
    serve_echo({.maximum_early_post = 10});
    const std::string token = raw_token();
    EXPECT_EQ(send("POST", token, std::string(10, 'x')).status, 200);
    EXPECT_EQ(send("POST", token, "y").status, 413);
    EXPECT_EQ(count().http_requests_refused, 1u);
    ASSERT_FALSE(log_->important.empty());
    EXPECT_NE(log_->important[0].find("raw_connection_options::maximum_early_post"), std::string::npos) << log_->important[0];
    EXPECT_EQ(send("GET", token).status, 200);
    EXPECT_EQ(send("GET", token).body, std::string(10, 'x'));
}

TEST_F(raw_limits_test, maximum_connections_per_address_answers_with_503) {
    serve_echo({.maximum_connections_per_address = 1});
    raw_client client = connect(64 * 1024, "192.0.2.7");
    for (const std::string_view status : {"200", "503"}) {
        client.raw.clear();
        client.write("POST /raw/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n");
        settle(client);
        EXPECT_EQ(client.raw.substr(9, 3), status);
    }
    EXPECT_EQ(count().negotiations_refused, 1u);
}

TEST_F(raw_limits_test, disconnect_timeout_forgets_who_stays_away) {
    serve_echo({.disconnect_timeout = 3s});
    const std::string never_opened = raw_token();
    const std::string not_polled = open_polling();
    pass(2750ms);
    EXPECT_EQ(count().connections, 2u);
    pass(1500ms);
    EXPECT_EQ(send("GET", never_opened).status, 404);
    EXPECT_EQ(send("GET", not_polled).status, 404);
    EXPECT_EQ(count().connections, 0u);
}

TEST_F(raw_limits_test, poll_timeout_answers_a_poll_with_nothing) {
    serve_echo({.poll_timeout = 3s});
    const std::string token = open_polling();
    raw_client polling = connect();
    polling.write("GET /raw?id=" + token + " HTTP/1.1\r\nHost: here\r\n\r\n");
    pass(2750ms);
    EXPECT_EQ(answer_to(polling).status, 0);
    pass(1500ms);
    const http_answer empty = answer_to(polling);
    EXPECT_EQ(empty.status, 200);
    EXPECT_EQ(empty.body, "");
    EXPECT_EQ(send("POST", token, "still here").status, 200);
}

TEST_F(raw_limits_test, write_deadline_drops_who_takes_nothing) {
    serve(
        [](raw_connection client) -> task<void> {
            co_await client.read();
            co_await client.write(std::string(100'000, 'x'));
        },
        {.write_deadline = 2s});
    raw_client client = connect_websocket(1024, "/raw");
    client.write(client_frame("go"));
    run();
    pass(1750ms);
    EXPECT_EQ(count().connections, 1u);
    pass(1s);
    EXPECT_EQ(count().connections, 0u);
    EXPECT_EQ(count().outboxes_overflowed, 1u);
    ASSERT_FALSE(log_->important.empty());
    EXPECT_NE(log_->important[0].find("write_deadline"), std::string::npos) << log_->important[0];
}

TEST_F(raw_limits_test, close_timeout_closes_who_does_not_answer_close) {
    serve([](raw_connection) -> task<void> { co_return; }, {.close_timeout = 2s});
    raw_client client = open();
    settle(client);
    EXPECT_EQ(client.close_code, 1000u);
    pass(1750ms);
    settle(client);
    EXPECT_FALSE(client.is_over());
    pass(1500ms);
    settle(client);
    EXPECT_TRUE(client.is_over());
    EXPECT_EQ(count().sockets, 0u);
}

TEST_F(raw_limits_test, client_timeout_is_how_long_bytes_may_be_unacknowledged) {
    serve_echo({.client_timeout = 7s});
    raw_client client = open();
    EXPECT_EQ(server_end_->unacknowledged_timeout(), 7s);
    const std::string token = raw_token();
    raw_client reading = connect();
    reading.write("GET /raw?id=" + token + " HTTP/1.1\r\nHost: here\r\nAccept: text/event-stream\r\n\r\n");
    settle(reading);
    EXPECT_EQ(server_end_->unacknowledged_timeout(), 7s);
}

}  // namespace
}  // namespace asignalr::detail
