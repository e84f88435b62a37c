// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <cstddef>

namespace asignalr::detail {

/// How slowly a peer may send or take bytes.
struct rate_limit {
    std::size_t bytes_per_second = 240;  ///< 0: any rate will do.
    clock_source::duration grace{};      ///< What everybody gets, however little comes.
    clock_source::duration stall{};      ///< The longest time without a byte, however many came before.
};

/// Whether a peer keeps up a rate. Each byte buys time, up to the longest stall; the grace is given at the start. So neither a byte now and
/// then nor a burst in front of silence holds a socket for long.
class minimum_rate {
public:
    void start(const rate_limit& limit, clock_source::time_point now) noexcept;
    void add(const rate_limit& limit, std::size_t bytes, clock_source::time_point now) noexcept;
    /// Time does not count until resume(), as it is not the peer's.
    void pause(clock_source::time_point now) noexcept;
    /// Goes on with what time was left, and the grace at least: the peer has to notice first.
    void resume(const rate_limit& limit, clock_source::time_point now) noexcept;

    bool is_too_slow(clock_source::time_point now) const noexcept { return !paused_ && now >= deadline_; }

private:
    clock_source::time_point deadline_{};
    clock_source::duration left_{};  // while paused
    bool paused_ = false;
};

}  // namespace asignalr::detail
