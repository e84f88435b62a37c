// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// The bytes of "93 a1 'text' c0": pairs of digits, and ASCII between quotes, with blanks wherever they please.
inline std::string from_hexadecimal(std::string_view text) {
    const auto digit = [](char character) { return character <= '9' ? character - '0' : character - 'a' + 10; };
    std::string bytes;
    for (std::size_t index = 0; index < text.size();) {
        if (text[index] == ' ') {
            ++index;
        } else if (text[index] == '\'') {
            const std::size_t end = text.find('\'', index + 1);
            bytes += text.substr(index + 1, end - index - 1);
            index = end + 1;
        } else {
            bytes += static_cast<char>(digit(text[index]) * 16 + digit(text[index + 1]));
            index += 2;
        }
    }
    return bytes;
}

inline std::string to_hexadecimal(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        text.append({digits[value >> 4], digits[value & 15]});
    }
    return text;
}

}  // namespace asignalr::detail
