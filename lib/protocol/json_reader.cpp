// SPDX-License-Identifier: MIT
#include "protocol/json_reader.hpp"

#include "protocol/json_scanner.hpp"
#include "wire/utf8.hpp"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

namespace asignalr::detail {
namespace {

// Not the default flags: RapidJSON 1.1.0 recurses over nested input, and its number parser overflows on
// `0.0000000000000000000001e-2147483639`. What stands behind the value is not looked at, as in .NET.
constexpr unsigned parse_flags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag |
                                 rapidjson::kParseStopWhenDoneFlag;

class tape_builder {
public:
    /// @param check_texts whether a text may be no Unicode: RapidJSON 1.1.0 lets broken UTF-8 and the low half of a pair pass
    /// @param numbers     what stands for the numbers of the text, in their order; null: they stand there themselves
    tape_builder(tape& values, bool check_texts, const std::vector<std::string_view>* numbers)
        : values_(values), numbers_(numbers), check_texts_(check_texts) {}

    bool too_many_values() const noexcept { return too_many_values_; }

    bool Null() { return add({}); }
    bool Bool(bool value) {
        token made;
        made.kind = value_kind::boolean;
        made.integer = value ? 1 : 0;
        return add(made);
    }
    bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
        if (numbers_ == nullptr) return add(number_token({text, size}));
        // What was not taken out is no number, though it may begin like one.
        if (std::string_view(text, size) != "1" || next_number_ == numbers_->size()) return false;
        return add(number_token((*numbers_)[next_number_++]));
    }
    bool String(const char* text, rapidjson::SizeType size, bool) {
        token made;
        if (check_texts_ && !is_valid_utf8({text, size})) {
            made.kind = value_kind::unknown;
            has_unreadable_ = true;
            return add(made);
        }
        made.kind = value_kind::text;
        made.size = size;
        made.text = values_.keep({text, size}).data();
        return add(made);
    }
    bool Key(const char* text, rapidjson::SizeType size, bool copy) { return String(text, size, copy); }
    bool StartObject() { return open(value_kind::map); }
    bool EndObject(rapidjson::SizeType members) {
        token& map = close(members);
        if (has_unreadable_) map.has_other_keys = !are_texts(map);
        return true;
    }
    bool StartArray() { return open(value_kind::list); }
    bool EndArray(rapidjson::SizeType elements) {
        close(elements);
        return true;
    }

    // Numbers arrive as texts only.
    bool Int(int) { return false; }
    bool Uint(unsigned) { return false; }
    bool Int64(std::int64_t) { return false; }
    bool Uint64(std::uint64_t) { return false; }
    bool Double(double) { return false; }

private:
    bool add(const token& made) {
        too_many_values_ = !values_.add(made);
        return !too_many_values_;
    }
    bool open(value_kind kind) {
        if (depth_ == maximum_json_depth) return false;
        open_[depth_++] = values_.size();
        token made;
        made.kind = kind;
        return add(made);
    }
    token& close(rapidjson::SizeType count) {
        const std::size_t index = open_[--depth_];
        values_[index].size = count;
        values_[index].span = values_.size() - index;
        return values_[index];
    }
    static bool are_texts(const token& map) {
        const token* key = &map + 1;
        for (std::uint32_t pair = 0; pair < map.size; ++pair, key = key[1].behind())
            if (key->kind != value_kind::text) return false;
        return true;
    }

