// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace asignalr::detail {

/// Where a lane takes the time from. Every timeout of the library is judged by it, so a test that drives it by hand needs no sleep.
class clock_source {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    virtual ~clock_source() = default;
    virtual time_point now() const noexcept = 0;

protected:
    clock_source() = default;
    clock_source(const clock_source&) = default;
    clock_source& operator=(const clock_source&) = default;
};

/// The machine's steady clock.
class steady_clock_source final : public clock_source {
public:
    time_point now() const noexcept override { return std::chrono::steady_clock::now(); }
};

/// A clock that stands still until it is moved.
class manual_clock final : public clock_source {
public:
    manual_clock() = default;
    explicit manual_clock(time_point start) noexcept : now_(start) {}

    time_point now() const noexcept override { return now_; }
    void advance(duration by) noexcept { now_ += by; }

private:
    time_point now_{std::chrono::hours(1)};
};

}  // namespace asignalr::detail
