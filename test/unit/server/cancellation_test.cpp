// SPDX-License-Identifier: MIT
// F16: everything that waits is cancelled at every suspension point, in every way there is.
//
// A run is a server with coroutines of every kind under way. Its points are the ends of turns, and the places between two suspensions of a
// coroutine. At the point of a given number something is cancelled. There is a run for each number, up to the one that is not reached any
// more.

#include "busy_server.hpp"
#include "server/server_core.hpp"

#include <tuple>

namespace asignalr::detail {
namespace {

class cancelled_run final : public busy_server {
public:
    using cancellation = void (cancelled_run::*)();

    cancelled_run(conversation_way way, std::size_t lanes, cancellation act, std::size_t point)
        : busy_server(way, lanes), act_(act), point_(point), over_posts_(way.by != transport_way::websockets) {
        begin();
        cancelling_.emplace(connect());
    }

    /// Returns whether the point was reached.
    bool play_to_the_end() {
        watch(true);
        play();
        watch(false);
        const bool reached = passed_ >= point_;
        if (!reached) expect_all_done();
        cancelling_->leave();
        leave();
        expect_nothing_left();
        EXPECT_TRUE(is_dropped_ || world_of_waits_.connected == world_of_waits_.disconnected);
        EXPECT_TRUE(log_->important.empty()) << log_->important[0];
        return reached;
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
    void the_server_is_dropped() { drop(); }

private:
    void pass_point() override {
        if (++passed_ == point_) (this->*act_)();
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

    std::optional<raw_client> cancelling_;
    cancellation act_;
    std::size_t point_;
    std::size_t passed_ = 0;
    bool over_posts_;
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
            reached = cancelled_run(way, lanes, cancelling.act, point).play_to_the_end();
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
