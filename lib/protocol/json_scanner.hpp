// SPDX-License-Identifier: MIT
#pragma once

#include "serialize/token.hpp"

#include <string_view>

namespace asignalr::detail {

/// Reads the JSON that clients send nearly always onto a tape, at a fraction of what the general reader costs: no escapes in
/// texts, nothing but blanks behind the value. Texts stay in the message.
///
/// @return false: not this one's business, or no JSON at all. The general reader then starts anew and finds the verdict; what is
///         read here leaves the same tape there.
bool scan_json(std::string_view text, tape& values);

}  // namespace asignalr::detail
