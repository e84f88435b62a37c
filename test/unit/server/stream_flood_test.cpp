// SPDX-License-Identifier: MIT
// Streams in both directions, more than anybody needs.

#include "../heap_meter.hpp"
#include "server_fixture.hpp"

#include <functional>

namespace asignalr::detail {
namespace {

class stream_flood_test : public server_fixture {
protected:
    /// Sends and forgets what comes back.
    void flood(raw_client& client, int first, int last, const std::function<std::string(const std::string& id)>& message) {
        for (int number = first; number < last; ++number) {
            client.send(message(std::to_string(number)));
            if (number % 100 == 0) forget(client);
        }
        forget(client);
    }
    void forget(raw_client& client) {
        settle(client);
        client.messages.clear();
        client.bytes.clear();
        client.opcodes.clear();
        world_->events.clear();
    }
};

// S37
TEST_F(stream_flood_test, items_for_a_hundred_thousand_unknown_streams_leave_nothing) {
    log_->least = log_level::warning;
    start();
    raw_client client = connect_hub();
    const auto item = [](const std::string& id) { return item_message(id, "1"); };
    const auto end = [](const std::string& id) { return upload_end(id); };
    flood(client, 0, 1000, item);
    const heap_meter meter;
    flood(client, 1000, 50'000, item);
    flood(client, 50'000, 100'000, end);
    EXPECT_LE(meter.growth(), 16 * 1024);
    EXPECT_EQ(call(client, "Add", "1,2"), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n");
}

// S37
TEST_F(stream_flood_test, uploads_one_after_the_other_leave_nothing) {
    log_->least = log_level::warning;
    start();
    raw_client client = connect_hub();
    const auto begin = [](const std::string& id) { return upload_invocation(id, "Sum", "u" + id); };
    const auto end = [](const std::string& id) { return upload_end("u" + id); };
    const auto round = [&](int first, int last) {
        for (int number = first; number < last; number += 50) {
            flood(client, number, number + 50, begin);
            flood(client, number, number + 50, end);
        }
    };
    round(0, 1000);
    const heap_meter meter;
    round(1000, 20'000);
    EXPECT_LE(meter.growth(), 16 * 1024);
    EXPECT_EQ(count().streams_refused, 0u);
    EXPECT_EQ(count().running_invocations, 0u);
}

// S37: it has been closed when its method ended.
TEST_F(stream_flood_test, items_behind_the_end_of_their_method_are_ignored) {
    start();
    raw_client client = connect_hub();
    client.send(upload_invocation("1", "SumLater", "a"));
    client.send(item_message("a", "1"));
    EXPECT_EQ(ask(client, cancel_message("1")).find("\"error\"") != std::string::npos, true);
    for (int number = 0; number < 100; ++number)
        client.send(item_message("a", "1"));
    client.write(client_frame("still read", 0x89));
    settle(client);
    EXPECT_EQ(client.pongs.size(), 1u);
    EXPECT_EQ(count().reading_paused, 0u);
    client.send(upload_invocation("2", "Sum", "a"));
    client.send(item_message("a", "40"));
    EXPECT_EQ(ask(client, upload_end("a")), "{\"type\":3,\"invocationId\":\"2\",\"result\":40}\n") << "its id is free again";
}

// S38
TEST_F(stream_flood_test, of_a_thousand_streams_a_hundred_run) {
    log_->least = log_level::warning;
    start();
    raw_client client = connect_hub(1024 * 1024);
    for (int number = 0; number < 1000; ++number)
        client.send(invocation_message(std::to_string(number), "Endless", "", 4));
    settle(client);
    EXPECT_EQ(count().running_invocations, 100u);
    EXPECT_EQ(count().streams_refused, 900u);
    raw_client other = connect_hub();
    EXPECT_EQ(call(other, "Add", "1,2"), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n");
    client.leave();
    run();
    pass(std::chrono::seconds(1));
    EXPECT_EQ(count().running_invocations, 0u);
}

}  // namespace
}  // namespace asignalr::detail
