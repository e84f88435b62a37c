// SPDX-License-Identifier: MIT
#include "lane_fixture.hpp"

#include <asio/bind_executor.hpp>
#include <asio/post.hpp>
#include <asio/thread_pool.hpp>

#include <algorithm>
#include <future>
#include <memory>
#include <thread>

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;
constexpr int rounds = 50;

class runner_reuse : public lane_test {};

asio::awaitable<void> nothing() { co_return; }
asio::awaitable<void> fail() {
    throw std::runtime_error("broken");
    co_return;
}

asio::awaitable<void> three_deep(int depth, int& unwound) {
    const notice seen(unwound);
    if (depth == 0)
        co_await forever();
    else
        co_await three_deep(depth - 1, unwound);
}

TEST_F(runner_reuse, a_job_runs_in_place_and_its_runner_is_used_again) {
    for (int round = 0; round < rounds; ++round) {
        bool ran = false;
        test_job work([&ran]() -> asio::awaitable<void> {
            ran = true;
            return nothing();
        });
        on_lane([&] {
            home->start(work);
            if (round > 0) {
                EXPECT_TRUE(ran);  // on an idle runner at once
            }
        });
        EXPECT_TRUE(ran);
        EXPECT_EQ(work.times_done, 1);
        EXPECT_EQ(work.text, "fine");
        EXPECT_EQ(home->idle_runners(), 1u);
        EXPECT_EQ(home->busy_runners(), 0u);
    }
}

TEST_F(runner_reuse, a_failure_is_handed_over_and_forgotten) {
    for (int round = 0; round < rounds; ++round) {
        test_job broken(fail), fine(nothing);
        start(broken);
        start(fine);
        EXPECT_EQ(broken.text, "broken");
        EXPECT_EQ(fine.text, "fine");
        EXPECT_EQ(home->idle_runners(), 1u);
    }
}

TEST_F(runner_reuse, cancel_unwinds_a_parked_job_and_the_next_one_knows_nothing_of_it) {
    for (int round = 0; round < rounds; ++round) {
        int unwound = 0;
        test_job work([&unwound] { return three_deep(3, unwound); });
        start(work);
        EXPECT_EQ(home->busy_runners(), 1u);
        on_lane([&] { work.cancel_now(); });
        EXPECT_EQ(work.times_done, 1);
        EXPECT_EQ(work.text, "aborted");
        EXPECT_FALSE(work.inside_cancel);
        EXPECT_EQ(unwound, 4);
        test_job next(nothing);
        start(next);
        EXPECT_EQ(next.text, "fine");
        EXPECT_EQ(home->idle_runners(), 1u);
    }
}

TEST_F(runner_reuse, cancel_before_and_after_a_job_does_nothing) {
    test_job work(nothing);
    on_lane([&] { work.cancel_now(); });
    start(work);
    EXPECT_EQ(work.text, "fine");
    on_lane([&] { work.cancel_now(); });
    int unwound = 0;
    test_job parked([&unwound] { return three_deep(1, unwound); });
    start(parked);
    on_lane([&] { work.cancel_now(); });
    EXPECT_EQ(parked.times_done, 0);
    on_lane([&] { parked.cancel_now(); });
    EXPECT_EQ(parked.text, "aborted");
}

asio::awaitable<void> stubborn(int& refusals) {
    for (int attempt = 0; attempt < 3; ++attempt) {
        try {
            co_await forever();
        } catch (const std::system_error&) {
            ++refusals;
        }
    }
}

TEST_F(runner_reuse, a_cancelled_job_throws_at_every_await) {
    for (int round = 0; round < rounds; ++round) {
        int refusals = 0;
        test_job work([&refusals] { return stubborn(refusals); });
        start(work);
        on_lane([&] { work.cancel_now(); });
        EXPECT_EQ(refusals, 3);
        EXPECT_EQ(work.text, "fine");
        int unwound = 0;
        test_job next([&unwound] { return three_deep(0, unwound); });
        start(next);
        EXPECT_EQ(next.times_done, 0);
        on_lane([&] { next.cancel_now(); });
        EXPECT_EQ(next.text, "aborted");
    }
}

