// SPDX-License-Identifier: MIT
// Handlers of bytes, below hubs, over every transport.

#include <asignalr/base/error.hpp>

#include "raw_connection_fixture.hpp"
#include "server/server_core.hpp"

#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

class raw_connection_test : public raw_connection_fixture {};

TEST_F(raw_connection_test, bytes_come_back_over_a_websocket) {
    serve_echo();
    raw_client client = open();
    client.write(client_frame("one"));
    EXPECT_EQ(received(client), "one");
    client.write(client_frame("bin\0ary", 0x82) + client_frame("two"));
    EXPECT_EQ(received(client), "bintwo");
}

TEST_F(raw_connection_test, and_over_long_polling) {
    serve_echo();
    const std::string token = raw_token();
    EXPECT_EQ(send("GET", token).status, 200);
    EXPECT_EQ(send("POST", token, "hello").status, 200);
    EXPECT_EQ(send("GET", token).body, "hello");
    EXPECT_EQ(send("DELETE", token).status, 202);
    EXPECT_EQ(world_->times("handler left"), 1u);
    EXPECT_EQ(send("GET", token).status, 404);
    expect_nothing_left_in_time();
}

TEST_F(raw_connection_test, a_handler_knows_its_connection) {
    std::string seen;
    serve([&](raw_connection client) -> task<void> {
        seen = std::string(client.transport_name()) + " " + std::string(client.request().path()) + " " +
               std::to_string(client.id().size());
        co_return;
    });
    raw_client client = open();
    settle(client);
    EXPECT_EQ(seen, "WebSockets /raw 22");
    EXPECT_EQ(client.close_code, 1000u) << "it has ended";
}

TEST_F(raw_connection_test, a_client_that_closes_ends_the_reading) {
    serve_echo();
    raw_client client = open();
    client.write(client_frame("last") + client_frame("\x03\xe8", 0x88));
    EXPECT_EQ(received(client), "");
    EXPECT_EQ(world_->times("handler left"), 1u);
    EXPECT_EQ(client.close_code, 1000u);
    client.leave();
    expect_nothing_left_in_time();
}

TEST_F(raw_connection_test, a_client_that_is_lost_too) {
    serve_echo();
    raw_client client = open();
    client.break_off();
    run();
    EXPECT_EQ(world_->times("handler left"), 1u);
    expect_nothing_left_in_time();
}

TEST_F(raw_connection_test, a_handler_that_fails_ends_with_1011_and_is_logged) {
    serve([](raw_connection client) -> task<void> {
        co_await client.read();
        throw std::runtime_error("broken\r\n");
    });
    raw_client client = open();
    client.write(client_frame("x"));
    settle(client);
    EXPECT_EQ(client.close_code, 1011u);
    ASSERT_EQ(log_->important.size(), 1u);
    EXPECT_NE(log_->important[0].find("broken"), std::string::npos);
    EXPECT_EQ(log_->important[0].find('\r'), std::string::npos);
}

TEST_F(raw_connection_test, what_is_not_read_waits_with_the_client) {
    serve(
        [this](raw_connection client) -> task<void> {
            co_await wait_at_gate(*world_);
            std::size_t size = 0;
            while (const auto bytes = co_await client.read()) {
                size += bytes->size();
                world_->events.push_back("read:" + std::to_string(size));
            }
        },
        {.maximum_unread = 1000});
    raw_client client = connect_websocket(4096, "/raw");
    std::string rest;
    for (int count = 0; count < 1000; ++count)
        rest += client_frame(std::string(100, 'x'));
    const auto offer = [&] {
        for (std::size_t taken = 1; taken > 0; rest.erase(0, taken)) {
            taken = client.write(rest);
            run();
        }
    };
    offer();
    EXPECT_GT(rest.size(), 80'000u);
    EXPECT_GE(count().reading_paused, 1u);
    world_->open_gate();
    for (int turn = 0; turn < 1000 && !rest.empty(); ++turn) {
        run();
        offer();
    }
    EXPECT_EQ(world_->times("read:100000"), 1u);
}

TEST_F(raw_connection_test, a_writer_waits_for_a_slow_client) {
    int written = 0;
    serve(
        [&](raw_connection client) -> task<void> {
            co_await client.read();
            for (; written < 100; ++written)
                co_await client.write(std::string(1000, 'x'));
        },
        {.maximum_outbox = 10'000});
    raw_client client = connect_websocket(1024, "/raw");
    client.write(client_frame("go"));
    run();
    EXPECT_LT(written, 20);
    std::string all;
    for (int turn = 0; turn < 1000 && client.close_code == 0; ++turn)
        all += received(client);
    EXPECT_EQ(all.size(), 100'000u);
    EXPECT_EQ(count().outboxes_overflowed, 0u);
}

TEST_F(raw_connection_test, a_client_that_takes_nothing_is_dropped) {
    serve([](raw_connection client) -> task<void> {
        co_await client.read();
        co_await client.write(std::string(100'000, 'x'));
    });
    raw_client client = connect_websocket(1024, "/raw");
    client.write(client_frame("go"));
    run();
    pass(9s);
    EXPECT_EQ(count().connections, 1u);
    pass(3s);
    EXPECT_EQ(count().connections, 0u);
    EXPECT_EQ(count().outboxes_overflowed, 1u);
}

TEST_F(raw_connection_test, an_abort_is_told_to_the_handler) {
    bool failed = false;
    serve([&](raw_connection client) -> task<void> {
        client.abort();
        EXPECT_FALSE((co_await client.read()).has_value());
        try {
            co_await client.write("x");
        } catch (const std::system_error& error) {
            failed = error.code() == errc::connection_closed;
        }
    });
    raw_client client = connect();
    client.write(upgrade_request("/raw"));
    settle(client);
    EXPECT_TRUE(failed);
    EXPECT_TRUE(client.is_over());
    EXPECT_EQ(count().connections, 0u);
}

TEST_F(raw_connection_test, a_stop_ends_the_reading_and_at_its_deadline_the_handler) {
    serve([this](raw_connection client) -> task<void> {
        const event_at_end left(*world_, "handler left");
        co_await client.read();
        world_->events.push_back("read");
        co_await wait_at_gate(*world_);
    });
    raw_client client = open();
    bool stopped = false;
    core_->stop(5s, [&] { stopped = true; });
    settle(client);
    EXPECT_EQ(client.close_code, 1001u);
    EXPECT_EQ(world_->times("read"), 1u);
    EXPECT_EQ(world_->times("handler left"), 0u);
    pass(7s);
    EXPECT_EQ(world_->times("handler left"), 1u);
    EXPECT_TRUE(stopped);
}

TEST_F(raw_connection_test, a_server_that_is_dropped_lets_go_of_everything) {
    serve_echo();
    raw_client client = open();
    core_->drop();
    run();
    EXPECT_EQ(world_->times("handler left"), 1u);
    client.read();
    EXPECT_TRUE(client.is_over());
}

}  // namespace
}  // namespace asignalr::detail
