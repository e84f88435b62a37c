// SPDX-License-Identifier: MIT
#pragma once

#include "serialize/token.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace asignalr::detail {

/// How deep .NET lets an argument nest.
inline constexpr std::size_t maximum_messagepack_depth = 500;

/// How far reading came.
struct messagepack_reading {
    bool complete = false;         ///< The value is whole; what stands behind it was not looked at.
    bool too_many_values = false;  ///< More values than the tape may hold.
    std::uint32_t items = 0;       ///< If the value is a list: how many of its values are whole.
};

/// Reads one MessagePack value onto a tape. Texts and bytes stay in the message; of a text that is no UTF-8 the tape keeps a
/// readable form, as .NET does.
///
/// A value that is not whole ends early, is malformed, or nests too deep. What could be read of it is on the tape: of a list that is
/// `items` values and perhaps the beginning of another.
messagepack_reading read_messagepack(std::string_view bytes, tape& values);

/// The same for a hub message, of which only the items that its type has are read: they make it complete.
messagepack_reading read_messagepack_message(std::string_view bytes, tape& values);

}  // namespace asignalr::detail