asio::awaitable<void> cancel_itself(test_job*& self, bool& continued) {
    self->cancel_now();
    continued = true;
    co_await forever();
}

TEST_F(runner_reuse, a_running_job_that_is_cancelled_throws_at_its_next_await) {
    for (int round = 0; round < rounds; ++round) {
        bool continued = false;
        int unwound = 0;
        test_job* self = nullptr;
        test_job work([&] { return cancel_itself(self, continued); });
        test_job other([&unwound] { return three_deep(0, unwound); });
        self = &work;
        start(other);
        start(work);
        EXPECT_TRUE(continued);
        EXPECT_EQ(work.text, "aborted");
        EXPECT_FALSE(work.inside_cancel);
        EXPECT_EQ(other.times_done, 0);
        on_lane([&] { other.cancel_now(); });
    }
    EXPECT_EQ(home->idle_runners(), 2u);
}

asio::awaitable<void> disable_cancellation() {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
}

TEST_F(runner_reuse, filters_do_not_leak_into_the_next_job) {
    for (int round = 0; round < rounds; ++round) {
        test_job leaky(disable_cancellation);
        start(leaky);
        int unwound = 0, refusals = 0;
        test_job parked([&unwound] { return three_deep(2, unwound); });
        start(parked);
        on_lane([&] { parked.cancel_now(); });
        EXPECT_EQ(parked.text, "aborted");
        start(leaky);
        test_job sticky([&refusals] { return stubborn(refusals); });
        start(sticky);
        on_lane([&] { sticky.cancel_now(); });
        EXPECT_EQ(refusals, 3);
        EXPECT_EQ(home->idle_runners(), 1u);
    }
}

