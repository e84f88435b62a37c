// SPDX-License-Identifier: MIT
#include "lane_fixture.hpp"

#include "runtime/waiting_list.hpp"

#include <asignalr/runtime/io_runtime.hpp>

#include <atomic>
#include <thread>

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

class recorder final : public flushable {
public:
    void flush() noexcept override {
        ++flushes;
        if (then) then();
    }
    int flushes = 0;
    std::function<void()> then;
};

class lane_turns : public lane_test {};

TEST_F(lane_turns, flush_later_flushes_once_at_the_end_of_the_turn) {
    recorder one, two;
    on_lane([&] {
        home->flush_later(one);
        home->flush_later(two);
        home->flush_later(one);
        EXPECT_EQ(one.flushes, 0);
    });
    EXPECT_EQ(one.flushes, 1);
    EXPECT_EQ(two.flushes, 1);
    on_lane([&] { home->flush_later(one); });
    EXPECT_EQ(one.flushes, 2);
}

TEST_F(lane_turns, what_waits_while_flushing_is_flushed_later) {
    recorder one, two;
    int again = 3;
    one.then = [&] {
        home->flush_later(two);
        if (--again > 0) home->flush_later(one);
    };
    on_lane([&] { home->flush_later(one); });
    EXPECT_EQ(one.flushes, 3);
    EXPECT_EQ(two.flushes, 3);
}

TEST_F(lane_turns, something_that_goes_is_not_flushed) {
    recorder stays;
    auto goes = std::make_unique<recorder>();
    auto goes_while_flushing = std::make_unique<recorder>();
    stays.then = [&] { goes_while_flushing.reset(); };
    on_lane([&] {
        home->flush_later(*goes);
        home->flush_later(stays);
        home->flush_later(*goes_while_flushing);
        goes.reset();
    });
    EXPECT_EQ(stays.flushes, 1);
}

TEST(lane, something_may_outlive_the_lane_it_waits_at) {
    recorder waiting;
    {
        asio::io_context context(1);
        lane::on_context(context, {.sweeps_itself = false})->flush_later(waiting);
        // Nothing runs: the posted flush, and with it the lane, goes with the context.
    }
    EXPECT_EQ(waiting.flushes, 0);
}

TEST_F(lane_turns, knows_whether_code_runs_on_it) {
    EXPECT_FALSE(home->here());
    bool inside = false;
    on_lane([&] { inside = home->here(); });
    EXPECT_TRUE(inside);
}

TEST_F(lane_turns, the_read_buffer_has_room_around_it) {
    char* const buffer = home->read_buffer();
    EXPECT_EQ(home->read_buffer(), buffer);
    for (char* byte = buffer - 16; byte < buffer + lane::read_buffer_size + 16; ++byte)
        *byte = 1;
}

class deadline final : public sweep_entry {
public:
    void on_sweep(clock_source::time_point now) override {
        ++visits;
        last = now;
        if (then) then();
    }
    int visits = 0;
    clock_source::time_point last{};
    std::function<void()> then;
};

TEST(sweeper, visits_each_entry_once_a_second_and_hurried_ones_each_tick) {
    sweeper sweep;
    manual_clock clock;
    std::array<deadline, 9> slow;
    deadline fast;
    for (deadline& entry : slow)
        sweep.add(entry, false);
    sweep.add(fast, true);
    for (int tick = 1; tick <= 4; ++tick) {
        clock.advance(sweeper::tick_interval);
        sweep.tick(clock.now());
        int visited = 0;
        for (const deadline& entry : slow)
            visited += entry.visits;
        EXPECT_GE(visited, 2 * tick);  // spread over the ticks
        EXPECT_LE(visited, 2 * tick + 1);
        EXPECT_EQ(fast.visits, tick);
    }
    for (const deadline& entry : slow)
        EXPECT_EQ(entry.visits, 1);
    EXPECT_EQ(fast.last, clock.now());
}

TEST(sweeper, can_visit_all_at_once) {
    sweeper sweep;
    std::array<deadline, 9> entries;
    for (std::size_t index = 0; index < entries.size(); ++index)
        sweep.add(entries[index], index == 0);
    entries[3].then = [&] { entries[3].stop_sweeping(); };
    sweep.tick_all({});
    sweep.tick_all({});
    for (std::size_t index = 0; index < entries.size(); ++index)
        EXPECT_EQ(entries[index].visits, index == 3 ? 1 : 2) << index;
}

TEST(sweeper, entries_may_come_and_go_while_it_visits) {
    sweeper sweep;
    std::array<deadline, 6> entries;
    deadline late;
    for (deadline& entry : entries)
        sweep.add(entry, true);
    // Visited from the last one added: each takes the next one away, and itself.
    entries[5].then = [&] { entries[4].stop_sweeping(); };
    entries[3].then = [&] {
        entries[3].stop_sweeping();
        entries[2].stop_sweeping();
        entries[5].stop_sweeping();
    };
    entries[1].then = [&] { sweep.add(late, true); };
    sweep.tick({});
    const std::array<int, 6> expected{1, 1, 0, 1, 0, 1};
    for (std::size_t index = 0; index < entries.size(); ++index)
        EXPECT_EQ(entries[index].visits, expected[index]) << index;
    EXPECT_EQ(late.visits, 0);
    entries[1].then = nullptr;
    sweep.tick({});
    EXPECT_EQ(late.visits, 1);
    EXPECT_EQ(entries[0].visits, 2);
    EXPECT_EQ(entries[5].visits, 1);
}

