// SPDX-License-Identifier: MIT
#include "lane_fixture.hpp"

#include <asignalr/runtime/on.hpp>

#include <asio/executor_work_guard.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>

#include <atomic>
#include <memory>
#include <thread>

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

/// A second thread with a context of its own, and a lane on this one.
class Threads_on : public ::testing::Test {
protected:
    Threads_on() : home(lane::on_context(context, {.sweeps_itself = false})), thread([this] { elsewhere.run(); }) {}
    ~Threads_on() override {
        home->post([this] { home->stop(); });
        context.restart();
        context.run();
        work_elsewhere.reset();
        thread.join();
    }
    void run_until_done(const test_job& work) {
        const auto give_up = std::chrono::steady_clock::now() + 20s;
        while (work.times_done == 0 && std::chrono::steady_clock::now() < give_up) {
            context.restart();
            context.run_one_for(100ms);
        }
        ASSERT_EQ(work.times_done, 1);
    }
    void start(test_job& work) {
        work.home = home.get();
        home->post([this, &work] { home->start(work); });
    }

    asio::io_context context{1};
    asio::io_context elsewhere{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_elsewhere{elsewhere.get_executor()};
    std::shared_ptr<lane> home;
    std::thread thread;
};

struct visitor {
    std::thread::id* ran_on;
    int value;

    task<std::unique_ptr<int>> operator()() {
        *ran_on = std::this_thread::get_id();
        co_await asio::post(asio::use_awaitable);
        EXPECT_EQ(*ran_on, std::this_thread::get_id());
        co_return std::make_unique<int>(value);
    }
};

asio::awaitable<void> visit_and_return(asio::any_io_executor there, lane* home, std::thread::id& ran_on, int& result) {
    visitor function{&ran_on, 42};
    const std::unique_ptr<int> brought = co_await on(there, std::move(function));
    EXPECT_TRUE(home->here());
    result = *brought;
}

TEST_F(Threads_on, runs_there_and_comes_back_with_the_result) {
    for (int round = 0; round < 50; ++round) {
        std::thread::id ran_on{};
        int result = 0;
        test_job work([&] { return visit_and_return(elsewhere.get_executor(), home.get(), ran_on, result); });
        start(work);
        run_until_done(work);
        EXPECT_EQ(result, 42);
        EXPECT_EQ(ran_on, thread.get_id());
        EXPECT_TRUE(work.on_lane);
        EXPECT_EQ(work.text, "fine");
    }
}

struct failing_visitor {
    task<void> operator()() {
        co_await asio::post(asio::use_awaitable);
        throw std::runtime_error("failed there");
    }
};

asio::awaitable<void> visit_and_fail(asio::any_io_executor there, lane* home, bool& caught_at_home) {
    try {
        failing_visitor function;
        co_await on(there, function);
    } catch (const std::runtime_error&) {
        caught_at_home = home->here();
        throw;
    }
}

TEST_F(Threads_on, brings_exceptions_home) {
    bool caught_at_home = false;
    test_job work([&] { return visit_and_fail(elsewhere.get_executor(), home.get(), caught_at_home); });
    start(work);
    run_until_done(work);
    EXPECT_TRUE(caught_at_home);
    EXPECT_EQ(work.text, "failed there");
}

struct waiting_visitor {
    std::atomic<bool>* arrived;
    std::atomic<bool>* cancelled;

    task<void> operator()() {
        *arrived = true;
        try {
            co_await forever();
        } catch (const std::system_error&) {
            *cancelled = true;
            throw;
        }
    }
};

asio::awaitable<void> visit_and_wait(asio::any_io_executor there, std::atomic<bool>& arrived, std::atomic<bool>& cancelled) {
    waiting_visitor function{&arrived, &cancelled};
    co_await on(there, function);
}

TEST_F(Threads_on, cancel_reaches_the_visit) {
    for (int round = 0; round < 50; ++round) {
        std::atomic<bool> arrived = false, cancelled = false;
        test_job work([&] { return visit_and_wait(elsewhere.get_executor(), arrived, cancelled); });
        start(work);
        context.restart();
        context.poll();
        while (!arrived)
            std::this_thread::yield();
        home->post([&] { work.cancel_now(); });
        run_until_done(work);
        EXPECT_TRUE(cancelled);
        EXPECT_EQ(work.text, "aborted");
        EXPECT_TRUE(work.on_lane);
    }
}

struct short_visitor {
    task<int> operator()() {
        asio::steady_timer timer(co_await asio::this_coro::executor, 50us);
        co_await timer.async_wait(asio::use_awaitable);
        co_return 1;
    }
};

asio::awaitable<void> visit_again_and_again(asio::any_io_executor there, int& visits) {
    for (int index = 0; index < 20; ++index) {
        short_visitor function;
        visits += co_await on(there, function);
    }
}

TEST_F(Threads_on, cancel_at_any_moment) {
    const asio::any_io_executor strand = asio::make_strand(elsewhere.get_executor());
    int finished = 0;
    for (int round = 0; round < 100; ++round) {
        int visits = 0;
        test_job work([&] { return visit_again_and_again(strand, visits); });
        start(work);
        asio::steady_timer trigger(context, std::chrono::microseconds(round * 17));
        bool is_triggered = false;
        trigger.async_wait([&](std::error_code error) {
            is_triggered = true;
            if (!error) work.cancel_now();
        });
        run_until_done(work);
        trigger.cancel();
        while (!is_triggered) {  // it may be under way to a job that is done, which has to be there still
            context.restart();
            context.run_one_for(100ms);
        }
        EXPECT_TRUE(work.on_lane);
        EXPECT_TRUE(work.text == "aborted" || work.text == "fine") << work.text;
        if (work.text == "fine") ++finished;
    }
    EXPECT_LT(finished, 100);
}

}  // namespace
}  // namespace asignalr::detail
