// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace asignalr::detail {

// Texts are looked at in blocks of sixteen bytes where the processor has them, then in words of eight, then byte by byte.

inline constexpr std::uint64_t every_byte = 0x0101010101010101u;
inline constexpr std::uint64_t high_bits = 0x80 * every_byte;

/// What ends a run of bytes that need no second look.
enum class run_end : bool {
    of_reading,  ///< Quotes, backslashes and controls.
    of_writing,  ///< What cannot be written as it is: the same, and everything above `~`.
};

constexpr bool ends_run(run_end rule, unsigned char byte) noexcept {
    return byte < 0x20 || byte == '"' || byte == '\\' || (rule == run_end::of_writing && byte >= 0x7f);
}

/// A word whose high bits mark the bytes that end a run. A mark is sure only up to the lowest one, since what is subtracted may borrow
/// from the bytes above it.
constexpr std::uint64_t marks_of(run_end rule, std::uint64_t word) noexcept {
    const std::uint64_t quotes = (word ^ ('"' * every_byte)) - every_byte;
    const std::uint64_t backslashes = (word ^ ('\\' * every_byte)) - every_byte;
    const std::uint64_t controls = word - 0x20 * every_byte;
    const std::uint64_t marks = (quotes | backslashes | controls) & ~word & high_bits;
    return rule == run_end::of_reading ? marks : marks | ((word | (word + every_byte)) & high_bits);
}

#if defined(__SSE2__)
/// A bit for each byte that ends a run.
inline unsigned marks_of(run_end rule, __m128i block) noexcept {
    const __m128i quotes = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    const __m128i backslashes = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
    const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
    __m128i marks = _mm_or_si128(_mm_or_si128(quotes, backslashes), controls);
    if (rule == run_end::of_writing)
        marks = _mm_or_si128(marks, _mm_cmpeq_epi8(_mm_max_epu8(block, _mm_set1_epi8(0x7f)), block));
    return static_cast<unsigned>(_mm_movemask_epi8(marks));
}
#endif

/// Where the run that begins at `next` ends, at `end` at the latest. The high bits of `seen` tell that something in it may not be ASCII.
template <run_end rule>
inline const char* end_of_run(const char* next, const char* end, std::uint64_t& seen) noexcept {
#if defined(__SSE2__)
    for (; end - next >= 16; next += 16) {
        const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(next));
        if (_mm_movemask_epi8(block) != 0) seen |= high_bits;
        if (const unsigned marks = marks_of(rule, block); marks != 0) return next + std::countr_zero(marks);
    }
#endif
    if constexpr (std::endian::native == std::endian::little) {  // the lowest byte of a word must be the first one
        for (; end - next >= 8; next += 8) {
            std::uint64_t word;
            std::memcpy(&word, next, sizeof word);
            seen |= word;
            if (const std::uint64_t marks = marks_of(rule, word); marks != 0) return next + std::countr_zero(marks) / 8;
        }
    }
    for (; next != end; ++next) {
        const auto byte = static_cast<unsigned char>(*next);
        if (ends_run(rule, byte)) break;
        seen |= byte;
    }
    return next;
}

}  // namespace asignalr::detail
