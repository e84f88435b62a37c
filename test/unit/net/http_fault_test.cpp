// SPDX-License-Identifier: MIT
#include "http_fixture.hpp"

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

class http_fault_test : public http_fixture {
protected:
    void expect_nothing_left() {
        EXPECT_EQ(connections_->count(), 0u);
        EXPECT_TRUE(lane_->sweep().empty());
    }
};

constexpr std::string_view request = "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody";

TEST_F(http_fault_test, a_silent_connection_is_closed_without_a_word) {
    auto client = connect();
    pass(129s);
    EXPECT_EQ(connections_->count(), 1u);
    pass(3s);
    EXPECT_EQ(collect(client), "");
    EXPECT_TRUE(client.ended);
    expect_nothing_left();
}

TEST_F(http_fault_test, the_idle_time_begins_anew_with_each_answer) {
    auto client = connect();
    for (int round = 0; round < 3; ++round) {
        pass(100s);
        EXPECT_EQ(exchange_bytes(client, request), answer_of("POST /a body"));
    }
}

TEST_F(http_fault_test, slow_headers_are_answered_with_408) {
    auto client = connect();
    for (int second = 0; second < 31; ++second) {
        client.write(second == 0 ? "GET / HTTP/1.1\r\nA: " : "b");
        pass(1s);
    }
    pass(1s);
    EXPECT_EQ(collect(client), answer_of("The request headers took too long.\n", "408 Request Timeout", closing));
    EXPECT_TRUE(client.ended);
    client.leave();
    run();
    expect_nothing_left();
}

TEST_F(http_fault_test, slow_bodies_are_answered_with_408) {
    auto client = connect();
    client.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n");
    for (int second = 0; second < 7; ++second) {
        client.write("b");
        pass(1s);
    }
    EXPECT_EQ(collect(client), answer_of("The request body took too long.\n", "408 Request Timeout", closing));
    EXPECT_EQ(handler_.handled, 0);
}

TEST_F(http_fault_test, a_handler_may_take_its_time) {
    std::shared_ptr<exchange> waiting;
    handler_.script = [&](std::shared_ptr<exchange> arrived) { waiting = std::move(arrived); };
    auto client = connect();
    client.write(request);
    pass(1000s);
    EXPECT_FALSE(waiting->abandoned());
    waiting->respond({.body = "late"});
    EXPECT_EQ(collect(client), answer_of("late"));
}

