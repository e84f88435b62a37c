// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace asignalr::detail {

/// A header or trailer line without its end, taken apart (RFC 9112 section 5).
struct field_line {
    std::string_view name;
    std::string_view value;  ///< Without blanks around it.
    std::string_view fault;  ///< Empty, or what is wrong with the line; then nothing else is set.
};
field_line take_apart(std::string_view line) noexcept;

/// Whether a byte of a line is a control character, which only a tab may be.
constexpr bool is_control(char character) noexcept {
    const auto byte = static_cast<unsigned char>(character);
    return (byte < 0x20 && character != '\t') || byte == 0x7f;
}

}  // namespace asignalr::detail
