// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace asignalr::detail {

// Texts are looked at in words of eight bytes. Each function gives a word whose high bits mark the bytes that were looked for; a mark
// is sure only up to the lowest one, since what is subtracted may borrow from the bytes above it.

inline constexpr std::uint64_t every_byte = 0x0101010101010101u;
inline constexpr std::uint64_t high_bits = 0x80 * every_byte;

/// Marks quotes, backslashes and controls: what ends a run of plain bytes inside a JSON text.
constexpr std::uint64_t mark_ends(std::uint64_t word) noexcept {
    const std::uint64_t quotes = (word ^ ('"' * every_byte)) - every_byte;
    const std::uint64_t backslashes = (word ^ ('\\' * every_byte)) - every_byte;
    const std::uint64_t controls = word - 0x20 * every_byte;
    return (quotes | backslashes | controls) & ~word & high_bits;
}

/// Marks what cannot be written as it is: the same, and everything above `~`.
constexpr std::uint64_t mark_escaped(std::uint64_t word) noexcept {
    return mark_ends(word) | ((word | (word + every_byte)) & high_bits);
}

/// How many bytes stand before the lowest mark; there must be one.
inline std::size_t bytes_before(std::uint64_t marks) noexcept {
    return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
}

/// The lowest byte of a word must be the first one for all this.
inline constexpr bool has_ordered_words = std::endian::native == std::endian::little;

inline std::uint64_t word_at(const char* bytes) noexcept {
    std::uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}

}  // namespace asignalr::detail
