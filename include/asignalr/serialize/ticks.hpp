// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <ratio>
#include <type_traits>
#include <utility>

namespace asignalr {

/// .NET's unit of time, 100 nanoseconds. In 64 bits it reaches over the years 1 to 9999, which nanoseconds do not.
using ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
/// A moment as it travels; what .NET calls a DateTime in UTC.
using tick_time = std::chrono::sys_time<ticks>;

namespace detail {

/// Whether `duration_cast<To>(from)` is defined: nothing overflows on the way, and the result fits.
template <class To, class Count, class Period>
constexpr bool can_cast(const std::chrono::duration<Count, Period>& from) {
    using count_type = typename To::rep;
    if constexpr (std::is_integral_v<Count> && std::is_integral_v<count_type>) {
        using factor = std::ratio_divide<Period, typename To::period>;
        using limits = std::numeric_limits<std::intmax_t>;
        if (!std::in_range<std::intmax_t>(from.count())) return false;
        const auto count = static_cast<std::intmax_t>(from.count());
        const bool in_reach = count >= limits::min() / factor::num && count <= limits::max() / factor::num;
        return in_reach && std::in_range<count_type>(count * factor::num / factor::den);
    } else if constexpr (std::is_floating_point_v<Count> && std::is_integral_v<count_type>) {
        using limits = std::numeric_limits<count_type>;
        const auto count = std::chrono::duration_cast<std::chrono::duration<double, typename To::period>>(from).count();
        return count >= static_cast<double>(limits::min()) && count < static_cast<double>(limits::max());  // no NaN is
    } else {
        return true;
    }
}

}  // namespace detail

}  // namespace asignalr