asio::awaitable<void> ignore_cancel(asio::any_io_executor executor, std::function<void()>& finish, bool& after) {
    auto keep = [&finish, executor](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        finish = [shared] { std::move (*shared)(); };
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(keep, asio::use_awaitable);
    after = true;
    co_await forever();
}

TEST_F(runner_reuse, an_operation_that_ignores_cancel_is_waited_for) {
    std::function<void()> finish;
    bool after = false;
    test_job work([&] { return ignore_cancel(home->executor(), finish, after); });
    start(work);
    on_lane([&] { work.cancel_now(); });
    EXPECT_EQ(work.times_done, 0);
    EXPECT_EQ(home->busy_runners(), 1u);
    on_lane([&] { finish(); });
    EXPECT_EQ(work.times_done, 1);
    EXPECT_EQ(work.text, "aborted");
    finish = nullptr;
}

asio::awaitable<void> park_twice(int& stage) {
    ++stage;
    co_await asio::post(asio::use_awaitable);
    ++stage;
}

TEST_F(runner_reuse, many_jobs_at_once_have_a_runner_each) {
    std::vector<std::unique_ptr<test_job>> jobs;
    int stage = 0, unwound = 0;
    for (int index = 0; index < 100; ++index)
        jobs.push_back(std::make_unique<test_job>([&unwound] { return three_deep(0, unwound); }));
    on_lane([&] {
        for (const auto& work : jobs)
            home->start(*work);
    });
    EXPECT_EQ(home->busy_runners(), 100u);
    on_lane([&] {
        for (const auto& work : jobs)
            work->cancel_now();
    });
    EXPECT_EQ(unwound, 100);
    EXPECT_EQ(home->busy_runners(), 0u);
    EXPECT_EQ(home->idle_runners(), 64u);  // the others have ended
    test_job work([&stage] { return park_twice(stage); });
    start(work);
    EXPECT_EQ(stage, 2);
}

TEST_F(runner_reuse, a_lane_that_stops_ends_its_idle_runners) {
    int unwound = 0;
    test_job idle(nothing), busy([&unwound] { return three_deep(0, unwound); });
    start(busy);
    start(idle);
    EXPECT_EQ(home->idle_runners(), 1u);
    on_lane([&] { home->stop(); });
    EXPECT_EQ(home->idle_runners(), 0u);
    EXPECT_EQ(home->busy_runners(), 1u);
    on_lane([&] { busy.cancel_now(); });
    EXPECT_EQ(busy.text, "aborted");
    EXPECT_EQ(home->busy_runners(), 0u);
    EXPECT_EQ(home->idle_runners(), 0u);
}

TEST(runner, a_context_may_be_destroyed_under_a_parked_job) {
    int unwound = 0;
    test_job work([&unwound] { return three_deep(2, unwound); });
    test_job idle(nothing);
    {
        asio::io_context context(1);
        const auto home = lane::on_context(context, {.sweeps_itself = false});
        home->post([&] {
            home->start(idle);
            home->start(work);
        });
        context.poll();
        home->post([&] { home->stop(); });
        context.poll();
    }
    EXPECT_EQ(unwound, 3);
    EXPECT_EQ(work.times_done, 1);
    EXPECT_EQ(work.text, "aborted");
}

asio::awaitable<void> hop_away(asio::any_io_executor elsewhere, bool& there) {
    co_await asio::post(asio::bind_executor(elsewhere, asio::use_awaitable));
    there = true;
}

TEST(Threads_runner, a_method_that_stays_elsewhere_is_brought_home) {
    asio::thread_pool pool(1);
    asio::io_context context(1);
    const auto home = lane::on_context(context, {.sweeps_itself = false});
    for (int round = 0; round < rounds; ++round) {
        bool there = false;
        test_job work([&] { return hop_away(pool.get_executor(), there); });
        work.home = home.get();
        home->post([&] { home->start(work); });
        context.restart();
        while (work.times_done == 0)
            context.run_one_for(10s);
        EXPECT_TRUE(there);
        EXPECT_TRUE(work.on_lane);
        EXPECT_EQ(work.text, "fine");
    }
    pool.join();
    home->post([&] { home->stop(); });
    context.restart();
    context.run();
}

asio::awaitable<void> wait_a_little(lane* home, int& inside, int& most) {
    EXPECT_TRUE(home->here());
    most = std::max(most, ++inside);
    asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
    --inside;
    co_await timer.async_wait(asio::use_awaitable);
    EXPECT_TRUE(home->here());
    most = std::max(most, ++inside);
    --inside;
}

// Asked on the lane, where the jobs live.
int ended(lane& home, const std::vector<std::unique_ptr<test_job>>& jobs) {
    std::promise<int> count;
    home.post([&] {
        int sum = 0;
        for (const auto& work : jobs)
            sum += work->times_done;
        count.set_value(sum);
    });
    return count.get_future().get();
}

TEST(Threads_runner, a_lane_on_a_strand_runs_one_thing_at_a_time) {
    asio::thread_pool pool(2);
    const auto home = lane::on_executor(pool.get_executor(), {.sweeps_itself = false});
    int inside = 0, most = 0, refused = 0;
    std::vector<std::unique_ptr<test_job>> jobs;
    for (int index = 0; index < 200; ++index) {
        jobs.push_back(std::make_unique<test_job>([&] { return wait_a_little(home.get(), inside, most); }));
        jobs.back()->home = home.get();
    }
    for (std::size_t index = 0; index < jobs.size(); ++index) {
        test_job* const work = jobs[index].get();
        home->post([&home, work] { home->start(*work); });
        if (index % 3 == 0) home->post([work] { work->cancel_now(); });
    }
    while (ended(*home, jobs) < static_cast<int>(jobs.size()))
        std::this_thread::sleep_for(1ms);
    home->post([&home] { home->stop(); });
    pool.join();
    for (const auto& work : jobs) {
        EXPECT_EQ(work->times_done, 1);
        EXPECT_TRUE(work->on_lane);
        EXPECT_FALSE(work->inside_cancel);
        if (work->text == "aborted") ++refused;
    }
    EXPECT_EQ(most, 1);
    EXPECT_GT(refused, 0);
    EXPECT_EQ(home->busy_runners(), 0u);
}

}  // namespace
}  // namespace asignalr::detail
