// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace asignalr::detail {

/// The reason phrase of a status code (RFC 9110 section 15).
std::string_view reason_of(int status) noexcept;

/// Begins an answer: the status line.
void begin_response_head(std::string& out, int status);

/// Whether a header is the library's own business: length, date and connection.
bool is_framing_header(std::string_view name) noexcept;

/// Adds a header. A name or value that could end the line early is dropped whole: it would let a peer write our headers.
/// @returns whether it was added
bool add_response_header(std::string& out, std::string_view name, std::string_view value);

/// The present time as a Date header wants it; made once a second. Valid until the next call on the same thread.
std::string_view http_date();

}  // namespace asignalr::detail
