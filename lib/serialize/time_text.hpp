// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/serialize/ticks.hpp>

#include <string>
#include <string_view>

namespace asignalr::detail {

/// Whether a moment is in the years 1 to 9999.
bool has_time_text(tick_time time) noexcept;

/// `2000-01-01T00:00:00Z`, with a fraction of up to seven digits where there is one, as .NET writes a UTC DateTime.
/// Only if has_time_text().
std::string time_text(tick_time time);

/// Reads ISO 8601 as .NET does: date, or date and time with optional seconds, fraction and offset; without offset it is UTC.
/// What is smaller than 100 nanoseconds is cut off.
bool parse_time(std::string_view text, tick_time& time) noexcept;

}  // namespace asignalr::detail
