// SPDX-License-Identifier: MIT
// F07: memory runs out, at every allocation there is. Whoever needed it may lose the connection; the server and everybody else go on.

#include "../heap_meter.hpp"
#include "busy_server.hpp"

#include <asio/steady_timer.hpp>

#include <system_error>
#include <vector>

namespace asignalr::detail {
namespace {

/// Memory runs out behind a number of allocations of the server's.
class starved_run final : public busy_server {
public:
    starved_run(conversation_way way, heap_fault::kind what) : busy_server(way), what_(what) {
        log_->least = log_level::none;
        streams_take_no_memory_ = true;
        make_room_for_timers();
        begin();
    }

    /// Returns whether it ran out.
    bool play_with(std::size_t allocations) {
        fault_.emplace(what_, allocations);
        fault_->pause(true);
        play();
        const bool happened = fault_->happened();
        fault_.reset();
        if (!happened) expect_all_done();
        leave();
        expect_nothing_left();
        EXPECT_LE(world_of_waits_.disconnected, world_of_waits_.connected);
        return happened;
    }

    void run() override {
        if (fault_) fault_->pause(false);
        memory_server::run();
        if (fault_) fault_->pause(true);
    }

private:
    // Of Asio's, which a wait of a coroutine must not be the first to need: heap_fault tells why.
    void make_room_for_timers() {
        std::vector<asio::steady_timer> timers;
        for (int count = 0; count < 64; ++count)
            timers.emplace_back(context_, asio::steady_timer::time_point::max()).async_wait([](std::error_code) {});
        timers.clear();
        run();
    }

    heap_fault::kind what_;
    std::optional<heap_fault> fault_;
};

class memory_fault_test : public testing::TestWithParam<conversation_way> {
protected:
    static void starve_everywhere(heap_fault::kind what, std::size_t fewest) {
        std::size_t allocations = 0;
        for (bool happened = true; happened; ++allocations) {
            starved_run run(GetParam(), what);
            happened = run.play_with(allocations);
            ASSERT_FALSE(HasFailure()) << "behind " << allocations << " allocations";
        }
        EXPECT_GT(allocations, fewest);
    }
};

INSTANTIATE_TEST_SUITE_P(over, memory_fault_test, testing::ValuesIn(conversation_ways), name_of_way);

TEST_P(memory_fault_test, one_allocation_that_fails_costs_one_connection_at_most) { starve_everywhere(heap_fault::kind::one, 100); }

TEST_P(memory_fault_test, memory_that_is_out_for_a_while_costs_those_who_need_it) { starve_everywhere(heap_fault::kind::lasting, 100); }

TEST_P(memory_fault_test, the_frame_of_a_coroutine_that_fails_costs_its_call_at_most) { starve_everywhere(heap_fault::kind::of_frame, 3); }

}  // namespace
}  // namespace asignalr::detail
