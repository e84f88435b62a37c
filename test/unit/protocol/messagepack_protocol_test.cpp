// SPDX-License-Identifier: MIT
#include "protocol/messagepack_protocol.hpp"

#include "../heap_meter.hpp"
#include "hexadecimal.hpp"
#include "protocol/error_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace asignalr::detail {
namespace {

using outcome = parse_result::outcome;

std::string framed(std::string_view payload) {
    std::string bytes;
    std::size_t length = payload.size();
    for (; length >= 0x80; length >>= 7)
        bytes += static_cast<char>((length & 0x7f) | 0x80);
    bytes += static_cast<char>(length);
    return bytes.append(payload);
}

struct parsed {
    explicit parsed(std::string_view hexadecimal, std::size_t maximum_values = 10'000)
        : bytes(framed(from_hexadecimal(hexadecimal))), values(maximum_values) {
        result = messagepack_protocol().parse(bytes, values, message);
        // What the fast scanner takes is the same in general.
        tape other(maximum_values);
        hub_message again;
        const std::string payload = from_hexadecimal(hexadecimal);
        const parse_result general = messagepack_protocol::parse_generally(payload, other, again);
        EXPECT_EQ(general.what, result.what) << hexadecimal;
        EXPECT_EQ(general.error, result.error) << hexadecimal;
        EXPECT_EQ(again.has_broken_values, message.has_broken_values) << hexadecimal;
    }
    std::string bytes;
    tape values;
    hub_message message;
    parse_result result;
};

void expect_error(std::string_view hexadecimal, std::string_view text) {
    const parsed made(hexadecimal);
    EXPECT_EQ(made.result.what, outcome::failed) << hexadecimal;
    EXPECT_EQ(made.result.error, text) << hexadecimal;
}
void expect_invalid(std::string_view hexadecimal, std::string_view text) {
    expect_error(hexadecimal, "InvalidDataException: " + std::string(text));
}
void expect_outcome(std::string_view hexadecimal, outcome expected) {
    const parsed made(hexadecimal);
    EXPECT_EQ(made.result.what, expected) << hexadecimal << " " << made.result.error;
}

// ---- framing

TEST(messagepack_protocol, finds_the_end_of_a_message) {
    messagepack_protocol protocol;
    const auto size_of = [&](std::string_view hexadecimal) {
        const message_extent found = protocol.find_message(from_hexadecimal(hexadecimal), 0);
        EXPECT_FALSE(found.invalid) << hexadecimal;
        return found.size;
    };
    EXPECT_EQ(size_of(""), 0u);
    EXPECT_EQ(size_of("00"), 1u);
    EXPECT_EQ(size_of("02 91 06"), 3u);
    EXPECT_EQ(size_of("02 91 06 02 91 06"), 3u);
    EXPECT_EQ(size_of("02 91"), 3u);
    EXPECT_EQ(size_of("7f"), 128u);
    for (const char* beginning : {"80", "ff", "80 80", "ff ff", "ff ff ff", "ff ff ff ff"})
        EXPECT_EQ(size_of(beginning), 0u) << beginning;
    EXPECT_EQ(size_of("80 01"), 130u);
    EXPECT_EQ(size_of("ff 7f"), 16'385u);
    EXPECT_EQ(size_of("80 80 01"), 16'387u);
    EXPECT_EQ(size_of("80 80 80 01"), 2'097'156u);
    EXPECT_EQ(size_of("80 80 80 80 01"), 268'435'461u);
    EXPECT_EQ(size_of("ff ff ff ff 07"), 0x7fff'ffffu + 5u);
    EXPECT_EQ(size_of("82 00 91 06"), 4u);  // longer than it need be, as .NET takes it
}

TEST(messagepack_protocol, refuses_lengths_over_two_gigabytes) {
    messagepack_protocol protocol;
    for (const char* length : {"80 80 80 80 08", "ff ff ff ff 08", "ff ff ff ff 7f", "80 80 80 80 80", "ff ff ff ff ff", "ff ff ff ff ff ff 01"})
        EXPECT_TRUE(protocol.find_message(from_hexadecimal(length), 0).invalid) << length;
}

TEST(messagepack_protocol, takes_a_sequence_apart_wherever_it_is_cut) {
    std::string all;
    for (const char* message : {"91 06", "96 01 80 a1 '1' a4 'Echo' 91 a1 'x' 90", "93 05 80 a1 '1'", "92 07 c0"})
        all += framed(from_hexadecimal(message));
    const std::string large = from_hexadecimal("94 02 80 a1 's' da 0100") + std::string(256, 'y');
    all += framed(large);
    messagepack_protocol protocol;
    for (std::size_t cut = 0; cut <= all.size(); ++cut) {
        std::vector<message_type> seen;
        std::string waiting;
        tape values(100);
        for (const std::string_view piece : {std::string_view(all).substr(0, cut), std::string_view(all).substr(cut)}) {
            waiting += piece;
            while (true) {
                const message_extent found = protocol.find_message(waiting, 0);
                ASSERT_FALSE(found.invalid);
                if (found.size == 0 || found.size > waiting.size()) break;
                hub_message message;
                ASSERT_EQ(protocol.parse(std::string_view(waiting).substr(0, found.size), values, message).what, outcome::message);
                seen.push_back(message.type);
                waiting.erase(0, found.size);
            }
        }
        EXPECT_TRUE(waiting.empty());
        EXPECT_EQ(seen, (std::vector{message_type::ping, message_type::invocation, message_type::cancel_invocation,
                                     message_type::close, message_type::stream_item}))
            << cut;
    }
}

// ---- reading

TEST(messagepack_protocol, takes_every_type_of_message) {
    const parsed call("96 01 80 a1 '7' a4 'Echo' 92 01 a1 'x' 91 a1 's'");
    ASSERT_EQ(call.result.what, outcome::message);
    EXPECT_EQ(call.message.type, message_type::invocation);
    EXPECT_EQ(call.message.encoding, value_encoding::messagepack);
    EXPECT_EQ(call.message.invocation_id, "7");
    EXPECT_EQ(call.message.target, "Echo");
    ASSERT_EQ(call.message.arguments->size, 2u);
    EXPECT_EQ(call.message.arguments[2].as_text(), "x");
    ASSERT_EQ(call.message.stream_ids->size, 1u);
    EXPECT_EQ(call.message.stream_ids[1].as_text(), "s");
    const parsed old("95 01 81 a1 'h' a1 'v' a1 '7' a4 'Echo' 90");
    EXPECT_EQ(old.result.what, outcome::message);
    EXPECT_EQ(old.message.stream_ids, nullptr);
    for (const char* nobody : {"95 01 80 c0 a4 'Echo' 90", "95 01 80 a0 a4 'Echo' 90"})
        EXPECT_TRUE(parsed(nobody).result.what == outcome::message && parsed(nobody).message.invocation_id.empty()) << nobody;
    const parsed stream("96 04 80 a1 '8' a5 'Count' 91 05 90");
    EXPECT_EQ(stream.message.type, message_type::stream_invocation);
    EXPECT_EQ(stream.message.arguments[1].integer, 5);
    const parsed item("94 02 80 a1 's' 81 a1 'a' 01");
    EXPECT_EQ(item.message.type, message_type::stream_item);
    EXPECT_EQ(item.message.invocation_id, "s");
    EXPECT_EQ(item.message.item->kind, value_kind::map);
    EXPECT_EQ(parsed("93 05 80 a1 '1'").message.type, message_type::cancel_invocation);
    EXPECT_EQ(parsed("91 06").message.type, message_type::ping);
    EXPECT_EQ(parsed("92 08 05").message.sequence_id, 5);
    EXPECT_EQ(parsed("92 09 cf 7fffffffffffffff").message.sequence_id, 9223372036854775807);
}

TEST(messagepack_protocol, takes_every_kind_of_completion_and_close) {
    const parsed failed("95 03 80 a1 '1' 01 a4 'oops'");
    EXPECT_TRUE(failed.message.has_error && !failed.message.has_result);
    EXPECT_EQ(failed.message.error, "oops");
    EXPECT_TRUE(parsed("95 03 80 a1 '1' 01 a0").message.has_error);
    EXPECT_FALSE(parsed("95 03 80 a1 '1' 01 c0").message.has_error);
    const parsed none("94 03 80 a1 '1' 02");
    EXPECT_TRUE(none.result.what == outcome::message && !none.message.has_error && !none.message.has_result);
    const parsed result("95 03 80 a1 '1' 03 c0");
    EXPECT_TRUE(result.message.has_result);
    EXPECT_EQ(result.message.result->kind, value_kind::null);
    const parsed close("93 07 a1 'x' c3");
    EXPECT_TRUE(close.message.has_error && close.message.allow_reconnect);
    EXPECT_EQ(close.message.error, "x");
    EXPECT_FALSE(parsed("92 07 c0").message.has_error);
    EXPECT_TRUE(parsed("92 07 a0").message.has_error);
    EXPECT_FALSE(parsed("93 07 c0 c2").message.allow_reconnect);
}

TEST(messagepack_protocol, does_not_look_at_items_of_the_future) {
    for (const char* message :
         {"97 01 80 c0 a1 't' 90 90 c1", "98 04 80 a1 '1' a1 't' 90 90 db ffffffff", "95 02 80 a1 's' 01 a1 ff", "96 03 80 a1 '1' 03 01 c1",
          "94 05 80 a1 '1' c1", "92 06 c1", "94 07 c0 c2 c1", "93 08 01 c1", "93 09 01 c1", "91 06 c1", "9f 06"}) {
        const parsed made(message);
        EXPECT_EQ(made.result.what, outcome::message) << message << made.result.error;
        EXPECT_FALSE(made.message.has_broken_values) << message;
    }
}

TEST(messagepack_protocol, refuses_what_is_no_message) {
    for (const char* wrong : {"", "06", "c0", "a1 '6'", "81 06 06", "c1", "dd", "dc 00"})
        expect_invalid(wrong, "Error reading MessagePack.");
    for (const char* wrong : {"90", "91", "91 c0", "91 a1 '6'", "91 c3", "91 90", "91 cb 4018000000000000", "91 ce 80000000", "91 cf ffffffffffffffff",
                              "91 d3 ffffffff7fffffff", "91 c1", "9f", "dd ffffffff"})
        expect_invalid(wrong, "Reading 'messageType' as Int32 failed.");
}

TEST(messagepack_protocol, skips_unknown_types) {
    for (const char* message : {"91 00", "91 ff", "91 0a", "93 63 a1 'x' c1", "91 ce 7fffffff", "91 d2 80000000"})
        expect_outcome(message, outcome::skipped);
}

TEST(messagepack_protocol, checks_headers) {
    for (const char* type : {"01", "02", "03", "04", "05"}) {
        const std::string start = std::string("96 ") + type + " ";
        for (const char* wrong : {"", "c0", "90", "a0", "01", "82 a1 'a' a1 'b'", "df ffffffff"})
            expect_invalid(start + wrong, "Reading map length for 'headers' failed.");
        expect_invalid(start + "81 01 a1 'v'", "Reading 'headers[0].Key' as String failed.");
        expect_invalid(start + "82 a1 'k' a1 'v' a1 'l' 01", "Reading 'headers[1].Value' as String failed.");
        expect_invalid(start + "81 a1 'k' 90", "Reading 'headers[0].Value' as String failed.");
        for (const char* empty : {"c0", "a0"}) {
            expect_invalid(start + "81 " + empty + " a1 'v'", "Null or empty key in header.");
            expect_invalid(start + "81 a1 'k' " + empty, "Null or empty value in header.");
        }
        expect_error(start + "82 a1 'k' a1 'v' a1 'k' a1 'w'",
                     "ArgumentException: An item with the same key has already been added. Key: k");
    }
    expect_outcome("95 01 82 a1 'k' a1 'v' a1 'l' a1 'v' c0 a1 't' 90", outcome::message);
    // What stands behind the list is none of its items.
    expect_invalid("91 01 80 c0 a1 't' 90", "Reading map length for 'headers' failed.");
}

TEST(messagepack_protocol, checks_ids_and_targets) {
    const std::pair<const char*, const char*> rows[]{
        {"02", "StreamItem"}, {"03", "Completion"}, {"04", "StreamInvocation"}, {"05", "CancelInvocation"}};
    for (const auto& [type, name] : rows)
        for (const char* empty : {"c0", "a0"})
            expect_invalid("96 " + std::string(type) + " 80 " + empty, "Null or empty invocation ID for " + std::string(name) + " message.");
    for (const char* type : {"01", "02", "03", "04", "05"})
        for (const char* wrong : {"", "01", "c3", "90", "80", "c4 01 'x'", "d9 05 'x'", "db ffffffff", "c1"})
            expect_invalid("96 " + std::string(type) + " 80 " + wrong, "Reading 'invocationId' as String failed.");
    for (const char* type : {"01", "04"})
        for (const char* wrong : {"", "01", "90", "c1", "a5 'x'"})
            expect_invalid("96 " + std::string(type) + " 80 a1 '1' " + wrong, "Reading 'target' as String failed.");
    for (const char* empty : {"c0", "a0"}) {
        expect_invalid("96 01 80 a1 '1' " + std::string(empty), "Null or empty target for Invocation message.");
        expect_invalid("96 04 80 a1 '1' " + std::string(empty), "Null or empty target for StreamInvocation message.");
    }
}

TEST(messagepack_protocol, checks_stream_ids) {
    const std::string start = "96 01 80 a1 '1' a1 't' 90 ";
    for (const char* wrong : {"", "c0", "01", "80", "a0", "c1", "92 a1 'x'"})
        expect_invalid(start + wrong, "Reading array length for 'streamIds' failed.");
    for (const char* empty : {"91 c0", "91 a0", "92 a1 'x' c0"})
        expect_invalid(start + empty, "Null or empty value in streamIds received.");
    expect_invalid(start + "91 01", "Reading 'streamIds' as String failed.");
    EXPECT_EQ(parsed(start + "90").message.stream_ids, nullptr);
}

TEST(messagepack_protocol, checks_the_other_items) {
    for (const char* wrong : {"", "c0", "a1 '1'", "c3", "ce 80000000"})
        expect_invalid("95 03 80 a1 '1' " + std::string(wrong), "Reading 'resultKind' as Int32 failed.");
    for (const char* kind : {"00", "04", "ff", "7f"})
        expect_invalid("95 03 80 a1 '1' " + std::string(kind) + " c0", "Invalid invocation result kind.");
    for (const char* wrong : {"", "01", "90"}) {
        expect_invalid("95 03 80 a1 '1' 01 " + std::string(wrong), "Reading 'error' as String failed.");
        expect_invalid("93 07 " + std::string(wrong), "Reading 'error' as String failed.");
    }
    expect_invalid("95 03 80 a1 '1' 03", "Error reading MessagePack.");
    expect_invalid("95 03 80 a1 '1' 03 92 01", "Error reading MessagePack.");
    for (const char* wrong : {"", "c0", "01", "a4 'true'"})
        expect_invalid("93 07 c0 " + std::string(wrong), "Reading 'allowReconnect' as Boolean failed.");
    for (const char* type : {"08", "09"})
        for (const char* wrong : {"", "c0", "a1 '1'", "cf ffffffffffffffff", "cb 3ff0000000000000"})
            expect_invalid("92 " + std::string(type) + " " + wrong, "Reading 'sequenceId' as Int64 failed.");
}

TEST(messagepack_protocol, broken_arguments_are_a_matter_of_the_call) {
    for (const char* arguments : {"", "c0", "01", "a1 'x'", "80", "c1", "dd ffffffff", "dc 00"}) {
        const parsed made("96 01 80 a1 '1' a1 't' " + std::string(arguments));
        EXPECT_EQ(made.result.what, outcome::message) << arguments;
        EXPECT_EQ(made.message.arguments, nullptr) << arguments;
        EXPECT_TRUE(made.message.has_broken_values) << arguments;
    }
    for (const char* arguments : {"92 01", "92 01 c1", "92 d9 ff 'x'", "92 91"}) {
        const parsed made("96 04 80 a1 '1' a1 't' " + std::string(arguments));
        EXPECT_EQ(made.result.what, outcome::message) << arguments;
        ASSERT_NE(made.message.arguments, nullptr) << arguments;
        EXPECT_EQ(made.message.arguments->size, 2u) << arguments;
        EXPECT_TRUE(made.message.has_broken_values) << arguments;
    }
    for (const char* item : {"", "c1", "92 01", "a5 'x'"}) {
        const parsed made("94 02 80 a1 's' " + std::string(item));
        EXPECT_EQ(made.result.what, outcome::message) << item;
        EXPECT_TRUE(made.message.has_broken_values) << item;
    }
    std::string deep = "95 01 80 c0 a1 't' 91 ";
    for (int level = 0; level < 500; ++level)
        deep += "91 ";
    EXPECT_FALSE(parsed(deep + "01").message.has_broken_values);
    EXPECT_TRUE(parsed(deep + "91 01").message.has_broken_values);
}

TEST(messagepack_protocol, text_that_is_no_unicode_is_read_as_dot_net_reads_it) {
    const std::string mark = "\xef\xbf\xbd";
    const parsed made("96 01 81 a1 ff a1 ff a1 ff a1 ff 91 a1 ff 91 a1 ff");
    ASSERT_EQ(made.result.what, outcome::message);
    EXPECT_EQ(made.message.target, mark);
    EXPECT_EQ(made.message.invocation_id, mark);
    EXPECT_EQ(made.message.arguments[1].as_text(), mark);
    EXPECT_EQ(made.message.stream_ids[1].as_text(), mark);
    EXPECT_EQ(parsed("92 07 a1 ff").message.error, mark);
}

TEST(messagepack_protocol, counts_values) {
    EXPECT_EQ(parsed("95 01 80 c0 a1 't' 93 01 02 03", 9).result.what, outcome::message);
    EXPECT_EQ(parsed("95 01 80 c0 a1 't' 93 01 02 03", 8).result.error, values_exceeded);
}

// S32: headers of every kind, each of whose bytes may say anything. Nothing is held for what is only claimed, and the fast scanner
// and the general reader agree.
TEST(messagepack_protocol, S32_every_byte_of_a_header_may_say_anything) {
    const std::string texts = std::string(300, '7');
    for (const std::string& good :
         {std::string("95 01 80 a1 '1' a1 't' 92 01 02"), std::string("96 01 81 a1 'k' a1 'v' a1 '1' a1 't' 91 c3 91 a1 's'"),
          std::string("95 01 80 c0 a1 't' 96 d9 01 'x' da 0001 'x' db 00000001 'x' c4 01 00 c5 0001 00 c6 00000001 00"),
          std::string("95 01 80 c0 a1 't' 96 dc 0001 01 dd 00000001 01 de 0001 01 01 df 00000001 01 01 c7 01 ff 00 c9 00000001 05 00"),
          std::string("95 01 80 c0 a1 't' 91 da 012c '" + texts + "'"), std::string("94 02 80 a1 's' 92 c8 0001 01 00 d4 01 00"),
          std::string("95 03 80 a1 '1' 03 93 01 02 03"), std::string("93 07 a3 'bad' c2")}) {
        const std::string payload = from_hexadecimal(good);
        for (std::size_t at = 0; at < std::min<std::size_t>(payload.size(), 64); ++at) {
            for (unsigned value = 0; value < 256; ++value) {
                std::string wrong = payload;
                wrong[at] = static_cast<char>(value);
                heap_meter::reset_peak();
                const std::size_t before = heap_meter::live_bytes();
                const parsed made(to_hexadecimal(wrong));
                ASSERT_LE(heap_meter::peak_bytes() - before, 64u * 1024) << good << ": byte " << at << " is " << value;
            }
        }
    }
}

// S32: the length in front of a message.
TEST(messagepack_protocol, S32_every_byte_of_a_length_may_say_anything) {
    messagepack_protocol protocol;
    for (std::size_t at = 0; at < 5; ++at) {
        for (unsigned value = 0; value < 256; ++value) {
            std::string bytes = from_hexadecimal("80 80 80 80 01 91 06");
            bytes[at] = static_cast<char>(value);
            const message_extent found = protocol.find_message(bytes, 0);
            if (found.invalid) continue;
            std::uint64_t length = 0;
            std::size_t used = 0;
            do
                length |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[used]) & 0x7f) << (7 * used);
            while (static_cast<unsigned char>(bytes[used++]) >= 0x80);
            EXPECT_LE(used, 5u);
            EXPECT_LE(length, 0x7fff'ffffu);
            EXPECT_EQ(found.size, length + used) << "byte " << at << " is " << value;
        }
    }
}

// ---- writing

template <class Write>
std::string written(Write write) {
    messagepack_protocol protocol;
    std::string out = "before";
    write(protocol, out);
    EXPECT_EQ(out.substr(0, 6), "before");
    return to_hexadecimal(out.substr(6));
}
std::string expected(std::string_view payload) { return to_hexadecimal(framed(from_hexadecimal(payload))); }

TEST(messagepack_protocol, writes_every_message_as_dot_net_does) {
    EXPECT_EQ(written([](auto& protocol, auto& out) {
                  value_writer& arguments = protocol.begin_invocation(out, "Move", 2);
                  arguments.integer(1);
                  arguments.text("e4");
                  protocol.end_invocation();
              }),
              expected("96 01 80 c0 a4 'Move' 92 01 a2 'e4' 90"));
    EXPECT_EQ(written([](auto& protocol, auto& out) {
                  protocol.begin_stream_item(out, "5").boolean(true);
                  protocol.end_stream_item();
              }),
              expected("94 02 80 a1 '5' c3"));
    EXPECT_EQ(written([](auto& protocol, auto& out) {
                  protocol.begin_result(out, "5").null();
                  protocol.end_result();
              }),
              expected("95 03 80 a1 '5' 03 c0"));
    EXPECT_EQ(written([](auto& protocol, auto& out) { protocol.write_error(out, "5", "oops"); }), expected("95 03 80 a1 '5' 01 a4 'oops'"));
    EXPECT_EQ(written([](auto& protocol, auto& out) { protocol.write_stream_end(out, "5"); }), expected("94 03 80 a1 '5' 02"));
    EXPECT_EQ(written([](auto& protocol, auto& out) { protocol.write_close(out, "", false); }), expected("93 07 c0 c2"));
    EXPECT_EQ(written([](auto& protocol, auto& out) { protocol.write_close(out, "bye", true); }), expected("93 07 a3 'bye' c3"));
    EXPECT_EQ(to_hexadecimal(messagepack_protocol().ping()), "029106");
}

TEST(messagepack_protocol, writes_lengths_of_every_size) {
    messagepack_protocol protocol;
    for (const std::size_t size : {0u, 100u, 117u, 118u, 119u, 120u, 1'000u, 16'000u, 16'374u, 16'375u, 100'000u, 3'000'000u}) {
        std::string out = "before";
        protocol.begin_result(out, "1").text(std::string(size, 'x'));
        protocol.end_result();
        const std::string_view message = std::string_view(out).substr(6);
        EXPECT_EQ(protocol.find_message(message, 0).size, message.size()) << size;
        tape values(10);
        hub_message read;
        ASSERT_EQ(protocol.parse(message, values, read).what, outcome::message) << size;
        EXPECT_EQ(read.result->as_text(), std::string(size, 'x'));
    }
}

}  // namespace
}  // namespace asignalr::detail
