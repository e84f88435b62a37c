// SPDX-License-Identifier: MIT
#include "protocol/json_writer.hpp"

#include <asignalr/serialize/error.hpp>

#include "base/base64.hpp"
#include "protocol/json_escapes.hpp"
#include "protocol/json_reader.hpp"
#include "protocol/json_words.hpp"
#include "serialize/duration_text.hpp"
#include "serialize/time_text.hpp"
#include "wire/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace asignalr::detail {
namespace {

constexpr std::string_view digits = "0123456789ABCDEF";

// Where the run of bytes that can be copied as they are ends. Those above ASCII are looked at as code points.
std::size_t end_of_plain(std::string_view text, std::size_t position) noexcept {
    std::uint64_t seen = 0;
    const char* const end = text.data() + text.size();
    return static_cast<std::size_t>(end_of_run<run_end::of_writing>(text.data() + position, end, seen) - text.data());
}

char* copy(std::string_view from, char* to) noexcept {
    if (!from.empty()) std::memcpy(to, from.data(), from.size());
    return to + from.size();
}

void append_unit(std::string& out, unsigned unit) {
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
        out += digits[unit >> shift & 15];
}

void append_ascii(std::string& out, char character) {
    switch (character) {
        case '"': out += "\\\""; return;
        case '\\': out += "\\\\"; return;
        case '\b': out += "\\b"; return;
        case '\f': out += "\\f"; return;
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: append_unit(out, static_cast<unsigned char>(character));
    }
}

// The code point that starts at `position` of a text in UTF-8, and its size. It is none of ASCII.
std::uint32_t code_point_at(std::string_view text, std::size_t position, std::size_t& size) noexcept {
    const unsigned first = static_cast<unsigned char>(text[position]);
    size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    std::uint32_t point = first & (0xffu >> (size + 1));
    for (std::size_t offset = 1; offset < size; ++offset)
        point = point << 6 | (static_cast<unsigned char>(text[position + offset]) & 0x3fu);
    return point;
}

void append_code_point(std::string& out, std::string_view text, std::size_t& position) {
    std::size_t size = 0;
    const std::uint32_t point = code_point_at(text, position, size);
    if (!is_escaped_in_json(point)) {
        out.append(text.substr(position, size));
    } else if (point <= 0xffff) {
        append_unit(out, point);
    } else {
        append_unit(out, 0xd800 + ((point - 0x10000) >> 10));
        append_unit(out, 0xdc00 + ((point - 0x10000) & 0x3ff));
    }
    position += size;
}

// .NET's layout of the shortest digits that read back: scientific below 1E-04 and where there are more digits in front of the point than
// the type can tell apart, with an exponent of two digits at least; else plain.
template <class Number>
void append_shortest(std::string& out, Number value) {
    std::array<char, 32> text;
    char* const behind = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific).ptr;
    char* const mark = std::find(text.data(), behind, 'e');  // 1.25e-07
    int exponent = 0;
    std::from_chars(mark[1] == '+' ? mark + 2 : mark + 1, behind, exponent);
    if (exponent < -4 || exponent >= std::numeric_limits<Number>::max_digits10) {
        *mark = 'E';
        out.append(text.data(), behind);
        return;
    }
    char* first = text.data();
    if (*first == '-') out += *first++;
    std::string shown(first, mark);
    if (shown.size() > 1) shown.erase(1, 1);
    const auto whole = static_cast<std::size_t>(exponent + 1);  // digits in front of the point
    if (exponent < 0)
        shown.insert(0, "0.").insert(2, static_cast<std::size_t>(-exponent - 1), '0');
    else if (shown.size() > whole)
        shown.insert(whole, 1, '.');
    else
        shown.append(whole - shown.size(), '0');
    out += shown;
}

}  // namespace

