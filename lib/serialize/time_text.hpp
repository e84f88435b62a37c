// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace asignalr::detail {

using nanosecond_time = std::chrono::sys_time<std::chrono::nanoseconds>;

/// `2000-01-01T00:00:00Z`, with a fraction of up to seven digits where there is one, as .NET writes a UTC DateTime.
std::string time_text(nanosecond_time time);

/// Reads ISO 8601 as .NET does: date, or date and time with optional seconds, fraction and offset; without offset it is UTC.
bool parse_time(std::string_view text, nanosecond_time& time) noexcept;

}  // namespace asignalr::detail
