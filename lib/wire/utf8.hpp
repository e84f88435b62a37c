// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
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

/// Whether no byte has its high bit set.
inline bool is_ascii(std::string_view text) noexcept {
    const auto word_at = [&](auto word, std::size_t index) {
        std::memcpy(&word, text.data() + index, sizeof word);
        return std::uint64_t{word};
    };
    std::uint64_t seen = 0;
    // The last word overlaps the one before it.
    if (text.size() >= 8) {
        for (std::size_t index = 0; index + 8 < text.size(); index += 8)
            seen |= word_at(std::uint64_t{}, index);
        seen |= word_at(std::uint64_t{}, text.size() - 8);
    } else if (text.size() >= 4) {
        seen = word_at(std::uint32_t{}, 0) | word_at(std::uint32_t{}, text.size() - 4);
    } else {
        for (const char byte : text)
            seen |= static_cast<unsigned char>(byte);
    }
    return (seen & 0x8080808080808080u) == 0;
}

}  // namespace asignalr::detail
