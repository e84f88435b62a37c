// SPDX-License-Identifier: MIT
#pragma once

#include "protocol/json_reader.hpp"
#include "protocol/json_words.hpp"
#include "serialize/token.hpp"
#include "wire/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace asignalr::detail {

inline bool is_json_digit(char character) noexcept { return character >= '0' && character <= '9'; }
inline bool is_json_blank(char character) noexcept {
    return character <= ' ' && (character == ' ' || character == '\n' || character == '\r' || character == '\t');
}

/// Writes values onto a tape in one pass over the bytes. Whatever is seldom is left to the general reader, all refusals included.
///
/// The text must end with a closing bracket. Since nothing but the end of a list or map passes over one, only texts, which may hold
/// one, and the end of a list or map need to look where the message ends.
///
/// Every step takes the place where it begins and gives the place behind it, so that it stays in a register; null: not ours.
class json_scanner {
public:
    /// @param text   what the values stand in
    /// @param values begun, and empty
    /// @param depth  how many lists and maps the values stand in
    json_scanner(std::string_view text, tape& values, std::size_t depth = 0)
        : end_(text.data() + text.size()), values_(values), most_open_(maximum_json_depth - depth) {
        find_room();
    }

    /// One value. Tokens that are on the tape already may move.
    const char* scan(const char* next) {
        do {
            if (is_map_) next = key(next);
            if (next == nullptr) return nullptr;
            next = value(behind_blanks(next));
            if (next == nullptr) return nullptr;
        } while (depth_ > 0);
        values_.took(added() - values_.size());
        return next;
    }

private:
    struct container {
        std::uint32_t index;  // of its token
        std::uint32_t count;  // of the values behind which a comma stood
        bool is_map;
    };

    static const char* behind_blanks(const char* next) noexcept {
        while (is_json_blank(*next))
            ++next;
        return next;
    }

    bool find_room() {
        values_.took(added() - values_.size());
        const std::span<token> room = values_.room();
        if (room.empty()) return false;
        free_ = room.data();
        end_of_room_ = free_ + room.size();
        first_ = free_ - values_.size();
        return true;
    }
    std::size_t added() const noexcept { return static_cast<std::size_t>(free_ - first_); }

    bool add(const token& made) {
        if (free_ == end_of_room_ && !find_room()) return false;
        *free_++ = made;
        return true;
    }

    const char* text(const char* quote) {
        std::uint64_t seen = 0;
        const char* const start = quote + 1;
        const char* const last = end_of_run<run_end::of_reading>(start, end_, seen);
        if (last == end_ || *last != '"') return nullptr;
        const std::string_view content(start, static_cast<std::size_t>(last - start));
        if ((seen & high_bits) != 0 && !is_valid_utf8(content)) return nullptr;
        token made;
        made.kind = value_kind::text;
        made.size = static_cast<std::uint32_t>(content.size());
        made.text = start;
        return add(made) ? last + 1 : nullptr;
    }

    const char* key(const char* next) {
        next = behind_blanks(next);
        if (*next != '"') return nullptr;
        next = text(next);
        if (next == nullptr) return nullptr;
        next = behind_blanks(next);
        return *next == ':' ? next + 1 : nullptr;
    }

    // A value, and whatever it ends.
    const char* value(const char* next) {
        switch (*next) {
            case '"': next = text(next); break;
            case '{': return open(next, true);
            case '[': return open(next, false);
            case 't': next = word(next, "true", value_kind::boolean, 1); break;
            case 'f': next = word(next, "false", value_kind::boolean, 0); break;
            case 'n': next = word(next, "null", value_kind::null, 0); break;
            default: next = number(next);
        }
        return next == nullptr ? nullptr : behind_value(next);
    }

    const char* word(const char* next, std::string_view expected, value_kind kind, std::int64_t integer) {
        if (!std::string_view(next, static_cast<std::size_t>(end_ - next)).starts_with(expected)) return nullptr;
        token made;
        made.kind = kind;
        made.integer = integer;
        return add(made) ? next + expected.size() : nullptr;
    }

    static const char* behind_digits(const char* next, std::uint64_t& number) noexcept {
        for (; is_json_digit(*next); ++next)
            number = number * 10 + static_cast<std::uint64_t>(*next - '0');
        return next;
    }

    const char* number(const char* const start) {
        constexpr std::ptrdiff_t sure_digits = 18;  // fit in 64 bits, whatever they are
        const bool negative = *start == '-';
        const char* const whole = start + (negative ? 1 : 0);
        std::uint64_t value = 0;
        const char* const next = behind_digits(whole, value);
        const std::ptrdiff_t digits = next - whole;
        if (digits == 0 || (digits > 1 && *whole == '0')) return nullptr;
        const bool goes_on = *next == '.' || *next == 'e' || *next == 'E';
        if (goes_on || digits > sure_digits || (negative && value == 0)) return decimal(start, next);
        token made;
        made.kind = value_kind::integer;
        made.integer = negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
        return add(made) ? next : nullptr;
    }

    const char* decimal(const char* start, const char* next) {
        std::uint64_t unused = 0;
        if (*next == '.') {
            const char* const fraction = next + 1;
            next = behind_digits(fraction, unused);
            if (next == fraction) return nullptr;
        }
        if (*next == 'e' || *next == 'E') {
            ++next;
            if (*next == '+' || *next == '-') ++next;
            const char* const exponent = next;
            next = behind_digits(exponent, unused);
            if (next == exponent) return nullptr;
        }
        return add(number_token({start, static_cast<std::size_t>(next - start)})) ? next : nullptr;
    }

    // An empty list or map is a value like any other; a fuller one stays open.
    const char* open(const char* next, bool is_map) {
        if (depth_ == most_open_) return nullptr;
        token made;
        made.kind = is_map ? value_kind::map : value_kind::list;
        made.span = 1;
        if (!add(made)) return nullptr;
        next = behind_blanks(next + 1);
        if (*next == (is_map ? '}' : ']')) return depth_ == 0 ? next + 1 : behind_value(next + 1);
        open_[depth_++] = {static_cast<std::uint32_t>(added() - 1), 0, is_map};
        is_map_ = is_map;
        return next;
    }

    // Goes on behind a value: to the next one, or out of what it ended.
    const char* behind_value(const char* next) {
        while (depth_ > 0) {
            if (next == end_) return nullptr;
            next = behind_blanks(next);
            container& inner = open_[depth_ - 1];
            ++inner.count;
            if (*next == ',') return next + 1;
            if (*next != (is_map_ ? '}' : ']')) return nullptr;
            ++next;
            close(inner);
        }
        return next;
    }

    void close(const container& inner) {
        token& made = first_[inner.index];
        made.size = inner.count;
        made.span = added() - inner.index;
        --depth_;
        is_map_ = depth_ > 0 && open_[depth_ - 1].is_map;
    }

    const char* end_;
    tape& values_;
    token* first_ = nullptr;  // on the tape
    token* free_ = nullptr;
    token* end_of_room_ = nullptr;
    std::size_t most_open_;
    std::size_t depth_ = 0;
    bool is_map_ = false;                 // of the innermost one that is open
    container open_[maximum_json_depth];  // left as it is: to clear it would cost more than a short message
};

/// Reads the JSON that clients send nearly always onto a tape, at a fraction of what the general reader costs: no escapes in
/// texts, nothing but blanks behind the value. Texts stay in the message.
///
/// @return false: not this one's business, or no JSON at all. The general reader then starts anew and finds the verdict; what is
///         read here leaves the same tape there.
bool scan_json(std::string_view text, tape& values);

}  // namespace asignalr::detail
