// SPDX-License-Identifier: MIT
#include <asignalr/hub/method_table.hpp>

#include "hub/hub_core.hpp"
#include "hub/method_index.hpp"
#include "net/memory_stream.hpp"
#include "probe_hub.hpp"
#include "server/server_core.hpp"
#include "server_fixture.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

namespace asignalr::detail {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view reconnect_later = "{\"type\":7,\"allowReconnect\":true}\n";

class stop_test : public server_fixture {
protected:
    void stop(milliseconds deadline) {
        core_->stop(deadline, [this] { ++stopped_; });
        run();
    }
    /// One client with a call, a stream and an upload under way, and a call that waits.
    raw_client busy_client() {
        raw_client client = connect_hub();
        client.send(invocation_message("1", "Wait", "\"call\""));
        client.send(invocation_message("2", "Endless", "", 4));
        client.send(upload_invocation("3", "Sum", "u"));
        client.send(invocation_message("4", "Wait", "\"held\""));
        settle(client);
        client.take_messages();
        EXPECT_EQ(count().running_invocations, 3u);
        return client;
    }

    int stopped_ = 0;
};

TEST_F(stop_test, tells_clients_to_come_back_and_closes_with_1001) {
    start();
    raw_client client = connect_hub();
    raw_client idle = connect();
    const std::string token = text_member(negotiate(), "connectionToken");
    stop(seconds(5));
    settle(client);
    EXPECT_EQ(client.take_messages(), reconnect_later);
    EXPECT_EQ(client.close_code, 1001u);
    settle(idle);
    EXPECT_TRUE(idle.is_over());
    EXPECT_EQ(world_->times("disconnected:"), 1u);
    EXPECT_EQ(stopped_, 0);
    client.write(client_frame("\x03\xe9", 0x88));
    settle(client);
    EXPECT_TRUE(client.ended);
    client.leave();
    run();
    pass(milliseconds(250));
    EXPECT_EQ(stopped_, 1);
    expect_nothing_left();
    EXPECT_EQ(count().idle_runners, 0u);
}

TEST_F(stop_test, a_connection_that_comes_meanwhile_is_refused) {
    start();
    raw_client half = connect();
    const std::string opening = upgrade_request("/hub");
    half.write(opening.substr(0, 20));
    raw_client busy = busy_client();
    stop(seconds(5));
    half.write(opening.substr(20));
    settle(half);
    EXPECT_TRUE(half.raw.starts_with("HTTP/1.1 503 ")) << half.raw;
    EXPECT_TRUE(half.ended);
    EXPECT_EQ(count().connections, 1u);
}

TEST_F(stop_test, a_stream_that_another_lane_sends_too_late_is_closed) {
    start();
    stop(seconds(5));
    pass(milliseconds(500));
    EXPECT_EQ(stopped_, 1);
    auto [mine, theirs] = memory_stream::make_pair(lane_->executor(), 1024);
    core_->at(0).serve(std::move(theirs), upgrade_request("/hub"));
    run();
    raw_client late(std::move(mine));
    late.read();
    EXPECT_TRUE(late.is_over());
    EXPECT_EQ(count().connections, 0u);
}

// F17
TEST_F(stop_test, what_was_posted_to_a_lane_outlives_the_server) {
    start();
    raw_client client = connect_hub();
    const std::string id = id_of(client);
    // From outside of the lane, as from a thread of the user's: posted, and run when the server is gone.
    message_target everybody;
    everybody.whom = message_target::kind::all;
    encoded_message news;
    news[static_cast<std::size_t>(protocol_kind::json)] = make_framed_payload("news\x1e", transfer_format::text);
    hub_->lifetime().publish(std::make_shared<const message_target>(std::move(everybody)), std::move(news));
    hub_->lifetime().abort(id);
    asio::co_spawn(context_, hub_->lifetime().add_to_group(id, "group"), asio::detached);
    core_->drop();
    hub_.reset();
    core_.reset();
    run();
}

TEST_F(stop_test, an_idle_server_stops_at_once) {
    start();
    stop(seconds(5));
    pass(milliseconds(250));
    EXPECT_EQ(stopped_, 1);
    expect_nothing_left();
}

TEST_F(stop_test, a_call_may_go_on_until_the_deadline) {
    start();
    raw_client client = busy_client();
    stop(seconds(5));
    pass(seconds(4));
    EXPECT_EQ(stopped_, 0);
    EXPECT_EQ(world_->times("left:call"), 0u);
    EXPECT_EQ(world_->times("stream left"), 1u);
    world_->open_gate();
    run();
    EXPECT_EQ(world_->times("left:call"), 1u);
    EXPECT_EQ(world_->times("waits:held"), 0u);
    client.leave();
    run();
    pass(milliseconds(250));
    EXPECT_EQ(stopped_, 1);
    expect_nothing_left();
}

TEST_F(stop_test, a_call_that_does_not_end_is_cancelled_at_the_deadline) {
    start();
    raw_client client = busy_client();
    stop(seconds(5));
    pass(milliseconds(4'750));
    EXPECT_EQ(world_->times("left:call"), 0u);
    EXPECT_EQ(stopped_, 0);
    pass(milliseconds(500));
    EXPECT_EQ(world_->times("left:call"), 1u);
    settle(client);
    EXPECT_EQ(client.take_messages().find("\"type\":3,\"invocationId\":\"1\""), std::string::npos);
    EXPECT_TRUE(client.is_over());
    EXPECT_EQ(stopped_, 1);
    EXPECT_EQ(world_->times("disconnected:"), 1u);
    expect_nothing_left();
}

TEST_F(stop_test, a_client_that_never_answers_is_closed_at_the_deadline) {
    start();
    raw_client blocked = connect_hub(1024);
    blocked.send(invocation_message("", "Fill", "50000"));
    run();
    stop(seconds(1));
    pass(milliseconds(1'500));
    EXPECT_EQ(stopped_, 1);
    expect_nothing_left();
}

TEST_F(stop_test, a_second_stop_shortens_the_deadline_and_both_are_told) {
    start();
    raw_client client = busy_client();
    stop(seconds(100));
    pass(seconds(1));
    stop(milliseconds(0));
    pass(milliseconds(500));
    EXPECT_EQ(stopped_, 2);
    expect_nothing_left();
    stop(seconds(100));
    EXPECT_EQ(stopped_, 3);
}

TEST_F(stop_test, a_second_stop_never_prolongs) {
    start();
    raw_client client = busy_client();
    stop(seconds(1));
    stop(seconds(100));
    pass(milliseconds(1'500));
    EXPECT_EQ(stopped_, 2);
}

TEST_F(stop_test, requests_after_it_are_answered_and_closed) {
    start();
    raw_client busy = busy_client();
    raw_client client = connect();
    client.write("GET /ab");
    run();
    stop(seconds(5));
    client.write("c HTTP/1.1\r\nHost: here\r\n\r\n");
    settle(client);
    EXPECT_TRUE(client.raw.empty() || client.raw.find("Connection: close") != std::string::npos) << client.raw;
    EXPECT_TRUE(client.is_over());
}

TEST_F(stop_test, keeps_no_context_running) {
    start();
    raw_client client = busy_client();
    stop(seconds(1));
    pass(milliseconds(1'500));
    EXPECT_EQ(stopped_, 1);
    world_->open_gate();
    context_.restart();
    context_.run();  // returns, since nothing is left to wait for
    expect_nothing_left();
}

TEST_F(stop_test, on_connected_that_does_not_end_is_cancelled_at_the_deadline) {
    start();
    world_->connecting_waits = true;
    raw_client client = connect_websocket();
    client.write(client_frame(json_handshake));
    run();
    stop(seconds(5));
    pass(milliseconds(4'750));
    EXPECT_EQ(lane_->busy_runners(), 1u);
    EXPECT_EQ(stopped_, 0);
    pass(milliseconds(500));
    EXPECT_EQ(stopped_, 1);
    EXPECT_EQ(world_->events, std::vector<std::string>{"connecting"});
    EXPECT_TRUE(log_->important.empty()) << log_->important[0];
    expect_nothing_left();
}

TEST_F(stop_test, on_disconnected_that_does_not_end_is_cancelled_at_the_deadline) {
    start();
    world_->disconnecting_waits = true;
    raw_client client = connect_hub();
    client.leave();
    run();
    stop(seconds(5));
    pass(milliseconds(4'750));
    EXPECT_EQ(stopped_, 0);
    EXPECT_EQ(world_->times("on_disconnected left"), 0u);
    pass(milliseconds(500));
    EXPECT_EQ(stopped_, 1);
    EXPECT_EQ(world_->times("on_disconnected left"), 1u);
    EXPECT_TRUE(log_->important.empty()) << log_->important[0];
    expect_nothing_left();
}

TEST_F(stop_test, on_disconnected_that_begins_at_the_deadline_is_given_a_second) {
    start();
    world_->disconnecting_waits = world_->connecting_waits = true;
    raw_client client = connect_websocket();
    client.write(client_frame(json_handshake));
    run();
    stop(seconds(1));
    pass(milliseconds(750));
    world_->open_gate();  // on_connected ends just before the deadline
    run();
    EXPECT_EQ(world_->events, (std::vector<std::string>{"connecting", "connected"}));
    lane_->post([this] { EXPECT_EQ(world_->times("on_disconnected left"), 0u); });
    pass(milliseconds(1'750));
    EXPECT_EQ(world_->times("on_disconnected left"), 1u);
    EXPECT_EQ(stopped_, 1);
    run();
    expect_nothing_left();
}

// ---- F17: the end of a server in every order

class destruction_test : public stop_test {};

TEST_F(destruction_test, the_server_goes_while_everything_is_under_way) {
    start();
    raw_client client = busy_client();
    raw_client fresh = connect_websocket();
    raw_client half = connect();
    half.write("GET / HT");
    run();
    negotiate();
    core_->drop();
    core_.reset();
    hub_.reset();
    run();
    settle(client);
    EXPECT_TRUE(client.is_over());
    EXPECT_TRUE((settle(half), half.is_over()));
    EXPECT_EQ(world_->hubs_alive, 0);
    EXPECT_EQ(world_->times("stream left"), 1u);
    EXPECT_EQ(world_->times("left:call"), 1u);
    EXPECT_EQ(world_->times("upload left"), 1u);
}

TEST_F(destruction_test, the_server_goes_and_the_context_runs_no_more) {
    start();
    raw_client client = busy_client();
    core_->drop();
    core_.reset();
    hub_.reset();
}

TEST_F(destruction_test, the_server_goes_during_a_stop) {
    start();
    raw_client client = busy_client();
    stop(seconds(5));
    core_->drop();
    hub_.reset();
    core_.reset();
    run();
    EXPECT_EQ(world_->hubs_alive, 0);
}

TEST_F(destruction_test, the_server_goes_while_a_client_is_being_let_in) {
    start();
    world_->connecting_waits = true;
    raw_client client = connect_websocket();
    client.write(client_frame(json_handshake));
    run();
    EXPECT_EQ(world_->times("connecting"), 1u);
    core_->drop();
    hub_.reset();
    core_.reset();
    run();
    EXPECT_EQ(world_->hubs_alive, 0);
    EXPECT_EQ(world_->times("disconnected:"), 0u);
}

TEST_F(destruction_test, the_server_is_dropped_by_a_method_of_its_own) {
    for (const std::string_view target : {"Trap", "TrapLater"}) {
        start();
        raw_client client = connect_hub();
        world_->trap = [this] {
            core_->drop();
            hub_.reset();
            core_.reset();
        };
        client.send(invocation_message("1", target));
        run();
        world_->open_gate();
        run();
        EXPECT_FALSE(core_);
        settle(client);
        EXPECT_TRUE(client.is_over());
        run();
        EXPECT_EQ(world_->hubs_alive, 0) << target;
        make_lanes();
    }
}

TEST_F(destruction_test, twice_stopped_and_then_dropped) {
    start();
    raw_client client = busy_client();
    stop(seconds(0));
    stop(seconds(0));
    core_->drop();
    core_->drop();
    run();
    pass(seconds(1));
    EXPECT_EQ(world_->hubs_alive, 0);
}

// The executor outlives the server, and nothing of it runs any more.
TEST(context_end_test, the_context_goes_while_everything_is_under_way) {
    auto context = std::make_unique<asio::io_context>(1);
    auto world = std::make_unique<hub_world>(*context);
    auto on = lane::on_context(*context, {.clock = std::make_shared<manual_clock>(), .sweeps_itself = false});
    server_options options;
    options.log = std::make_shared<recording_logger>();
    auto core = std::make_shared<server_core>(std::vector{on}, std::move(options));
    method_index methods;
    method_table<probe_hub> table(methods);
    probe_hub::describe(table);
    core->routes().add_endpoint("/hub", core->add_hub("probe_hub", {}, [&] { return std::make_unique<probe_hub>(*world); }, std::move(methods)));
    auto [mine, theirs] = memory_stream::make_pair(on->executor());
    raw_client client(std::move(mine));
    core->at(0).serve(std::move(theirs));
    client.write(upgrade_request("/hub") + client_frame(json_handshake));
    client.send(invocation_message("1", "Wait", "\"call\""));
    client.send(invocation_message("2", "Endless", "", 4));
    client.send(upload_invocation("3", "Sum", "u"));
    client.send(invocation_message("4", "Wait", "\"held\""));
    context->poll();
    EXPECT_EQ(core->sum().running_invocations, 3u);
    core->drop();
    core.reset();
    on.reset();
    world->gate.reset();  // its handlers go with the context
    context.reset();
    EXPECT_EQ(world->hubs_alive, 0);
    EXPECT_EQ(world->times("left:call"), 1u);
    EXPECT_EQ(world->times("stream left"), 1u);
    EXPECT_EQ(world->times("upload left"), 1u);
}

}  // namespace
}  // namespace asignalr::detail
