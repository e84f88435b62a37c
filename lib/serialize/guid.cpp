// SPDX-License-Identifier: MIT
#include <asignalr/serialize/guid.hpp>

namespace asignalr {
namespace {

constexpr bool dash_before(std::size_t byte) noexcept { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

int digit_of(char character) noexcept {
    if (character >= '0' && character <= '9') return character - '0';
    if (character >= 'a' && character <= 'f') return character - 'a' + 10;
    return character >= 'A' && character <= 'F' ? character - 'A' + 10 : -1;
}

}  // namespace

std::string guid::text() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        if (dash_before(index)) text += '-';
        const auto value = std::to_integer<unsigned>(bytes[index]);
        text += digits[value >> 4];
        text += digits[value & 15];
    }
    return text;
}

std::optional<guid> guid::parse(std::string_view text) noexcept {
    if (text.size() != 36) return std::nullopt;
    guid result;
    std::size_t position = 0;
    for (std::size_t index = 0; index < result.bytes.size(); ++index) {
        if (dash_before(index) && text[position++] != '-') return std::nullopt;
        const int high = digit_of(text[position]), low = digit_of(text[position + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        result.bytes[index] = static_cast<std::byte>(high * 16 + low);
        position += 2;
    }
    return result;
}

}  // namespace asignalr
