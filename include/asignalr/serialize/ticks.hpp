// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>

namespace asignalr {

/// .NET's unit of time, 100 nanoseconds. In 64 bits it reaches over the years 1 to 9999, which nanoseconds do not.
using ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
/// A moment as it travels; what .NET calls a DateTime in UTC.
using tick_time = std::chrono::sys_time<ticks>;

}  // namespace asignalr
