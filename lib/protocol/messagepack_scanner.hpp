// SPDX-License-Identifier: MIT
#pragma once

#include "protocol/hub_message.hpp"

#include <string_view>

namespace asignalr::detail {

/// Reads calls and stream items as Microsoft's clients write them straight into the message: only arguments, stream ids and items go
/// onto the tape.
///
/// @param message without its length
/// @param into    empty
/// @return false: not this one's business, or wrong. The general way, read_messagepack_message() and read_messagepack_envelope(),
///         then starts anew and finds the verdict; what is read here reads the same there.
bool scan_messagepack(std::string_view message, tape& values, hub_message& into);

}  // namespace asignalr::detail
