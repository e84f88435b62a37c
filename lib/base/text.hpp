// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// Lower case of an ASCII letter; anything else as it is.
constexpr char lower(char character) noexcept {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character + ('a' - 'A')) : character;
}

/// Comparison without regard to ASCII case.
constexpr bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size()) return false;
    for (std::size_t index = 0; index < left.size(); ++index)
        if (lower(left[index]) != lower(right[index])) return false;
    return true;
}

std::string to_lower(std::string_view text);

/// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text) noexcept;

/// Whether a comma-separated list has this element, without regard to case.
bool list_contains(std::string_view list, std::string_view element) noexcept;

/// Whether a byte ends a line of HTTP, or would for somebody less strict than us.
constexpr bool ends_a_line(char character) noexcept { return character == '\r' || character == '\n' || character == '\0'; }

/// Whether a byte may be part of a token (RFC 9110 section 5.6.2).
bool is_token_byte(char character) noexcept;

}  // namespace asignalr::detail