TEST(sweeper, tells_of_the_first_and_the_last_entry) {
    int changes = 0;
    deadline kept;
    {
        sweeper sweep;
        sweep.on_change([](void* count) { ++*static_cast<int*>(count); }, &changes);
        deadline one;
        sweep.add(one, false);
        EXPECT_EQ(changes, 1);
        {
            deadline two;
            sweep.add(two, true);
            EXPECT_FALSE(sweep.empty());
        }
        EXPECT_EQ(changes, 1);
        one.stop_sweeping();
        one.stop_sweeping();
        EXPECT_EQ(changes, 2);
        EXPECT_TRUE(sweep.empty());
        sweep.add(kept, false);
        EXPECT_TRUE(kept.is_swept());
    }
    EXPECT_FALSE(kept.is_swept());
}

TEST(lane, sweeps_by_itself_while_there_is_something_to_sweep) {
    asio::io_context context(1);
    const auto home = lane::on_context(context, {});
    auto entry = std::make_unique<deadline>();
    entry->then = [&] { entry->stop_sweeping(); };
    home->post([&] { home->sweep().add(*entry, true); });
    const auto start = std::chrono::steady_clock::now();
    context.run();  // ends by itself, since nothing is left to sweep
    EXPECT_EQ(entry->visits, 1);
    EXPECT_GE(std::chrono::steady_clock::now() - start, sweeper::tick_interval);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST(lane, time_may_be_taken_out_of_its_hands) {
    asio::io_context context(1);
    const auto home = lane::on_context(context, {});
    deadline entry;
    home->post([&] { home->sweep().add(entry, true); });
    context.poll();
    const auto clock = std::make_shared<manual_clock>(home->now());
    home->give_time_to(clock);
    context.run();  // ends by itself, since no timer runs
    EXPECT_EQ(entry.visits, 0);
    const auto before = home->now();
    clock->advance(5s);
    EXPECT_EQ(home->now(), before + 5s);
}

TEST(lane, stopping_ends_the_sweep) {
    asio::io_context context(1);
    const auto home = lane::on_context(context, {});
    deadline entry;
    home->post([&] { home->sweep().add(entry, true); });
    home->post([&] { home->stop(); });
    context.run();
    EXPECT_EQ(entry.visits, 0);
}

asio::awaitable<void> wait_in(waiting_list& list, std::string& outcome) {
    try {
        co_await list.wait();
        outcome = "woken";
    } catch (const std::system_error& error) {
        outcome = error.code().message();
    }
}

class waiting : public lane_test {};

TEST_F(waiting, all_that_wait_are_woken) {
    waiting_list list;
    std::array<std::string, 3> outcomes;
    on_lane([&] {
        for (std::string& outcome : outcomes)
            spawn(home->executor(), wait_in(list, outcome));
    });
    EXPECT_FALSE(list.empty());
    on_lane([&] {
        list.wake_all({});
        EXPECT_EQ(outcomes[0], "");
    });
    for (const std::string& outcome : outcomes)
        EXPECT_EQ(outcome, "woken");
    EXPECT_TRUE(list.empty());
}

TEST_F(waiting, an_error_is_thrown_to_them) {
    waiting_list list;
    std::string outcome;
    on_lane([&] { spawn(home->executor(), wait_in(list, outcome)); });
    on_lane([&] { list.wake_all(std::make_error_code(std::errc::timed_out)); });
    EXPECT_EQ(outcome, std::make_error_code(std::errc::timed_out).message());
}

asio::awaitable<void> wait_plainly(waiting_list& list) { co_await list.wait(); }

TEST_F(waiting, may_be_cancelled_before_or_after_it_is_woken) {
    waiting_list list;
    test_job first([&] { return wait_plainly(list); }), second([&] { return wait_plainly(list); });
    start(first);
    on_lane([&] { first.cancel_now(); });
    EXPECT_EQ(first.text, "aborted");
    EXPECT_FALSE(first.inside_cancel);
    on_lane([&] { list.wake_all({}); });
    start(second);
    on_lane([&] {
        list.wake_all({});
        second.cancel_now();
    });
    EXPECT_EQ(second.times_done, 1);
}

TEST(Threads_io_runtime, runs_all_contexts_until_the_first_has_nothing_left) {
    io_runtime runtime(3);
    ASSERT_EQ(runtime.size(), 3u);
    std::atomic<int> ran{0};
    for (std::size_t index = 0; index < runtime.size(); ++index)
        asio::post(runtime.context(index), [&] { ++ran; });
    asio::steady_timer timer(runtime.context(0), 20ms);
    timer.async_wait([&](std::error_code) { asio::post(runtime.context(2), [&] { ++ran; }); });
    runtime.run();
    EXPECT_EQ(ran.load(), 4);
}

TEST(Threads_io_runtime, stop_ends_run) {
    io_runtime runtime(2);
    asio::steady_timer timer(runtime.context(0), 1h);
    timer.async_wait([](std::error_code) {});
    asio::post(runtime.context(1), [&] { runtime.stop(); });
    runtime.run();
}

TEST(Threads_io_runtime, rethrows_what_a_handler_threw) {
    io_runtime runtime(2);
    asio::steady_timer timer(runtime.context(0), 1h);
    timer.async_wait([](std::error_code) {});
    asio::post(runtime.context(1), [] { throw std::runtime_error("from a handler"); });
    try {
        runtime.run();
        ADD_FAILURE() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "from a handler");
    }
}

TEST(io_runtime, has_a_thread_for_each_processor_unless_told) {
    EXPECT_EQ(io_runtime().size(), std::max(1u, std::thread::hardware_concurrency()));
}

TEST(LaneDeathTest, a_second_thread_in_a_context_lane_ends_the_program) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_DEATH(
        {
            asio::io_context context(1);
            const auto home = lane::on_context(context, {.sweeps_itself = false});
            home->check_thread();
            std::thread([&] { home->check_thread(); }).join();
        },
        "it must be run by exactly one");
}

}  // namespace
}  // namespace asignalr::detail
