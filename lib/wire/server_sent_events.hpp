// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace asignalr::detail {

/// What an event begins and ends with (HTML Living Standard, "Server-sent events"; lines end as ASP.NET Core ends them).
inline constexpr std::string_view event_begin = "data: ";
inline constexpr std::string_view event_end = "\r\n\r\n";
/// A comment: the first bytes of a stream, which tell the client that it is open.
inline constexpr std::string_view event_stream_begin = ":\r\n";

/// Whether a payload stands in an event as it is, between event_begin and event_end.
bool is_one_event_line(std::string_view payload) noexcept;

/// Appends an event: a data line for each line of the payload. A line ends with CR, LF or both, as a reader of events sees it; whoever reads
/// the event is given an LF for each.
void append_event(std::string& out, std::string_view payload);

}  // namespace asignalr::detail
