// SPDX-License-Identifier: MIT
// Many clients that cost as much as they can: what the server holds for them is counted in bytes of the heap.

#include "../heap_meter.hpp"
#include "http_client.hpp"

#include <algorithm>
#include <cstdint>

namespace asignalr::detail {
namespace {

class flood_test : public http_client_fixture {
protected:
    std::vector<raw_client> connect_many(std::size_t number) {
        std::vector<raw_client> clients;
        clients.reserve(number);
        for (std::size_t count = 0; count < number; ++count)
            clients.push_back(connect_hub());
        return clients;
    }
};

// S26: the pattern of CVE-2026-48779, in which each tiny fragment costs an object.
TEST_F(flood_test, tiny_fragments_on_a_thousand_connections_cost_no_more_than_their_bytes) {
    constexpr std::size_t fragments = 200;
    for (const std::string_view piece : {"x", ""}) {
        SCOPED_TRACE(piece);
        if (!core_) start();
        std::vector<raw_client> clients = connect_many(1000);
        const std::string fragment = client_frame(piece, 0x00);
        for (raw_client& client : clients) {
            client.write(client_frame(piece, 0x01) + fragment);
            settle(client);
        }
        const heap_meter meter;
        for (std::size_t round = 0; round < fragments; ++round) {
            for (raw_client& client : clients)
                client.write(fragment);
            run();
        }
        // A buffer that doubles holds at most twice what is in it.
        const auto bound = static_cast<std::ptrdiff_t>(clients.size() * (2 * fragments * piece.size() + 64));
        EXPECT_LE(meter.growth(), bound);
        EXPECT_EQ(count().connections, 1000u) << "they are within the limit of fragments";
        for (raw_client& client : clients)
            client.leave();
        clients.clear();
        run();
        pass_at_once(std::chrono::seconds(16));
        EXPECT_EQ(count().connections, 0u);
    }
    expect_others_are_served();
}

// S29
TEST_F(flood_test, one_of_a_thousand_clients_does_not_read) {
    constexpr std::size_t outbox = 50'000;
    constexpr std::size_t message = 10'000;
    start({.maximum_outbox = outbox});
    std::vector<raw_client> clients = connect_many(999);
    raw_client blocked = connect_hub(512);
    const std::string say = invocation_message("", "Say", "\"all\",[],\"" + std::string(message, 'x') + "\"");
    std::size_t most = 0;
    for (std::size_t round = 0; round < 2 * outbox / message; ++round) {
        clients.front().send(say);
        run();
        for (raw_client& client : clients) {
            settle(client);
            ASSERT_EQ(client.messages.size(), 1u) << "round " << round;
            client.messages.clear();
        }
        const std::size_t queued = count().queued_bytes;
        ASSERT_LE(queued, outbox + message + 100) << "round " << round;
        most = std::max(most, queued);
    }
    EXPECT_GT(most, outbox / 2);
    EXPECT_EQ(count().outboxes_overflowed, 1u);
    EXPECT_EQ(count().queued_bytes, 0u) << "what waited went with its connection";
    settle(blocked);
    EXPECT_TRUE(blocked.is_over());
}

// S20
TEST_F(flood_test, what_is_negotiated_and_never_claimed_costs_little_and_is_forgotten) {
    constexpr std::size_t number = 20'000;
    start({.maximum_connections = number});
    raw_client client = connect();
    const std::string one = "POST /hub/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n";
    std::string many;
    for (int count = 0; count < 100; ++count)
        many += one;
    const auto flood = [&](std::size_t rounds) {
        for (std::size_t round = 0; round < rounds; ++round) {
            client.write(many);
            settle(client);
            client.raw.clear();
        }
    };
    flood(1);
    const heap_meter meter;
    flood(number / 100 - 1);
    EXPECT_EQ(count().connections, number);
    EXPECT_LE(meter.growth(), static_cast<std::ptrdiff_t>(number * 1024));
    flood(800);
    EXPECT_EQ(count().connections, number);
    EXPECT_EQ(count().negotiations_refused, 80'000u);
    EXPECT_LE(meter.growth(), static_cast<std::ptrdiff_t>(number * 1024));
    pass_at_once(std::chrono::seconds(16));
    EXPECT_EQ(count().connections, 0u);
    EXPECT_LE(meter.growth(), static_cast<std::ptrdiff_t>(number * 32)) << "a table keeps its places and nothing else";
    expect_others_are_served();
}

// S20, S21: the same for those who post as much as they may.
TEST_F(flood_test, what_is_posted_and_never_claimed_costs_its_bytes_and_is_forgotten) {
    constexpr std::size_t number = 2000, early = 4096;
    start();
    const auto flood = [&](std::size_t connections) {
        for (std::size_t count = 0; count < connections; ++count) {
            const std::string token = new_token();
            EXPECT_EQ(post(token, std::string(early, 'x')).status, 200);
            EXPECT_EQ(post(token, std::string(early * 10, 'x')).status, 413);
        }
    };
    flood(1);
    const heap_meter meter;
    flood(number - 1);
    EXPECT_EQ(count().http_requests_refused, number);
    EXPECT_LE(meter.growth(), static_cast<std::ptrdiff_t>(number * (2 * early + 1024)));
    pass_at_once(std::chrono::seconds(16));
    EXPECT_EQ(count().connections, 0u);
    EXPECT_LE(meter.growth(), static_cast<std::ptrdiff_t>(number * 64)) << "a table keeps its places and nothing else";
    expect_others_are_served();
}

// S22
TEST_F(flood_test, five_thousand_parked_polls_are_gone_with_their_clients) {
    start();
    std::vector<raw_client> polls;
    for (int count = 0; count < 5000; ++count)
        polls.push_back(park(connect_polling()));
    EXPECT_EQ(count().sockets, 5000u);
    EXPECT_EQ(count().running_invocations, 0u);
    EXPECT_EQ(lane_->busy_runners(), 0u) << "nobody waits in a coroutine";
    for (raw_client& poll : polls)
        poll.break_off();
    expect_nothing_left_in_time();
}

// S22
TEST_F(flood_test, polls_that_hang_up_in_a_storm_lose_nothing) {
    start();
    const std::string token = connect_polling();
    const heap_meter meter;
    for (int round = 0; round < 1000; ++round) {
        raw_client poll = park(token);
        round % 2 == 0 ? poll.break_off() : poll.leave();
        run();
    }
    EXPECT_EQ(count().sockets, 0u);
    EXPECT_LE(meter.growth(), 64 * 1024);
    say(token, invocation_message("1", "Add", "1,2"));
    EXPECT_NE(get(token).body.find("\"result\":3"), std::string::npos);
}

// S40
TEST_F(flood_test, joining_and_leaving_groups_of_ever_new_names_leaves_nothing) {
    log_->least = log_level::warning;
    start();
    raw_client client = connect_hub();
    const auto join_and_leave = [&](int first, int last) {
        for (int number = first; number < last; ++number) {
            const std::string name = "\"a name of its own " + std::to_string(number) + "\"";
            call(client, "Join", name);
            call(client, "Leave", name);
            client.opcodes.clear();  // of every frame, the client notes one
            client.bytes.clear();
        }
    };
    join_and_leave(0, 1000);
    const heap_meter meter;
    join_and_leave(1000, 30'000);
    EXPECT_LE(meter.growth(), 16 * 1024);
    EXPECT_EQ(count().groups_refused, 0u);
}

// H10
TEST_F(flood_test, ten_megabytes_of_small_messages_in_one_post_pass_in_flat_memory) {
    log_->least = log_level::warning;
    start();
    const std::string token = connect_polling();
    constexpr std::string_view message = "{\"type\":6}\x1e";
    constexpr std::size_t number = 10'000'000 / message.size();
    std::string some;
    for (int count = 0; count < 500; ++count)
        some += message;
    raw_client client = connect();
    std::string head = request_for("POST", token, "Content-Length: " + std::to_string(number * message.size()) + "\r\n");
    head.erase(head.find("Content-Length: 0\r\n"), std::string_view("Content-Length: 0\r\n").size());
    const std::uint64_t before = count().messages_received;
    client.write(head + some);
    settle(client);
    const std::size_t base = heap_meter::live_bytes();
    heap_meter::reset_peak();
    std::size_t sent = 500;
    for (; sent + 500 <= number; sent += 500) {
        ASSERT_EQ(client.write(some), some.size());
        settle(client);
    }
    client.write(std::string_view(some).substr(0, (number - sent) * message.size()));
    EXPECT_LE(heap_meter::peak_bytes() - base, 64u * 1024);
    EXPECT_EQ(answer_to(client).status, 200);
    EXPECT_EQ(count().messages_received - before, number);
}

}  // namespace
}  // namespace asignalr::detail
