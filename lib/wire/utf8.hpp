// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// Checks UTF-8 that arrives in pieces: RFC 3629, so no surrogates, no overlong forms, nothing above U+10FFFF.
class utf8_validator {
public:
    /// False as soon as the bytes so far cannot begin valid text.
    bool feed(std::string_view bytes) noexcept;
    /// Whether the text may end here.
    bool complete() const noexcept { return remaining_ == 0; }
    void reset() noexcept { *this = {}; }

private:
    std::uint8_t remaining_ = 0;     // continuation bytes to come
    std::uint8_t lowest_ = 0x80;     // of the next one: what rules out overlong forms
    std::uint8_t highest_ = 0xbf;    // of the next one: what rules out surrogates and too large values
};

/// Whether a whole text is valid UTF-8.
bool is_valid_utf8(std::string_view text) noexcept;

/// The text with U+FFFD for each of its parts that is no UTF-8, as .NET decodes it: a byte that begins nothing is one part, and so is
/// the beginning of a code point that does not go on. At most three times as long.
std::string replace_broken_utf8(std::string_view text);

/// Whether no byte has its high bit set.
inline bool is_ascii(std::string_view text) noexcept {
    constexpr std::uint64_t every_high_bit = 0x8080808080808080u;
    const auto word_at = [](const char* at, auto word) {
        std::memcpy(&word, at, sizeof word);
        return std::uint64_t{word};
    };
    const char* next = text.data();
    const char* const end = next + text.size();
    if (text.size() < 4) {
        unsigned seen = 0;
        for (; next != end; ++next)
            seen |= static_cast<unsigned char>(*next);
        return seen < 0x80;
    }
    // The last words overlap those before them.
    constexpr std::uint32_t half{};
    if (text.size() < 8) return ((word_at(next, half) | word_at(end - 4, half)) & every_high_bit) == 0;
    constexpr std::uint64_t whole{};
    for (; end - next > 16; next += 16)
        if (((word_at(next, whole) | word_at(next + 8, whole)) & every_high_bit) != 0) return false;
    if (end - next > 8 && (word_at(next, whole) & every_high_bit) != 0) return false;
    return (word_at(end - 8, whole) & every_high_bit) == 0;
}

}  // namespace asignalr::detail
