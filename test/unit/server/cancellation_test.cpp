// SPDX-License-Identifier: MIT
// F16: everything that waits is cancelled at every suspension point, in every way there is.
//
// A run is a server, a client with coroutines of every kind under way, and an honest one. Its points are the ends of turns, and the places
// between two suspensions of a coroutine. At the point of a given number something is cancelled. There is a run for each number, up to the
// one that is not reached any more.

#include "transport_script.hpp"
#include "waiting_hub.hpp"

#include <asio/strand.hpp>

#include <tuple>

namespace asignalr::detail {
namespace {

class cancelled_run : public memory_server {
public:
    using cancellation = void (cancelled_run::*)();

    cancelled_run(conversation_way way, std::size_t lanes, cancellation act, std::size_t point)
        : memory_server(lanes), script_(way, "/waits"), act_(act), point_(point), over_posts_(way.by != transport_way::websockets) {
        log_->least = log_level::warning;
        start();
        waits_ = serve_hub<waiting_hub>("/waits", {.maximum_outbox = 64 * 1024}, [this] { return std::make_unique<waiting_hub>(world_of_waits_); });
        core_->add_raw("/bytes", [this](raw_connection client) { return echo_with_points(world_of_waits_, *(bytes_ = std::move(client))); }, {});
        core_->routes().add("GET", "/answer", router::coroutine([this](http_request) { return answer_with_points(world_of_waits_); }));
        honest_.emplace(connect(64 * 1024, "127.0.0.1", lanes - 1));
        honest_->write(upgrade_request("/hub") + client_frame(json_handshake));
        world_of_waits_.stranger = ask_honest("Id");
        world_of_waits_.elsewhere = asio::make_strand(context_);
        write_script();
    }
    ~cancelled_run() {
        watch(false);
        if (core_) the_server_is_dropped();
        run();
    }

    /// Returns whether the point was reached.
    bool play() {
        cancelling_.emplace(connect());
        watch(true);
        echoed_.emplace(connect(1024));
        echoed_->write(upgrade_request("/bytes") + client_frame("one"));
        asked_.emplace(connect());
        asked_->write("GET /answer HTTP/1.1\r\nHost: here\r\n\r\n");
        player_.play(script_, {.capacity = 8 * 1024});
        echoed_->write(client_frame("two"));
        settle(*echoed_);
        settle(*asked_);
        return passed_ >= point_;
    }

    void expect_undisturbed() {
        EXPECT_EQ(world_of_waits_.connected, 1);
        EXPECT_EQ(world_of_waits_.disconnected, 1);
        EXPECT_EQ(echoed_->bytes, "onetwo");
        EXPECT_TRUE(asked_->raw.ends_with("answered")) << asked_->raw;
        EXPECT_EQ(count().invocations, 1u + 5u);
        EXPECT_EQ(count().failed_invocations, 0u);
        EXPECT_EQ(count().running_invocations, 0u);
    }
    void expect_nothing_left() {
        watch(false);
        player_.leave();
        for (raw_client* client : {&*echoed_, &*asked_, &*cancelling_})
            client->leave();
        bytes_.reset();
        run();
        EXPECT_TRUE(is_stopping_ || ask_honest("Echo", "\"still here\"") == "still here");
        honest_->leave();
        for (int times = 0; times < 3; ++times)
            pass_at_once(std::chrono::seconds(45));
        EXPECT_EQ(world_of_waits_.alive, 0) << "frames of coroutines";
        EXPECT_TRUE(is_dropped_ || world_of_waits_.connected == world_of_waits_.disconnected);
        EXPECT_FALSE(world_of_waits_.here.has_value()) << "a hub";
        EXPECT_EQ(world_->hubs_alive, 0);
        for (const auto& each : lanes_) {
            EXPECT_EQ(each->busy_runners(), 0u);
            EXPECT_TRUE(each->sweep().empty());
            statistics now;
            each->count().add_to(now);
            EXPECT_EQ(now.sockets + now.connections + now.running_invocations + now.queued_bytes, 0u);
            EXPECT_TRUE(is_dropped_ || now.connections_started == now.connections_ended);
        }
        EXPECT_TRUE(log_->important.empty()) << log_->important[0];
    }

    // ---- what happens at the point

