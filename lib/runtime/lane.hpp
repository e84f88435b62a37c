// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>

#include "base/clock.hpp"
#include "log/counters.hpp"
#include "runtime/job.hpp"
#include "runtime/sweep.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace asio {
class io_context;
}

namespace asignalr::detail {

class lane;

/// How many lanes a server may have: the first byte of an id tells whose it is.
inline constexpr std::size_t most_lanes = 256;

/// Something that has work left for the end of the turn.
class flushable {
public:
    flushable() = default;
    flushable(const flushable&) = delete;
    flushable& operator=(const flushable&) = delete;
    virtual void flush() noexcept = 0;

protected:
    virtual ~flushable();

private:
    friend class lane;
    lane* waiting_at_ = nullptr;
};

struct lane_settings {
    std::size_t index = 0;
    std::size_t maximum_idle_runners = 64;
    std::shared_ptr<const clock_source> clock = std::make_shared<steady_clock_source>();
    bool sweeps_itself = true;  ///< False: a test ticks the sweeper.
};

/// An executor that runs one thing at a time: a connection is born on a lane, never moves, and needs no locks.
///
/// Only post() and executor() may be used from elsewhere.
class lane : public std::enable_shared_from_this<lane> {
public:
    static constexpr std::size_t read_buffer_size = 64 * 1024;

    /// A lane that is the whole of a context, which exactly one thread runs.
    static std::shared_ptr<lane> on_context(asio::io_context& context, lane_settings settings);
    /// A lane on a strand over an executor.
    static std::shared_ptr<lane> on_executor(const asio::any_io_executor& executor, lane_settings settings);

    lane(const lane&) = delete;
    lane& operator=(const lane&) = delete;
    ~lane();

    const asio::any_io_executor& executor() const noexcept { return executor_; }
    std::size_t index() const noexcept { return settings_.index; }
    bool here() const { return here_(executor_); }
    /// Ends the program with a clear line if a second thread entered a lane that is a whole context.
    void check_thread() {
        if (bound_to_thread_) check_thread_id();
    }
    clock_source::time_point now() const noexcept { return settings_.clock->now(); }
    /// From now on a test has the time in its hands, and ticks the sweeper.
    void give_time_to(std::shared_ptr<const clock_source> clock);

    template <class Function>
    void post(Function&& function) {
        asio::post(executor_, std::forward<Function>(function));
    }

    /// Runs a job in place, up to its first suspension, on an idle runner or a new one.
    /// @throws std::bad_alloc if it was not begun
    void start(job& work);
    /// The same for a job that destroys itself in `done()`.
    template <class Job>
    void start(std::unique_ptr<Job> work) {
        Job* const own = work.release();
        try {
            start(*own);
        } catch (const std::bad_alloc&) {
            work.reset(own);
            throw;
        }
    }
    /// Calls `flush()` once at the end of the turn.
    void flush_later(flushable& waiting);

    sweeper& sweep() noexcept { return sweeper_; }
    counters& count() noexcept { return counters_; }
    const counters& count() const noexcept { return counters_; }

    /// Shared by all connections of the lane; valid until the next suspension. Some bytes around it may be overwritten, too.
    char* read_buffer();

    std::size_t idle_runners() const noexcept { return idle_count_.get(); }
    std::size_t busy_runners() const noexcept { return runner_count_ - idle_.size(); }

    /// Idle runners end now, busy ones with their job; the sweep stops. Nothing of the lane's own keeps the context running then.
    void stop();

private:
    friend class flushable;
    friend class runner;

    using here_function = bool (*)(const asio::any_io_executor&);

    lane(asio::any_io_executor executor, here_function runs_here_now, bool bound_to_thread, lane_settings settings);

    void check_thread_id();
    void flush_all();
    void arm_sweep();
    void sweep_changed();

    asio::any_io_executor executor_;
    here_function here_;
    lane_settings settings_;
    counters counters_;
    counter idle_count_;  // the size of idle_, for other threads
    std::vector<runner*> idle_;
    std::size_t runner_count_ = 0;
    std::vector<flushable*> waiting_;
    sweeper sweeper_;
    std::optional<asio::steady_timer> sweep_timer_;
    std::unique_ptr<char[]> read_buffer_;
    std::atomic<std::thread::id> thread_{};
    bool bound_to_thread_;
    bool flush_posted_ = false;
    bool sweep_armed_ = false;
    bool stopped_ = false;
};

}  // namespace asignalr::detail
