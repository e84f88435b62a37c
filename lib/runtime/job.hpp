// SPDX-License-Identifier: MIT
#pragma once

#include <asio/awaitable.hpp>

#include <exception>

namespace asignalr::detail {

class runner;

/// Something for a runner to do. The dispatcher's calls are jobs.
class job {
public:
    /// The user's code.
    virtual asio::awaitable<void> run() = 0;
    /// Always on the lane, never inside cancel(), and last: the job may destroy itself. Called with `operation_aborted` if the
    /// coroutine was destroyed instead of resumed; with its context, that is in whatever thread destroys that.
    virtual void done(std::exception_ptr failure) noexcept = 0;

    /// Makes the job's current and later suspensions throw `operation_aborted`. On the lane only. No user code runs before it
    /// returns unless the job waits for something that completes at once; nothing happens if it is not running.
    void cancel();

protected:
    virtual ~job() = default;

private:
    friend class lane;
    friend class runner;
    runner* runner_ = nullptr;
};

}  // namespace asignalr::detail
