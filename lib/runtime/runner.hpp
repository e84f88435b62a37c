// SPDX-License-Identifier: MIT
#pragma once

#include "runtime/job.hpp"
#include "runtime/parked_handler.hpp"

#include <asio/awaitable.hpp>
#include <asio/cancellation_signal.hpp>

#include <memory>

namespace asignalr::detail {

class lane;

/// A long-lived coroutine that does one job after the other: resuming an idle one costs a third of spawning a new one.
///
/// It is owned by its own frame; while it is idle, the frame is owned by the handler parked in it, and the lane knows it.
class runner {
public:
    explicit runner(lane& where) noexcept : lane_(where) {}

    /// Spawns a runner that begins with `first`. On the lane.
    static void spawn(std::shared_ptr<lane> where, job& first);

    /// Resumes an idle runner in place; null ends it.
    void resume(job* next) { parked_(next); }
    /// On the lane only.
    void cancel() { signal_.emit(asio::cancellation_type::terminal); }

private:
    class ending;

    static asio::awaitable<void> loop(std::shared_ptr<lane> where, std::shared_ptr<runner> self, job* work);
    asio::awaitable<job*> park();

    lane& lane_;  // kept alive by the frame
    asio::cancellation_signal signal_;
    parked_handler<job*> parked_;
};

}  // namespace asignalr::detail
