// SPDX-License-Identifier: MIT
#pragma once

#include "protocol/hub_protocol.hpp"
#include "protocol/messagepack_reader.hpp"

namespace asignalr::detail {

/// Reads the items of a MessagePack hub message off its tokens and checks them as ASP.NET Core does, with its texts. Items behind those
/// of the protocol are not looked at, and a broken argument is a matter of the call.
parse_result read_messagepack_envelope(const tape& values, const messagepack_reading& reading, hub_message& into);

}  // namespace asignalr::detail
