// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// Connection ids and tokens: 16 random bytes in base64url. The first byte, modulo the number of lanes, tells the owner, so that no
/// table has to be shared between lanes.
inline constexpr std::size_t identifier_size = 22;

/// A new id of a lane. Throws std::system_error if the system has no randomness to give.
std::string make_identifier(std::size_t lane, std::size_t lanes);

/// Whose an id is; empty if it is none of ours.
std::optional<std::size_t> owner_of(std::string_view identifier, std::size_t lanes) noexcept;

}  // namespace asignalr::detail
