// SPDX-License-Identifier: MIT
#include "busy_server.hpp"

#include <asignalr/hub/method_table.hpp>

#include "hub/hub_core.hpp"
#include "server/server_core.hpp"

#include <asio/strand.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

namespace asignalr::detail {

busy_server::busy_server(conversation_way way, std::size_t lanes) : memory_server(lanes), script_(way, "/waits") {
    log_->least = log_level::warning;
    write_script();
}

busy_server::~busy_server() {
    watch(false);
    if (core_) drop();
    run();
}

void busy_server::begin(server_options options) {
    start({}, std::move(options));
    waits_ = serve_hub<waiting_hub>("/waits", {.maximum_outbox = 64 * 1024}, [this] { return std::make_unique<waiting_hub>(world_of_waits_); });
    core_->add_raw("/bytes", [this](raw_connection client) { return echo_with_points(world_of_waits_, *(bytes_ = std::move(client))); }, {});
    core_->routes().add("GET", "/answer", router::coroutine([this](http_request) { return answer_with_points(world_of_waits_); }));
    honest_.emplace(connect(64 * 1024, "127.0.0.1", lanes_.size() - 1));
    honest_->write(upgrade_request("/hub") + client_frame(json_handshake));
    world_of_waits_.stranger = ask_honest("Id");
    world_of_waits_.elsewhere = asio::make_strand(context_);
}

void busy_server::play() {
    echoed_.emplace(connect(1024));
    echoed_->write(upgrade_request("/bytes") + client_frame("one"));
    asked_.emplace(connect());
    asked_->write("GET /answer HTTP/1.1\r\nHost: here\r\n\r\n");
    player_.play(script_, {.capacity = 8 * 1024});
    echoed_->write(client_frame("two"));
    settle(*echoed_);
    settle(*asked_);
}

void busy_server::expect_all_done() {
    EXPECT_EQ(world_of_waits_.connected, 1);
    EXPECT_EQ(world_of_waits_.disconnected, 1);
    EXPECT_EQ(echoed_->bytes, "onetwo");
    EXPECT_TRUE(asked_->raw.ends_with("answered")) << asked_->raw;
    EXPECT_EQ(count().invocations, 1u + 5u);
    EXPECT_EQ(count().failed_invocations, 0u);
    EXPECT_EQ(count().running_invocations, 0u);
}

void busy_server::leave() {
    player_.leave();
    for (std::optional<raw_client>* client : {&echoed_, &asked_})
        if (*client) (*client)->leave();
    bytes_.reset();
    run();
    EXPECT_TRUE(is_stopping_ || ask_honest("Echo", "\"still here\"") == "still here");
    honest_->leave();
    for (int times = 0; times < 3; ++times)
        pass_at_once(std::chrono::seconds(45));
}

void busy_server::expect_nothing_left() {
    EXPECT_EQ(world_of_waits_.alive, 0) << "frames of coroutines";
    EXPECT_FALSE(world_of_waits_.here.has_value()) << "a hub";
    EXPECT_EQ(world_->hubs_alive, 0);
    for (const auto& each : lanes_) {
        EXPECT_EQ(each->busy_runners(), 0u);
        EXPECT_TRUE(each->sweep().empty());
        statistics now;
        each->count().add_to(now);
        EXPECT_EQ(now.sockets, 0u);
        EXPECT_EQ(now.connections, 0u);
        EXPECT_EQ(now.running_invocations, 0u);
        EXPECT_EQ(now.queued_bytes, 0u);
        EXPECT_TRUE(is_dropped_ || now.connections_started == now.connections_ended);
    }
}

void busy_server::watch(bool does) {
    after_each_turn_ = nullptr;
    world_of_waits_.pass_point = [] {};
    if (does) after_each_turn_ = world_of_waits_.pass_point = [this] { pass_point(); };
}

void busy_server::drop() {
    is_stopping_ = is_dropped_ = true;
    core_->drop();
    hub_.reset();
    waits_.reset();
    core_.reset();
}

std::string busy_server::ask_honest(std::string_view method, std::string_view arguments) {
    honest_->take_messages();
    honest_->send(invocation_message("1", method, arguments));
    settle(*honest_);
    return text_member(honest_->take_messages(), "result");
}

void busy_server::write_script() {
    const client_speech& speech = script_.speech();
    script_.poll();
    script_.poll();
    script_.say(speech.call("", "Quick", {1}) + speech.call("1", "Wait"));
    script_.say(speech.stream("2", "Stream"));
    script_.say(speech.upload("3", "Sum", {"a"}) + speech.item("a", 1));
    script_.say(speech.upload("4", "Merge", {"b", "c"}) + speech.item("c", "word"));
    script_.poll();
    script_.say(speech.item("a", 2) + speech.item("b", 3));
    script_.say(speech.upload_end("a") + speech.upload_end("b"));
    for (int polls = 0; polls < 4; ++polls)
        script_.poll();
    script_.say(speech.upload_end("c"));
    script_.say(speech.close());
    script_.poll();
}

}  // namespace asignalr::detail