    void the_client_resets() { each_client(goodbyes[0]); }
    void the_client_closes() { each_client(goodbyes[1]); }
    void the_client_shuts_its_half() { each_client(goodbyes[2]); }
    void the_client_cancels() {
        if (!world_of_waits_.here) return;  // no call can be under way
        transport_script cancels(script_);
        std::string messages;
        for (const char* id : {"1", "2", "3", "4"})
            messages += cancels.speech().cancel(id);
        cancels.say(messages);
        (over_posts_ ? *cancelling_ : player_.clients()[0]).write(player_.with_token(cancels.parts().back().bytes));
    }
    void the_hub_aborts() {
        if (world_of_waits_.here) world_of_waits_.here->abort();
        if (bytes_) bytes_->abort();
    }
    void others_abort() {
        if (world_of_waits_.here) waits_->lifetime().abort(std::string(world_of_waits_.here->connection_id()));
    }
    void everything_is_cancelled() {
        for (const auto& each : core_->endpoints_served())
            each->at(0).cancel_all();
    }
    void the_server_stops_at_once() { stop(std::chrono::seconds(0)); }
    void the_server_stops_in_time() { stop(std::chrono::seconds(5)); }
    void the_server_is_dropped() {
        is_stopping_ = is_dropped_ = true;
        core_->drop();
        hub_.reset();
        waits_.reset();
        core_.reset();
    }

private:
    void write_script() {
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
    void watch(bool does) {
        after_each_turn_ = nullptr;
        world_of_waits_.pass_point = [] {};
        if (!does) return;
        after_each_turn_ = world_of_waits_.pass_point = [this] {
            if (++passed_ == point_) (this->*act_)();
        };
    }
    void each_client(void (*goodbye)(raw_client&)) {
        for (raw_client& client : player_.clients())
            goodbye(client);
        if (echoed_) goodbye(*echoed_);
        if (asked_) goodbye(*asked_);
    }
    void stop(std::chrono::milliseconds deadline) {
        is_stopping_ = true;
        core_->stop(deadline, nullptr);
    }
    std::string ask_honest(std::string_view method, std::string_view arguments = "") {
        honest_->take_messages();
        honest_->send(invocation_message("1", method, arguments));
        settle(*honest_);
        return text_member(honest_->take_messages(), "result");
    }

    waiting_world world_of_waits_;
    std::shared_ptr<hub_core> waits_;
    std::optional<raw_connection> bytes_;
    transport_script script_;
    script_player player_{*this};
    std::optional<raw_client> honest_;
    std::optional<raw_client> echoed_;
    std::optional<raw_client> asked_;
    std::optional<raw_client> cancelling_;
    cancellation act_;
    std::size_t point_;
    std::size_t passed_ = 0;
    bool over_posts_;
    bool is_stopping_ = false;
    bool is_dropped_ = false;
};

struct way_of_cancelling {
    const char* name;
    cancelled_run::cancellation act;
};

constexpr std::array<way_of_cancelling, 10> ways_of_cancelling{
    {{"the_client_resets", &cancelled_run::the_client_resets},
     {"the_client_closes", &cancelled_run::the_client_closes},
     {"the_client_shuts_its_half", &cancelled_run::the_client_shuts_its_half},
     {"the_client_cancels", &cancelled_run::the_client_cancels},
     {"the_hub_aborts", &cancelled_run::the_hub_aborts},
     {"others_abort", &cancelled_run::others_abort},
     {"everything_is_cancelled", &cancelled_run::everything_is_cancelled},
     {"the_server_stops_at_once", &cancelled_run::the_server_stops_at_once},
     {"the_server_stops_in_time", &cancelled_run::the_server_stops_in_time},
     {"the_server_is_dropped", &cancelled_run::the_server_is_dropped}}};

using cancellation_case = std::tuple<conversation_way, way_of_cancelling>;

class cancellation_test : public testing::TestWithParam<cancellation_case> {
protected:
    static void cancel_everywhere(std::size_t lanes) {
        const auto& [way, cancelling] = GetParam();
        std::size_t point = 1;
        for (bool reached = true; reached; ++point) {
            cancelled_run run(way, lanes, cancelling.act, point);
            reached = run.play();
            if (!reached) run.expect_undisturbed();
            run.expect_nothing_left();
            ASSERT_FALSE(HasFailure()) << "at point " << point;
        }
        EXPECT_GT(point, 80u) << "coroutines that wait in many places";
    }
};

/// With more lanes a server has to be stopped before it is destroyed.
class cancellation_across_lanes_test : public cancellation_test {};

std::string name_of_case(const testing::TestParamInfo<cancellation_case>& info) {
    return std::string(std::get<1>(info.param).name) + "_over_" + name_of_way({std::get<0>(info.param), 0});
}

INSTANTIATE_TEST_SUITE_P(
    when, cancellation_test, testing::Combine(testing::ValuesIn(conversation_ways), testing::ValuesIn(ways_of_cancelling)), name_of_case);
INSTANTIATE_TEST_SUITE_P(
    when, cancellation_across_lanes_test,
    testing::Combine(testing::ValuesIn(conversation_ways), testing::ValuesIn(ways_of_cancelling.begin(), ways_of_cancelling.end() - 1)), name_of_case);

TEST_P(cancellation_test, nothing_is_left_at_any_point) { cancel_everywhere(1); }

TEST_P(cancellation_across_lanes_test, nothing_is_left_at_any_point) { cancel_everywhere(2); }

}  // namespace
}  // namespace asignalr::detail
