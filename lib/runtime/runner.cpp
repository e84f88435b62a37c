// SPDX-License-Identifier: MIT
#include "runtime/runner.hpp"

#include "runtime/lane.hpp"
#include "runtime/spawn.hpp"

#include <asio/async_result.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/co_spawn.hpp>
#include <asio/post.hpp>
#include <asio/this_coro.hpp>
#include <asio/error.hpp>
#include <asio/use_awaitable.hpp>

#include <new>
#include <system_error>
#include <utility>

namespace asignalr::detail {

void job::cancel() {
    if (runner_ != nullptr) runner_->cancel();
}

void runner::spawn(std::shared_ptr<lane> where, job& first) {
    auto self = std::make_shared<runner>(*where);
    auto slot = self->signal_.slot();
    lane& here = *where;
    spawn_with_slot(here.executor(), slot, loop(std::move(where), std::move(self), &first));
}

// The less is kept in the frame of this, the sooner Asio finds room for it among the frames that a method has left.
asio::awaitable<job*> runner::park() {
    auto keep = [this](auto handler) {
        parked_.set(std::move(handler));
        lane_.idle_.push_back(this);
        lane_.idle_count_.add();
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(job*)>(keep, asio::use_awaitable);
}

/// What becomes of the lane's count, and of a job in hand, when the coroutine is destroyed instead of resumed: with its context, or
/// because something that a method awaited was dropped.
class runner::ending {
public:
    ending(lane& where, job*& in_hand) noexcept : lane_(where), in_hand_(in_hand) { ++lane_.runner_count_; }
    ending(const ending&) = delete;
    ending& operator=(const ending&) = delete;
    ~ending() {
        --lane_.runner_count_;
        if (in_hand_ == nullptr) return;
        in_hand_->runner_ = nullptr;
        in_hand_->done(aborted());
    }

private:
    static std::exception_ptr aborted() noexcept try {
        throw std::system_error(asio::error::operation_aborted);
    } catch (...) {
        return std::current_exception();  // or there is no memory to say so
    }

    lane& lane_;
    job*& in_hand_;
};

asio::awaitable<void> runner::loop(std::shared_ptr<lane> where, std::shared_ptr<runner> self, job* work) {
    const ending at_the_end(*where, work);
    while (work != nullptr) {
        std::exception_ptr failure;
        work->runner_ = self.get();
        try {
            co_await work->run();
        } catch (...) {
            failure = std::current_exception();
        }
        if (!where->here()) {
            // The method stayed on a foreign thread. Throwing would keep a cancelled runner from coming home.
            co_await asio::this_coro::throw_if_cancelled(false);
            co_await asio::post(asio::use_awaitable);
        }
        // A method may have changed these, and a cancel must not reach the next job.
        co_await asio::this_coro::reset_cancellation_state();
        co_await asio::this_coro::throw_if_cancelled(true);
        job* const finished = std::exchange(work, nullptr);
        finished->runner_ = nullptr;
        finished->done(std::move(failure));
        if (where->stopped_ || where->idle_.size() >= where->settings_.maximum_idle_runners) break;
        try {
            work = co_await self->park();
        } catch (const std::bad_alloc&) {
            break;  // it ends instead of waiting
        }
    }
}

}  // namespace asignalr::detail
