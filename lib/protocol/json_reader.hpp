// SPDX-License-Identifier: MIT
#pragma once

#include "serialize/token.hpp"

#include <string_view>

namespace asignalr::detail {

/// The depth that .NET's reader allows.
inline constexpr std::size_t maximum_json_depth = 64;

/// How reading a JSON text ended.
enum class json_verdict : unsigned char {
    complete,         ///< One value; what stands behind it was not looked at.
    malformed,        ///< No JSON, or nested deeper than 64.
    too_many_values,  ///< More values than the tape may hold.
};

/// Reads one JSON value onto a tape. Texts are in the message or on the tape; one that is no Unicode (broken UTF-8, half a surrogate
/// pair) is a value that nobody can read, and a map with such a key can only be skipped.
json_verdict read_json(std::string_view text, tape& values);

/// The same for everything that scan_json() leaves alone; all refusals come from here.
json_verdict read_json_generally(std::string_view text, tape& values);

/// What .NET calls the type of a value in its error texts.
std::string_view json_type_name(const token& value) noexcept;

/// The number in a JSON literal, exactly: an integer where it is written as one and fits, else a double.
token number_token(std::string_view literal);

}  // namespace asignalr::detail
