// SPDX-License-Identifier: MIT
// F15: methods that do what a method should not do. Nobody else suffers from them.

#include <asignalr/hub/method_table.hpp>
#include <asignalr/runtime/generator.hpp>
#include <asignalr/runtime/upload.hpp>

#include "http_client.hpp"
#include "server/server_core.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/post.hpp>

#include <stdexcept>
#include <system_error>

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

/// Throws when it is destroyed.
struct explosive {
    bool armed = true;
    ~explosive() noexcept(false) {
        if (armed) throw std::runtime_error("from a destructor");
    }
};

class bad_hub final : public hub {
public:
    bad_hub(hub_world& world, manual_clock& clock) : world_(world), clock_(clock) { ++world_.hubs_alive; }
    ~bad_hub() override { --world_.hubs_alive; }

    static void describe(method_table<bad_hub>& methods) {
        methods.expose<&bad_hub::explode>("Explode");
        methods.expose<&bad_hub::explode_later>("ExplodeLater");
        methods.expose<&bad_hub::explode_streaming>("ExplodeStreaming");
        methods.expose<&bad_hub::never>("Never");
        methods.expose<&bad_hub::never>("NeverInTime", {.deadline = 1s});
        methods.expose<&bad_hub::deaf>("Deaf", {.deadline = 1s});
        methods.expose<&bad_hub::block>("Block");
        methods.expose<&bad_hub::leave_work_behind>("LeaveWorkBehind");
        methods.expose<&bad_hub::call_itself>("CallItself");
        methods.expose<&bad_hub::call_back>("CallBack");
        methods.expose<&bad_hub::dispose>("Dispose");
        methods.expose<&bad_hub::dispose_streaming>("DisposeStreaming");
        methods.expose<&bad_hub::dispose_reading>("DisposeReading");
    }

    task<void> on_connected() override {
        if (world_.connecting_fails) context().abort();
        co_return;
    }
    task<void> on_disconnected(close_reason) override {
        world_.events.push_back("disconnected");
        context().abort();
        throw std::runtime_error("the last words");
    }

    int explode() {
        const explosive at_the_end;
        return 1;
    }
    task<int> explode_later() {
        co_await turn();
        const explosive at_the_end;
        co_return 1;
    }
    generator<int> explode_streaming() {
        const explosive at_the_end;
        co_yield 1;
    }
    task<void> never() {
        const event_at_end left(world_, "left");
        asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        co_await timer.async_wait(asio::use_awaitable);
    }
    /// Goes on whatever it is told, until the world lets it.
    task<void> deaf() {
        while (!world_.connecting_waits) {
            try {
                co_await wait_at_gate(world_);
            } catch (const std::system_error&) {
                world_.events.push_back("not heard");
            }
            co_await asio::this_coro::reset_cancellation_state();
        }
    }
    void block(int seconds) { clock_.advance(std::chrono::seconds(seconds)); }
    /// Work that goes on without the method, and says something when the gate opens.
    task<void> leave_work_behind() {
        auto work = [](hub_world& world, client_target me, client_target all) -> task<void> {
            co_await wait_at_gate(world);
            me.send("late");
            all.send("late");
            co_await me.writable();
            world.events.push_back("sent");
        };
        asio::co_spawn(
            co_await asio::this_coro::executor, work(world_, clients().client(context().connection_id()), clients().all()), asio::detached);
    }
    task<int> call_itself(int depth) {
        if (depth == 0) {
            co_await turn();
            co_return 0;
        }
        const int below = co_await call_itself(depth - 1);
        co_return below + 1;
    }
    /// Waits for something that only the next call of its own client brings.
    task<std::string> call_back() {
        clients().caller().send("please call");
        co_await wait_at_gate(world_);
        co_return "called";
    }
    task<int> dispose() {
        context().abort();
        context().abort();
        clients().caller().send("late");
        clients().all().send("late");
        co_await groups().add(context().connection_id(), "late");
        co_await turn();
        clients().caller().send("late");
        co_return 1;
    }
    generator<int> dispose_streaming() {
        const event_at_end left(world_, "left");
        co_yield 1;
        context().abort();
        for (int number = 2;; ++number)
            co_yield number;
    }
    task<void> dispose_reading(upload<int> numbers) {
        const event_at_end left(world_, "left");
        while (co_await numbers.next())
            context().abort();
    }

private:
    static task<void> turn() { co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable); }

    hub_world& world_;
    manual_clock& clock_;
};

