// SPDX-License-Identifier: MIT
// F18: clients that come, call and go, over every transport and in both encodings. What the server holds is counted in bytes of the heap.

#include "../heap_meter.hpp"
#include "transport_script.hpp"

#include <cstdlib>

namespace asignalr::detail {
namespace {

class churn_test : public script_fixture {
protected:
    /// Connect, shake hands, call, and go in one of four ways.
    void cycle(conversation_way way, std::size_t number) {
        transport_script script(way);
        script.poll();
        script.say(script.speech().call("1", "Echo", {"hello"}));
        script.poll();
        const bool is_orderly = number % 4 == 3;
        if (is_orderly) {
            script.say(script.speech().close());
            script.poll();
        }
        player_.play(script);
        if (!is_orderly)
            for (raw_client& client : player_.clients())
                goodbyes[number % 4](client);
        player_.settle();
        player_.leave();
        player_.clients().clear();
        // Long polling ends when nobody has polled for a while.
        if (way.by == transport_way::long_polling || number % 100 == 99) pass_at_once(std::chrono::seconds(16));
    }
};

TEST_F(churn_test, what_comes_and_goes_leaves_nothing_behind) {
    const char* const wanted = std::getenv("ASIGNALR_CHURN");  // cycles in each round, for long runs
    const std::size_t cycles = wanted != nullptr ? std::strtoul(wanted, nullptr, 10) : 200;
    const std::size_t rounds = wanted != nullptr ? 100 : 10;
    constexpr std::size_t warm_rounds = 5;
    log_->least = log_level::none;
    start();
    std::size_t warm = 0;
    for (std::size_t round = 1; round <= rounds; ++round) {
        for (std::size_t number = 0; number < cycles; ++number)
            cycle(conversation_ways[number % conversation_ways.size()], number / conversation_ways.size());
        pass_at_once(std::chrono::seconds(16));
        expect_nothing_left();
        std::vector<std::string>().swap(world_->events);
        const std::size_t live = heap_meter::live_bytes();
        if (round == warm_rounds) warm = live;
        if (round > warm_rounds) {
            ASSERT_EQ(live, warm) << "round " << round;
        }
    }
    EXPECT_EQ(count().connections_started, rounds * cycles);
    EXPECT_EQ(count().invocations, rounds * cycles);
}

}  // namespace
}  // namespace asignalr::detail
