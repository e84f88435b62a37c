// SPDX-License-Identifier: MIT
// A hub message: whatever arrives is taken apart or refused with a text; what was read is written, and reads back the same. What
// the fast scanners take, the general reader takes too, and reads the same; and so does its second reading, for what RapidJSON cannot read.

#include "protocol/json_envelope_scanner.hpp"
#include "protocol/json_protocol.hpp"
#include "protocol/json_reader.hpp"
#include "protocol/json_scanner.hpp"
#include "protocol/json_writer.hpp"
#include "wire/utf8.hpp"

#include "fuzz_check.hpp"

#include <asignalr/serialize/codec.hpp>
#include <asignalr/serialize/error.hpp>

#include <algorithm>
#include <vector>

namespace asignalr::detail {
namespace {

constexpr std::size_t maximum_values = 2000;

void check_tape(const tape& values) {
    const token* const end = values.first() + values.size();
    for (const token* next = values.first(); next != end; ++next) {
        check(next->behind() > next && next->behind() <= end, "a value ends on the tape");
        if (next->kind == value_kind::text) check(is_valid_utf8(next->as_text()), "a text is UTF-8");
    }
    check(values.first()->behind() == end, "a tape is one value");
}

bool same(const token& left, const token& right) {
    if (left.kind != right.kind || left.is_negative_zero != right.is_negative_zero) return false;
    if (left.kind == value_kind::text) return left.as_text() == right.as_text();
    return left.size == right.size && (left.kind == value_kind::null || left.unsigned_integer == right.unsigned_integer);
}

void compare_readers(std::string_view text) {
    // In memory of its own size, so that a read beyond it is seen.
    const std::vector<char> copy(text.begin(), text.end());
    const std::string_view message(copy.data(), copy.size());
    tape scanned(maximum_values);
    if (!scan_json(message, scanned)) return;
    check_tape(scanned);
    tape expected(maximum_values);
    check(read_json_generally(message, expected) == json_verdict::complete, "the scanner takes nothing that is refused");
    check(scanned.size() == expected.size(), "both tapes are equally long");
    for (std::size_t index = 0; index < scanned.size(); ++index)
        check(same(scanned.first()[index], expected.first()[index]), "both tapes are the same");
}

// A number beyond RapidJSON has the whole text read again.
void compare_readings(std::string_view text) {
    tape once(maximum_values), twice(maximum_values);
    const std::string list = "[0," + std::string(text) + "]", with_second_reading = "[1e400," + std::string(text) + "]";
    const json_verdict expected = read_json_generally(list, once);
    const json_verdict found = read_json_generally(with_second_reading, twice);
    if (expected == json_verdict::too_many_values || found == json_verdict::too_many_values) return;
    check(expected == found, "both readings have one verdict");
    if (found == json_verdict::malformed) return;
    check_tape(twice);
    check(once.size() == twice.size(), "both readings make tapes of one length");
    for (std::size_t index = 2; index < once.size(); ++index)
        check(same(once.first()[index], twice.first()[index]), "both readings make the same tape");
}

bool same_value(const token* left, const token* right) {
    if (left == nullptr || right == nullptr) return left == right;
    const std::ptrdiff_t size = left->behind() - left;
    if (size != right->behind() - right) return false;
    for (std::ptrdiff_t index = 0; index < size; ++index)
        if (!same(left[index], right[index])) return false;
    return true;
}

void compare_envelopes(std::string_view text) {
    const std::vector<char> copy(text.begin(), text.end());
    const std::string_view message(copy.data(), copy.size());
    tape scanned_values(maximum_values), expected_values(maximum_values);
    hub_message scanned, expected;
    if (!scan_envelope(message, scanned_values, scanned)) return;
    const parse_result result = json_protocol::parse_generally(message, expected_values, expected);
    check(result.what == parse_result::outcome::message, "nothing is scanned that is refused or skipped");
    check(scanned.type == expected.type && scanned.invocation_id == expected.invocation_id && scanned.target == expected.target,
          "both messages are the same");
    check(!expected.has_result && !expected.has_error && !expected.allow_reconnect, "the scanner knows calls and items");
    check(same_value(scanned.arguments, expected.arguments) && same_value(scanned.stream_ids, expected.stream_ids) &&
              same_value(scanned.item, expected.item),
          "both read the same values");
}

bool is_readable(const tape& values) {
    return std::all_of(values.first(), values.first() + values.size(), [](const token& one) { return one.kind != value_kind::unknown; });
}

bool read_value(const tape& values, value& into) {
    value_reader reader(values.first());
    const bool fits = codec<value>::read(reader, into);
    check(fits == is_readable(values), "a value can be read unless a text in it is no Unicode");
    return fits;
}

void check_values(std::string_view text) {
    tape values(maximum_values);
    if (read_json(text, values) != json_verdict::complete) return;
    check_tape(values);
    value first, second;
    if (!read_value(values, first)) return;
    std::string written;
    json_writer writer(false);
    writer.begin(written);
    try {
        codec<value>::write(writer, first);
    } catch (const serialization_error&) {
        return;  // 1e400 is read as infinity, which JSON cannot say
    }
    tape again(maximum_values);
    check(read_json(written, again) == json_verdict::complete && read_value(again, second), "what we write is JSON");
    std::string rewritten;
    writer.begin(rewritten);
    codec<value>::write(writer, second);
    check(rewritten == written, "what we write reads back");
}

void check_message(std::string_view text) {
    json_protocol protocol(true);
    tape values(maximum_values);
    hub_message message;
    const std::string framed = std::string(text) + record_separator;
    const std::size_t size = protocol.find_message(framed, 0).size;
    check(size > 0 && size <= framed.size(), "a message ends at its separator");
    const parse_result result = protocol.parse(std::string_view(framed).substr(0, size), values, message);
    check((result.what == parse_result::outcome::failed) == !result.error.empty(), "a refusal has a text");
    if (result.what != parse_result::outcome::message) return;
    const bool is_call = message.type == message_type::invocation || message.type == message_type::stream_invocation;
    if (is_call) check(message.arguments != nullptr && message.arguments->kind == value_kind::list, "a call has arguments");
    if (message.type == message_type::stream_item) check(message.item != nullptr, "an item is there");
    if (message.type == message_type::completion) check(!message.has_error || !message.has_result, "a completion is one of both");
}

}  // namespace
}  // namespace asignalr::detail

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    asignalr::detail::compare_readers(text);
    asignalr::detail::compare_readings(text);
    asignalr::detail::compare_envelopes(text);
    asignalr::detail::check_values(text);
    asignalr::detail::check_message(text);
    return 0;
}