class bad_method_test : public http_client_fixture {
protected:
    void begin(hub_options options = {}) {
        start();
        other_.emplace(connect_hub());
        bad_ = serve_hub<bad_hub>("/bad", std::move(options), [this] { return std::make_unique<bad_hub>(*world_, *clock_); });
    }
    ~bad_method_test() override { bad_.reset(); }

    raw_client connect_bad() {
        raw_client client = connect_websocket(64 * 1024, "/bad");
        client.write(client_frame(json_handshake));
        settle(client);
        EXPECT_EQ(client.take_messages(), "{}\n");
        return client;
    }
    void expect_others_are_served() { EXPECT_EQ(call(*other_, "Echo", "\"x\""), "{\"type\":3,\"invocationId\":\"1\",\"result\":\"x\"}\n"); }
    void expect_only_others_are_left() {
        run();
        expect_others_are_served();
        other_->leave();
        pass(2s);
        expect_nothing_left();
    }
    static std::string failed(std::string_view method) {
        return "{\"type\":3,\"invocationId\":\"1\",\"error\":\"An unexpected error occurred invoking '" + std::string(method) + "' on the server.\"}\n";
    }

    std::shared_ptr<hub_core> bad_;
    std::optional<raw_client> other_;
};

// What is thrown otherwise: calls_test, errors_are_generic_unless_they_are_meant_for_the_client.
TEST_F(bad_method_test, a_destructor_that_throws_fails_its_call) {
    begin();
    raw_client client = connect_bad();
    EXPECT_EQ(call(client, "Explode"), failed("Explode"));
    EXPECT_EQ(call(client, "ExplodeLater"), failed("ExplodeLater"));
    EXPECT_EQ(ask(client, invocation_message("1", "ExplodeStreaming", "", 4)),
              "{\"type\":2,\"invocationId\":\"1\",\"item\":1}\n"
              "{\"type\":3,\"invocationId\":\"1\",\"error\":\"An error occurred on the server while streaming results.\"}\n");
    EXPECT_EQ(count().failed_invocations, 3u);
    client.leave();
    expect_only_others_are_left();
}

TEST_F(bad_method_test, a_method_that_never_ends_ends_with_its_deadline_or_the_server) {
    begin();
    raw_client client = connect_bad();
    client.send(invocation_message("1", "NeverInTime"));
    run();
    pass(1s);
    settle(client);
    EXPECT_EQ(client.take_messages(), failed("NeverInTime"));
    client.send(invocation_message("2", "Never"));
    client.leave();
    run();
    EXPECT_EQ(count().running_invocations, 1u);
    expect_others_are_served();
    core_->stop(1s, nullptr);
    other_->leave();
    pass(3s);
    EXPECT_EQ(world_->times("left"), 2u);
    expect_nothing_left();
}

TEST_F(bad_method_test, a_method_that_hears_no_cancel_is_not_waited_for) {
    begin();
    raw_client client = connect_bad();
    client.send(invocation_message("1", "Deaf"));
    run();
    pass(2s);
    client.leave();
    bool stopped = false;
    core_->stop(1s, [&] { stopped = true; });
    pass(3s);
    EXPECT_TRUE(stopped);
    EXPECT_GE(world_->times("not heard"), 2u);
    EXPECT_EQ(count().running_invocations, 1u);
    world_->connecting_waits = true;
    world_->open_gate();
    other_->leave();
    run();
    expect_nothing_left();
}

