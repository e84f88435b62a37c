// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace asignalr::detail {

/// Whether .NET's relaxed encoder writes a code point above ASCII as `\uXXXX`: what Unicode calls a control, a separator, private
/// or unassigned, and all that takes a surrogate pair.
bool is_escaped_in_json(std::uint32_t point) noexcept;

}  // namespace asignalr::detail
