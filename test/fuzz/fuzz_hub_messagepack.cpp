// SPDX-License-Identifier: MIT
// A hub message in MessagePack: whatever arrives is taken apart or refused with a text, and takes no memory for what it only
// announces; what was read is written, and reads back the same. What the fast scanner takes, the general reader takes too, and reads
// the same.

#include "protocol/messagepack_protocol.hpp"
#include "protocol/messagepack_reader.hpp"
#include "protocol/messagepack_scanner.hpp"
#include "protocol/messagepack_writer.hpp"
#include "wire/utf8.hpp"

#include "fuzz_check.hpp"

#include <asignalr/serialize/codec.hpp>

#include <string>
#include <vector>

namespace asignalr::detail {
namespace {

constexpr std::size_t maximum_values = 2000;

void check_value(const token* first) {
    const token* const end = first->behind();
    for (const token* next = first; next != end; ++next) {
        check(next->behind() > next && next->behind() <= end, "a value ends within the one around it");
        if (next->kind == value_kind::text) check(is_valid_utf8(next->as_text()), "a text is UTF-8");
        if (next->kind != value_kind::map || next->has_other_keys) continue;
        const token* key = next + 1;
        for (std::uint32_t pair = 0; pair < next->size; ++pair) {
            check(key->kind == value_kind::text, "a key is a text");
            key = (key + 1)->behind();
        }
        check(key == next->behind(), "a map has the pairs that it tells of");
    }
}

bool read_value(const token* first, value& into) {
    value_reader reader(first, value_encoding::messagepack);
    return codec<value>::read(reader, into);
}

std::string written(const value& what) {
    std::string bytes;
    messagepack_writer writer;
    writer.begin(bytes);
    codec<value>::write(writer, what);
    return bytes;
}

void check_values(std::string_view bytes) {
    tape values(maximum_values);
    const messagepack_reading reading = read_messagepack(bytes, values);
    check(values.size() <= bytes.size(), "every value takes a byte");
    if (!reading.complete) return;
    check_value(values.first());
    check(values.first()->behind() == values.first() + values.size(), "a tape is one value");
    value first, second;
    if (!read_value(values.first(), first)) return;  // an extension, or keys that are no texts
    const std::string once = written(first);
    tape again(maximum_values);
    check(read_messagepack(once, again).complete, "what we write is MessagePack");
    check(read_value(again.first(), second), "and can be read");
    check(written(second) == once, "what we write reads back");
}

void check_message(std::string_view message) {
    messagepack_protocol protocol;
    tape values(maximum_values);
    hub_message made;
    const parse_result result = protocol.parse(message, values, made);
    check((result.what == parse_result::outcome::failed) == !result.error.empty(), "a refusal has a text");
    if (result.what != parse_result::outcome::message) return;
    const bool is_call = made.type == message_type::invocation || made.type == message_type::stream_invocation;
    if (is_call) {
        check(!made.target.empty(), "a call has a target");
        check(made.arguments == nullptr || made.arguments->kind == value_kind::list, "arguments are a list");
        check(made.arguments != nullptr || made.has_broken_values, "a call without arguments cannot be bound");
    }
    if (made.type == message_type::stream_item) check(made.item != nullptr || made.has_broken_values, "an item is there, or is broken");
    if (made.type == message_type::completion) check(!made.has_error || !made.has_result, "a completion is one of both");
    if (made.has_broken_values) return;
    for (const token* one : {made.arguments, made.item, made.result, made.stream_ids})
        if (one != nullptr) check_value(one);
}

bool same(const token* left, const token* right) {
    if (left == nullptr || right == nullptr) return left == right;
    const std::ptrdiff_t size = left->behind() - left;
    if (size != right->behind() - right) return false;
    for (std::ptrdiff_t index = 0; index < size; ++index) {
        if (left[index].kind != right[index].kind || left[index].has_other_keys != right[index].has_other_keys) return false;
        const bool has_bytes = left[index].kind == value_kind::text || left[index].kind == value_kind::bytes;
        const bool is_same = has_bytes ? left[index].as_text() == right[index].as_text()
                                       : left[index].size == right[index].size &&
                                             (left[index].kind == value_kind::null ||
                                              left[index].unsigned_integer == right[index].unsigned_integer);
        if (!is_same) return false;
    }
    return true;
}

void compare_readers(std::string_view message) {
    tape scanned_values(maximum_values), expected_values(maximum_values);
    hub_message scanned, expected;
    if (!scan_messagepack(message, scanned_values, scanned)) return;
    const parse_result result = messagepack_protocol::parse_generally(message, expected_values, expected);
    check(result.what == parse_result::outcome::message && !expected.has_broken_values, "nothing is scanned that is refused or broken");
    check(scanned.type == expected.type && scanned.invocation_id == expected.invocation_id && scanned.target == expected.target &&
              scanned.encoding == expected.encoding,
          "both messages are the same");
    check(!expected.has_result && !expected.has_error && !expected.allow_reconnect, "the scanner knows calls and items");
    check(same(scanned.arguments, expected.arguments) && same(scanned.stream_ids, expected.stream_ids) &&
              same(scanned.item, expected.item),
          "both read the same values");
}

void check_sequence(std::string_view bytes) {
    const messagepack_protocol protocol;
    while (!bytes.empty()) {
        const message_extent found = protocol.find_message(bytes, 0);
        if (found.invalid || found.size == 0) return;
        for (std::size_t part = 0; part < 5 && part < bytes.size(); ++part) {
            const message_extent early = protocol.find_message(bytes.substr(0, part), 0);
            check(!early.invalid && (early.size == 0 || early.size == found.size), "a length does not change when more of it comes");
        }
        if (found.size > bytes.size()) return;
        check_message(bytes.substr(0, found.size));
        bytes.remove_prefix(found.size);
    }
}

}  // namespace
}  // namespace asignalr::detail

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // In memory of its own size, so that a read beyond it is seen.
    const std::vector<char> copy(data, data + size);
    const std::string_view bytes(copy.data(), copy.size());
    asignalr::detail::check_values(bytes);
    asignalr::detail::compare_readers(bytes);
    asignalr::detail::check_sequence(bytes);
    std::string framed;
    for (std::size_t length = size; length >= 0x80; length >>= 7)
        framed += static_cast<char>((length & 0x7f) | 0x80);
    std::size_t last = size;
    while (last >= 0x80)
        last >>= 7;
    framed += static_cast<char>(last);
    asignalr::detail::check_message(framed.append(bytes));
    return 0;
}
