// SPDX-License-Identifier: MIT
#include "base/base64.hpp"

#include <cstdint>

namespace asignalr::detail {
namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view for_urls = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::string_view bytes, std::string_view digits) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char byte : bytes) {
        bits = bits << 8 | static_cast<std::uint8_t>(byte);
        for (count += 8; count >= 6; count -= 6)
            text += digits[bits >> (count - 6) & 63];
    }
    if (count > 0) text += digits[bits << (6 - count) & 63];
    return text;
}

constexpr bool is_blank(char character) noexcept {
    return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

constexpr int digit_value(char digit, std::string_view digits) noexcept {
    if (digit >= 'A' && digit <= 'Z') return digit - 'A';
    if (digit >= 'a' && digit <= 'z') return digit - 'a' + 26;
    if (digit >= '0' && digit <= '9') return digit - '0' + 52;
    if (digit == digits[62]) return 62;
    return digit == digits[63] ? 63 : -1;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
    std::string text = encode(bytes, standard);
    while (text.size() % 4 != 0)
        text += '=';
    return text;
}

std::string base64_url_encode(std::string_view bytes) { return encode(bytes, for_urls); }

int base64_url_digit(char digit) noexcept { return digit_value(digit, for_urls); }

std::optional<std::string> base64_decode(std::string_view text, base64_rules rules) {
    std::string bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    std::size_t digits = 0, padding = 0;
    for (const char character : text) {
        if (rules == base64_rules::of_json && is_blank(character)) continue;
        if (character == '=') {
            ++padding;
            continue;
        }
        const int value = digit_value(character, standard);
        if (value < 0 || padding > 0) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        if (++digits % 4 == 0) {
            bytes += static_cast<char>(bits >> 16 & 0xff);
            bytes += static_cast<char>(bits >> 8 & 0xff);
            bytes += static_cast<char>(bits & 0xff);
        }
    }
    const std::size_t rest = digits % 4;
    if (rest == 1 || padding != (rest == 0 ? 0 : 4 - rest)) return std::nullopt;
    const std::uint32_t unused = bits & (rest == 2 ? 0xfu : rest == 3 ? 0x3u : 0u);
    if (rules == base64_rules::of_json && unused != 0) return std::nullopt;
    if (rest == 2) bytes += static_cast<char>(bits >> 4 & 0xff);
    if (rest == 3) {
        bytes += static_cast<char>(bits >> 10 & 0xff);
        bytes += static_cast<char>(bits >> 2 & 0xff);
    }
    return bytes;
}

}  // namespace asignalr::detail