TEST_F(http_fault_test, who_does_not_read_the_answer_is_dropped) {
    handler_.script = [](std::shared_ptr<exchange> arrived) { arrived->respond({.body = std::string(100'000, 'x')}); };
    auto client = connect(1000);
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    pass(4s);
    client.read();  // 1000 bytes buy 4 seconds
    pass(4s);
    EXPECT_EQ(connections_->count(), 1u);
    pass(3s);
    expect_nothing_left();
}

TEST_F(http_fault_test, short_times_are_kept_to_a_tick) {
    connections_ = std::make_unique<http_connections>(*lane_, handler_, http_options{.header_timeout = 500ms}, nullptr);
    auto client = connect();
    client.write("GET");
    run();
    pass(250ms);
    EXPECT_EQ(collect(client), "");
    pass(250ms);
    EXPECT_TRUE(collect(client).starts_with("HTTP/1.1 408"));
}

TEST_F(http_fault_test, half_closing_behind_the_request_still_gets_the_answer) {
    auto client = connect();
    client.write(request);
    client.stream().shutdown_send();
    EXPECT_EQ(collect(client), answer_of("POST /a body"));
    EXPECT_TRUE(client.ended);
    expect_nothing_left();
}

TEST_F(http_fault_test, half_closing_gets_answers_that_come_later_and_those_of_the_pipeline) {
    std::vector<std::shared_ptr<exchange>> waiting;
    handler_.script = [&](std::shared_ptr<exchange> arrived) { waiting.push_back(std::move(arrived)); };
    auto client = connect();
    client.write(request);
    client.write(request);
    client.stream().shutdown_send();
    run();
    ASSERT_EQ(waiting.size(), 1u);
    EXPECT_FALSE(waiting[0]->abandoned());
    waiting[0]->respond({.body = "one"});
    EXPECT_EQ(waiting.size(), 1u) << "not within the call that answers";
    run();
    ASSERT_EQ(waiting.size(), 2u);
    waiting[1]->respond({.body = "two"});
    EXPECT_EQ(collect(client), answer_of("one") + answer_of("two", "200 OK", closing));
    EXPECT_TRUE(client.ended);
    expect_nothing_left();
}

TEST_F(http_fault_test, the_end_at_every_byte_leaves_nothing_behind) {
    for (std::size_t sent = 0; sent < request.size(); ++sent) {
        auto client = connect();
        client.write(request.substr(0, sent));
        if (sent % 2 == 0) run();
        client.stream().shutdown_send();
        EXPECT_EQ(collect(client), "") << sent;
        EXPECT_TRUE(client.ended) << sent;
        expect_nothing_left();
    }
    EXPECT_EQ(handler_.handled, 0);
}

TEST_F(http_fault_test, a_reset_at_every_byte_leaves_nothing_behind) {
    for (std::size_t sent = 0; sent <= request.size(); ++sent) {
        for (const bool seen : {false, true}) {
            auto client = connect();
            client.write(request.substr(0, sent));
            if (seen) run();
            client.stream().reset();
            run();
            expect_nothing_left();
        }
    }
}

TEST_F(http_fault_test, a_reset_abandons_the_exchange) {
    std::shared_ptr<exchange> waiting;
    handler_.script = [&](std::shared_ptr<exchange> arrived) { waiting = std::move(arrived); };
    auto client = connect();
    client.write(request);
    run();
    EXPECT_FALSE(waiting->abandoned());
    client.stream().reset();
    run();
    EXPECT_TRUE(waiting->abandoned());
    waiting->respond({.body = "nobody"});
    expect_nothing_left();
}

TEST_F(http_fault_test, a_reset_during_the_answer_ends_the_connection) {
    handler_.script = [](std::shared_ptr<exchange> arrived) { arrived->respond({.body = std::string(100'000, 'x')}); };
    auto client = connect(1000);
    client.write(request);
    run();
    EXPECT_EQ(connections_->count(), 1u);
    client.stream().reset();
    run();
    expect_nothing_left();
}

TEST_F(http_fault_test, a_reset_in_front_of_the_answer_ends_the_connection) {
    memory_stream* client_end = nullptr;
    handler_.script = [&](std::shared_ptr<exchange> arrived) {
        client_end->reset();
        arrived->respond({.body = "nobody"});
    };
    auto client = connect();
    client_end = &client.stream();
    client.write(request);
    run();
    expect_nothing_left();
}

TEST_F(http_fault_test, who_goes_on_sending_after_a_refusal_is_read_for_a_while_and_then_closed) {
    auto client = connect(8 * 1024);
    EXPECT_EQ(exchange_bytes(client, "nonsense\r\n").substr(0, 12), "HTTP/1.1 400");
    EXPECT_TRUE(client.ended);
    std::size_t sent = 0;
    const std::string more(4096, 'm');
    while (client.write(more)) {
        sent += more.size();
        run();
        ASSERT_LT(sent, 200'000u);
    }
    EXPECT_GT(sent, 64u * 1024);
    expect_nothing_left();
}

TEST_F(http_fault_test, who_stays_after_a_refusal_is_closed_within_a_second) {
    auto client = connect();
    exchange_bytes(client, "nonsense\r\n");
    EXPECT_EQ(connections_->count(), 1u);
    pass(750ms);
    EXPECT_EQ(connections_->count(), 1u);
    pass(250ms);
    expect_nothing_left();
}

TEST_F(http_fault_test, a_refusal_reaches_who_was_still_sending) {
    auto client = connect();
    client.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n");
    client.write(std::string(20000, 'b'));
    EXPECT_EQ(collect(client), answer_of("The request body is too long.\n", "413 Content Too Large", closing));
    EXPECT_TRUE(client.ended);
    EXPECT_FALSE(client.reset);
}

TEST_F(http_fault_test, closing_all_from_within_a_handler_is_safe) {
    handler_.script = [this](std::shared_ptr<exchange> arrived) {
        connections_->close_all();
        EXPECT_TRUE(arrived->abandoned());
        arrived->respond({.body = "nobody"});
    };
    auto first = connect();
    auto second = connect();
    first.write(std::string(request) + std::string(request));
    collect(first);
    collect(second);
    EXPECT_TRUE(second.ended);
    expect_nothing_left();
}

}  // namespace
}  // namespace asignalr::detail
