// SPDX-License-Identifier: MIT
#include "protocol/json_reader.hpp"

#include "wire/utf8.hpp"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <string>

namespace asignalr::detail {
namespace {

// The depth that .NET's reader allows.
constexpr std::size_t maximum_depth = 64;

// Not the default flags: RapidJSON 1.1.0 recurses over nested input, and its number parser overflows on
// `0.0000000000000000000001e-2147483639`. What stands behind the value is not looked at, as in .NET.
constexpr unsigned parse_flags = rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag |
                                 rapidjson::kParseStopWhenDoneFlag;

class tape_builder {
public:
    explicit tape_builder(tape& values) : values_(values) {}

    bool too_many_values() const noexcept { return too_many_values_; }

    bool Null() { return add({}); }
    bool Bool(bool value) {
        token made;
        made.kind = value_kind::boolean;
        made.integer = value ? 1 : 0;
        return add(made);
    }
    bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return add(number_token({text, size})); }
    bool String(const char* text, rapidjson::SizeType size, bool) {
        token made;
        made.kind = value_kind::text;
        made.size = size;
        made.text = values_.keep({text, size}).data();
        return add(made);
    }
    bool Key(const char* text, rapidjson::SizeType size, bool copy) { return String(text, size, copy); }
    bool StartObject() { return open(value_kind::map); }
    bool EndObject(rapidjson::SizeType members) { return close(members); }
    bool StartArray() { return open(value_kind::list); }
    bool EndArray(rapidjson::SizeType elements) { return close(elements); }

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
        if (depth_ == maximum_depth) return false;
        open_[depth_++] = values_.size();
        token made;
        made.kind = kind;
        return add(made);
    }
    bool close(rapidjson::SizeType count) {
        const std::size_t index = open_[--depth_];
        values_[index].size = count;
        values_[index].span = values_.size() - index;
        return true;
    }

    tape& values_;
    std::array<std::size_t, maximum_depth> open_{};
    std::size_t depth_ = 0;
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
    return escape + 6 <= text.size() && text[escape] == '\\' && text[escape + 1] == 'u' &&
           (text[escape + 2] == 'd' || text[escape + 2] == 'D') &&
           std::string_view("89abcdefABCDEF").find(text[escape + 3]) != std::string_view::npos;
}

// Replaces what is no Unicode by question marks of the same length, so that the envelope of the message can be read.
std::string readable(std::string_view text) {
    std::string result(text);
    for (std::size_t index = 0; index < result.size();) {
        const auto byte = static_cast<unsigned char>(result[index]);
        const std::size_t size = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
        if (byte >= 0x80 && !is_valid_utf8(std::string_view(result).substr(index, size))) {
            result[index++] = '?';
            continue;
        }
        if (result[index] == '\\' && index + 1 < result.size()) {
            if (is_half_pair(result, index)) {
                const bool high = std::string_view("89abAB").find(result[index + 3]) != std::string_view::npos;
                const bool pair = high && is_half_pair(result, index + 6) &&
                                  std::string_view("cdefCDEF").find(result[index + 9]) != std::string_view::npos;
                if (!pair) result.replace(index, 6, "??????");
                index += pair ? 12 : 6;
            } else {
                index += 2;
            }
            continue;
        }
        index += size;
    }
    return result;
}

}  // namespace

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
        // Too small or too large; the sign of the exponent tells, or, without one, whether there is a whole part.
        const std::size_t exponent = literal.find_first_of("eE");
        const std::string_view unsigned_part = literal.substr(literal.front() == '-' ? 1 : 0);
        const bool too_small = exponent != std::string_view::npos ? literal[exponent + 1] == '-' : unsigned_part.starts_with("0.");
        made.number = too_small ? 0.0 : std::numeric_limits<double>::infinity();
        if (literal.front() == '-') made.number = -made.number;
    }
    return made;
}

json_reading read_json(std::string_view text, tape& values) {
    values.begin(text.size());
    const auto outcome = [](const rapidjson::ParseResult& result, const tape_builder& builder) {
        if (builder.too_many_values()) return json_verdict::too_many_values;
        return result.IsError() ? json_verdict::malformed : json_verdict::complete;
    };
    const bool is_unicode = is_valid_utf8(text);
    tape_builder builder(values);
    if (is_unicode) {
        const rapidjson::ParseResult result = parse(text, builder);
        if (result.Code() != rapidjson::kParseErrorStringUnicodeSurrogateInvalid) return {outcome(result, builder), false};
    }
    values.begin(text.size());
    tape_builder second(values);
    const std::string replaced = readable(text);
    const rapidjson::ParseResult result = parse(replaced, second);
    return {outcome(result, second), true};
}

}  // namespace asignalr::detail