void append_json_text(std::string& out, std::string_view before, std::string_view text, std::string_view behind) {
    std::size_t plain = end_of_plain(text, 0);
    if (plain == text.size()) {  // as most are: room for everything in one step
        const std::size_t start = out.size();
        out.resize(start + before.size() + text.size() + behind.size() + 2);
        char* next = copy(before, out.data() + start);
        *next++ = '"';
        next = copy(text, next);
        *next++ = '"';
        copy(behind, next);
        return;
    }
    // A text that is no UTF-8 must not break the whole message.
    if (!is_valid_utf8(text)) return append_json_text(out, before, replace_broken_utf8(text), behind);
    out.append(before).append(1, '"').append(text, 0, plain);
    for (std::size_t position = plain; position < text.size(); position = plain) {
        if (static_cast<unsigned char>(text[position]) < 0x80)
            append_ascii(out, text[position++]);
        else
            append_code_point(out, text, position);
        plain = end_of_plain(text, position);
        out.append(text, position, plain - position);
    }
    out.append(1, '"').append(behind);
}

void append_json_number(std::string& out, double value) { append_shortest(out, value); }
void append_json_number(std::string& out, float value) { append_shortest(out, value); }

void json_writer::null() {
    separate();
    *out_ += "null";
}

void json_writer::boolean(bool value) {
    separate();
    *out_ += value ? "true" : "false";
}

void json_writer::integer(std::int64_t value) {
    separate();
    std::array<char, 24> text;
    out_->append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

void json_writer::unsigned_integer(std::uint64_t value) {
    separate();
    std::array<char, 24> text;
    out_->append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

void json_writer::number(double value) {
    if (!std::isfinite(value)) throw serialization_error("JSON has no form for NaN and infinity");
    separate();
    append_json_number(*out_, value);
}

void json_writer::short_number(float value) {
    if (!std::isfinite(value)) throw serialization_error("JSON has no form for NaN and infinity");
    separate();
    append_json_number(*out_, value);
}

void json_writer::text(std::string_view value) {
    separate();
    append_json_text(*out_, {}, value, {});
}

void json_writer::bytes(std::span<const std::byte> value) {
    separate();
    *out_ += '"';
    *out_ += base64_encode({reinterpret_cast<const char*>(value.data()), value.size()});
    *out_ += '"';
}

void json_writer::time(tick_time value) {
    if (!has_time_text(value)) throw serialization_error("a time outside the years 1 to 9999 has no form in ISO 8601");
    text(time_text(value));
}

void json_writer::duration(ticks value) { text(duration_text(value.count())); }

void json_writer::enumerator(std::string_view, std::int64_t number) { integer(number); }

void json_writer::open(char bracket) {
    if (depth_ == maximum_json_depth) throw serialization_error("what nests deeper than 64 cannot travel in JSON");
    ++depth_;
    separate();
    *out_ += bracket;
    needs_comma_ = false;
}

void json_writer::begin_list(std::size_t) { open('['); }

void json_writer::end_list() { close(']'); }

void json_writer::begin_map(std::size_t) { open('{'); }

void json_writer::key(std::string_view name) {
    separate();
    append_json_text(*out_, {}, name, ":");
    needs_comma_ = false;
}

void json_writer::field(std::string_view name) {
    if (!camel_case_ || name.empty() || name.front() < 'A' || name.front() > 'Z') return key(name);
    // As .NET's camelCase policy: leading capitals are lowered, the last one before a lower-case letter excepted.
    std::string lowered(name);
    for (std::size_t index = 0; index < lowered.size(); ++index) {
        const bool capital = lowered[index] >= 'A' && lowered[index] <= 'Z';
        const bool next_is_small = index + 1 < name.size() && !(name[index + 1] >= 'A' && name[index + 1] <= 'Z');
        if (!capital || (index > 0 && next_is_small)) break;
        lowered[index] = static_cast<char>(lowered[index] - 'A' + 'a');
    }
    key(lowered);
}

void json_writer::end_map() { close('}'); }

}  // namespace asignalr::detail
