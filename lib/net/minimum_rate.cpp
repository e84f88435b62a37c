// SPDX-License-Identifier: MIT
#include "net/minimum_rate.hpp"

#include <algorithm>
#include <chrono>

namespace asignalr::detail {
namespace {

clock_source::duration bought(const rate_limit& limit, std::size_t bytes) noexcept {
    using seconds = std::chrono::duration<double>;
    const seconds time(static_cast<double>(bytes) / static_cast<double>(limit.bytes_per_second));
    // Compared as it is: what a large body would buy may not fit the clock.
    return time < seconds(limit.stall) ? std::chrono::duration_cast<clock_source::duration>(time) : limit.stall;
}

}  // namespace

void minimum_rate::start(const rate_limit& limit, clock_source::time_point now) noexcept {
    paused_ = false;
    deadline_ = now + (limit.bytes_per_second == 0 ? limit.stall : std::min(limit.grace, limit.stall));
}

void minimum_rate::add(const rate_limit& limit, std::size_t bytes, clock_source::time_point now) noexcept {
    if (bytes == 0) return;
    if (limit.bytes_per_second == 0)
        deadline_ = now + limit.stall;
    else
        deadline_ = std::min(deadline_ + bought(limit, bytes), now + limit.stall);
}

void minimum_rate::pause(clock_source::time_point now) noexcept {
    if (paused_) return;
    paused_ = true;
    left_ = deadline_ - now;
}

void minimum_rate::resume(const rate_limit& limit, clock_source::time_point now) noexcept {
    if (!paused_) return;
    paused_ = false;
    deadline_ = now + std::max(left_, std::min(limit.grace, limit.stall));
}

}  // namespace asignalr::detail