// A method that blocks blocks its lane: what its clients sent meanwhile counts, however late it is read.
TEST_F(bad_method_test, whoever_spoke_while_the_lane_was_blocked_is_not_taken_for_silent) {
    begin();
    raw_client client = connect_bad();
    other_->send("{\"type\":6}");
    run();
    client.send(invocation_message("1", "Block", "29"));
    run();
    other_->send("{\"type\":6}");
    client.send(invocation_message("1", "Block", "10"));
    pass(5s);
    expect_others_are_served();
    EXPECT_EQ(count().client_timeouts, 0u);
    client.leave();
    expect_only_others_are_left();
}

TEST_F(bad_method_test, work_that_was_left_behind_sends_nothing_to_who_is_gone) {
    begin();
    raw_client client = connect_bad();
    raw_client friendly = connect_bad();
    EXPECT_NE(call(client, "LeaveWorkBehind").find("\"result\":null"), std::string::npos);
    client.leave();
    run();
    EXPECT_EQ(world_->hubs_alive, 2) << "of the friendly client, and of the other";
    world_->open_gate();
    settle(friendly);
    EXPECT_EQ(friendly.take_messages(), "{\"type\":1,\"target\":\"late\",\"arguments\":[]}\n");
    EXPECT_EQ(world_->times("sent"), 1u);
    friendly.leave();
    expect_only_others_are_left();
}

TEST_F(bad_method_test, work_that_was_left_behind_outlives_the_server) {
    begin();
    raw_client client = connect_bad();
    call(client, "LeaveWorkBehind");
    core_->drop();
    core_.reset();
    hub_.reset();
    bad_.reset();
    run();
    world_->open_gate();
    run();
    EXPECT_EQ(world_->times("sent"), 1u);
    EXPECT_EQ(world_->hubs_alive, 0);
}

TEST_F(bad_method_test, a_method_may_call_itself) {
    begin();
    raw_client client = connect_bad();
    EXPECT_EQ(call(client, "CallItself", "1000"), "{\"type\":3,\"invocationId\":\"1\",\"result\":1000}\n");
    client.leave();
    expect_only_others_are_left();
}

// The client's next call waits for the permit of the one that waits for it, and a cancel or the end of the client gets both out of that.
TEST_F(bad_method_test, a_method_that_waits_for_a_call_of_its_own_client_can_be_cancelled) {
    begin();
    raw_client client = connect_bad();
    client.send(invocation_message("1", "CallBack"));
    client.send(invocation_message("2", "Block", "0"));
    settle(client);
    EXPECT_EQ(client.take_messages(), "{\"type\":1,\"target\":\"please call\",\"arguments\":[]}\n");
    EXPECT_EQ(ask(client, cancel_message("1")), failed("CallBack") + "{\"type\":3,\"invocationId\":\"2\",\"result\":null}\n");
    client.leave();
    expect_only_others_are_left();
}

TEST_F(bad_method_test, a_method_may_end_its_own_connection) {
    begin();
    raw_client client = connect_bad();
    EXPECT_EQ(call(client, "Dispose"), "{\"type\":7}\n");
    client.leave();
    run();
    raw_client streaming = connect_bad();
    EXPECT_EQ(ask(streaming, invocation_message("1", "DisposeStreaming", "", 4)), "{\"type\":2,\"invocationId\":\"1\",\"item\":1}\n{\"type\":7}\n");
    streaming.leave();
    run();
    raw_client reading = connect_bad();
    reading.send(upload_invocation("1", "DisposeReading", "u"));
    reading.send(item_message("u", "1"));
    settle(reading);
    EXPECT_EQ(reading.take_messages(), "{\"type\":7}\n");
    reading.leave();
    run();
    EXPECT_EQ(world_->times("left"), 2u);
    EXPECT_EQ(world_->times("disconnected"), 3u);
    expect_only_others_are_left();
}

TEST_F(bad_method_test, on_connected_may_end_its_own_connection) {
    begin();
    world_->connecting_fails = true;
    raw_client client = connect_websocket(64 * 1024, "/bad");
    client.write(client_frame(json_handshake));
    settle(client);
    EXPECT_EQ(client.take_messages(), "{}\n{\"type\":7}\n");
    EXPECT_EQ(world_->times("disconnected"), 1u);
    client.leave();
    expect_only_others_are_left();
}

}  // namespace
}  // namespace asignalr::detail
