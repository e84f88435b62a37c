// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// `1.02:03:04.5000000`, as .NET writes a TimeSpan.
std::string duration_text(std::int64_t hundred_nanoseconds);

/// Reads what .NET reads as a TimeSpan: days, seconds and fraction may be missing, and a lone number is days.
bool parse_duration(std::string_view text, std::int64_t& hundred_nanoseconds) noexcept;

}  // namespace asignalr::detail
