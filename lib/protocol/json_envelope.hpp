// SPDX-License-Identifier: MIT
#pragma once

#include "protocol/hub_protocol.hpp"

namespace asignalr::detail {

/// Reads the properties of a JSON hub message off its tokens and checks them as ASP.NET Core does, with its texts; a property of the
/// protocol that stands twice is refused.
parse_result read_envelope(const token* message, hub_message& into);

}  // namespace asignalr::detail