    tape& values_;
    std::array<std::size_t, maximum_json_depth> open_{};
    std::size_t depth_ = 0;
    const std::vector<std::string_view>* numbers_;
    std::size_t next_number_ = 0;
    bool check_texts_;
    bool has_unreadable_ = false;
    bool too_many_values_ = false;
};

rapidjson::ParseResult parse(std::string_view text, tape_builder& builder) {
    // One reader for each thread: its stack is memory that is used again for every message.
    thread_local rapidjson::Reader reader;
    rapidjson::MemoryStream stream(text.data(), text.size());
    return reader.Parse<parse_flags>(stream, builder);
}

bool is_half_pair(std::string_view text, std::size_t escape) {
    // `\uDxxx` that RapidJSON refused: a low half on its own, or a high half without its other.
    constexpr std::string_view digits = "0123456789abcdefABCDEF";
    return escape + 6 <= text.size() && text[escape] == '\\' && text[escape + 1] == 'u' &&
           (text[escape + 2] == 'd' || text[escape + 2] == 'D') &&
           std::string_view("89abcdefABCDEF").find(text[escape + 3]) != std::string_view::npos &&
           digits.find(text[escape + 4]) != std::string_view::npos && digits.find(text[escape + 5]) != std::string_view::npos;
}

// Puts bytes that are no UTF-8 in the place of half surrogate pairs, so that everything around them can be read.
std::string without_half_pairs(std::string_view text) {
    constexpr std::size_t size = 6;
    std::string result(text);
    for (std::size_t index = 0; index < result.size();) {
        if (result[index] != '\\') {
            ++index;
        } else if (!is_half_pair(result, index)) {
            index += 2;
        } else {
            const bool high = std::string_view("89abAB").find(result[index + 3]) != std::string_view::npos;
            const bool pair = high && is_half_pair(result, index + size) &&
                              std::string_view("cdefCDEF").find(result[index + size + 3]) != std::string_view::npos;
            if (!pair) result.replace(index, size, size, '\xff');
            index += pair ? 2 * size : size;
        }
    }
    return result;
}

bool take_digits(std::string_view text, std::size_t& position) {
    const std::size_t start = position;
    while (position < text.size() && text[position] >= '0' && text[position] <= '9')
        ++position;
    return position > start;
}

// The number at `start` (RFC 8259 section 6); empty if what stands there is none.
std::string_view number_at(std::string_view text, std::size_t start) {
    const auto at = [&](std::size_t position) { return position < text.size() ? text[position] : '\0'; };
    std::size_t end = start + (at(start) == '-' ? 1 : 0);
    const bool leading_zero = at(end) == '0';
    const std::size_t whole = end;
    if (!take_digits(text, end) || (leading_zero && end - whole > 1)) return {};
    if (at(end) == '.' && !take_digits(text, ++end)) return {};
    if (at(end) == 'e' || at(end) == 'E') {
        ++end;
        if (at(end) == '+' || at(end) == '-') ++end;
        if (!take_digits(text, end)) return {};
    }
    return text.substr(start, end - start);
}

std::size_t behind_text(std::string_view text, std::size_t quote) {
    for (std::size_t index = quote + 1; index < text.size(); ++index) {
        if (text[index] == '"') return index + 1;
        if (text[index] == '\\') ++index;
    }
    return text.size();
}

bool is_of_number(char character) noexcept {
    return (character >= '0' && character <= '9') || std::string_view("+-.eE").find(character) != std::string_view::npos;
}

// Puts a 1 in the place of every number, since RapidJSON refuses large exponents that .NET reads as infinity or zero. What is no number
// as a whole, like `--7` or `01`, stays for RapidJSON to refuse.
std::vector<std::string_view> take_out_numbers(std::string_view original, std::string& text) {
    std::vector<std::string_view> numbers;
    for (std::size_t index = 0; index < original.size();) {
        if (original[index] == '"') {
            index = behind_text(original, index);
            continue;
        }
        const std::string_view number = number_at(original, index);
        if (number.empty()) {
            const bool begins_like_one = is_of_number(original[index++]);
            while (begins_like_one && index < original.size() && is_of_number(original[index]))
                ++index;
            continue;
        }
        text.replace(index, number.size(), number.size(), ' ');
        text[index] = '1';
        numbers.push_back(number);
        index += number.size();
    }
    return numbers;
}

// Of a number that is out of range: whether it is too small, or else too large.
bool is_too_small(std::string_view literal) {
    const std::size_t mark = std::min(literal.find_first_of("eE"), literal.size());
    const std::string_view digits = literal.substr(0, mark);
    const std::size_t first = digits.find_first_of("123456789");
    if (first == std::string_view::npos) return true;
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const auto leading = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
    if (mark == literal.size()) return leading <= 0;
    std::string_view exponent = literal.substr(mark + 1);
    const bool negative = exponent.front() == '-';
    if (negative || exponent.front() == '+') exponent.remove_prefix(1);
    std::int64_t power = 0;
    if (std::from_chars(exponent.data(), exponent.data() + exponent.size(), power).ec != std::errc{}) return negative;
    return leading + (negative ? -power : power) <= 0;
}

}  // namespace

std::string_view json_type_name(const token& value) noexcept {
    switch (value.kind) {
        case value_kind::null: return "Null";
        case value_kind::boolean: return value.integer != 0 ? "True" : "False";
        case value_kind::text: return "String";
        case value_kind::list: return "Array";
        case value_kind::map: return "Object";
        default: return "Number";
    }
}

token number_token(std::string_view literal) {
    token made;
    const char* const end = literal.data() + literal.size();
    if (literal.find_first_of(".eE") == std::string_view::npos && literal != "-0") {
        made.kind = value_kind::integer;
        if (std::from_chars(literal.data(), end, made.integer).ec == std::errc{}) return made;
        made.kind = value_kind::unsigned_integer;
        made.unsigned_integer = 0;
        if (literal.front() != '-' && std::from_chars(literal.data(), end, made.unsigned_integer).ec == std::errc{})
            return made;
    }
    made.kind = value_kind::number;
    made.is_negative_zero = literal == "-0";
    made.number = 0;
    if (std::from_chars(literal.data(), end, made.number).ec == std::errc::result_out_of_range) {
        made.number = is_too_small(literal) ? 0.0 : std::numeric_limits<double>::infinity();
        if (literal.front() == '-') made.number = -made.number;
    }
    return made;
}

json_verdict read_json(std::string_view text, tape& values) {
    return scan_json(text, values) ? json_verdict::complete : read_json_generally(text, values);
}

json_verdict read_json_generally(std::string_view text, tape& values) {
    const auto verdict = [](const rapidjson::ParseResult& result, const tape_builder& builder) {
        if (builder.too_many_values()) return json_verdict::too_many_values;
        return result.IsError() ? json_verdict::malformed : json_verdict::complete;
    };
    values.begin(text.size());
    tape_builder builder(values, !is_valid_utf8(text) || text.find("\\u") != std::string_view::npos, nullptr);
    const rapidjson::ParseResult result = parse(text, builder);
    if (result.Code() != rapidjson::kParseErrorStringUnicodeSurrogateInvalid && result.Code() != rapidjson::kParseErrorNumberTooBig)
        return verdict(result, builder);
    // What RapidJSON does not take, though .NET does, is taken out of its way.
    std::string replaced = without_half_pairs(text);
    const std::vector<std::string_view> numbers = take_out_numbers(text, replaced);
    values.begin(text.size());
    tape_builder second_builder(values, true, &numbers);
    return verdict(parse(replaced, second_builder), second_builder);
}

}  // namespace asignalr::detail
