// SPDX-License-Identifier: MIT
#pragma once

#include "runtime/lane.hpp"
#include "runtime/spawn.hpp"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace asignalr::detail {

/// A job whose body is a function; it counts how it ended.
class test_job final : public job {
public:
    using body = std::function<asio::awaitable<void>()>;

    explicit test_job(body run) : body_(std::move(run)) {}

    asio::awaitable<void> run() override { return body_(); }
    void done(std::exception_ptr failure) noexcept override {
        ++times_done;
        inside_cancel = inside_cancel || cancelling;
        on_lane = !home || home->here();
        text = "fine";
        if (!failure) return;
        try {
            std::rethrow_exception(failure);
        } catch (const std::system_error& error) {
            text = error.code() == asio::error::operation_aborted ? "aborted" : error.what();
        } catch (const std::exception& error) {
            text = error.what();
        }
    }
    void cancel_now() {
        cancelling = true;
        cancel();
        cancelling = false;
    }

    int times_done = 0;
    bool cancelling = false;
    bool inside_cancel = false;
    bool on_lane = true;
    lane* home = nullptr;
    std::string text = "running";

private:
    body body_;
};

/// A lane that is the whole of a context; run() does what is ready.
struct lane_test : ::testing::Test {
    explicit lane_test(lane_settings settings = {.sweeps_itself = false})
        : context(1), home(lane::on_context(context, std::move(settings))) {}
    ~lane_test() override {
        home->stop();
        run();
    }

    void run() {
        context.restart();
        context.poll();
    }
    /// Runs something on the lane, and what follows from it.
    template <class Function>
    void on_lane(Function function) {
        home->post(std::move(function));
        run();
    }
    void start(job& work) {
        on_lane([this, &work] { home->start(work); });
    }

    asio::io_context context;
    std::shared_ptr<lane> home;
};

/// Waits until somebody cancels it.
inline asio::awaitable<void> forever() {
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
}

/// Sets a flag when the frame it lies in is destroyed.
class notice {
public:
    explicit notice(int& count) : count_(count) {}
    notice(const notice&) = delete;
    notice& operator=(const notice&) = delete;
    ~notice() { ++count_; }

private:
    int& count_;
};

}  // namespace asignalr::detail
