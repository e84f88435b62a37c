// SPDX-License-Identifier: MIT
#include "wire/websocket_frame.hpp"

#include "../heap_meter.hpp"
#include "frame_conversation.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace asignalr::detail {
namespace {

using events = std::vector<std::string>;

std::string text(std::string payload) { return encode({.payload = std::move(payload)}); }
std::string close(std::string payload) { return encode({.first_byte = 0x88, .payload = std::move(payload)}); }
std::string close_code(unsigned code, std::string_view reason = {}) {
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    return close(payload.append(reason));
}

// How the bytes are cut by the network must not change what is seen.
void expect_events(const std::string& bytes, const events& expected, role own = role::server) {
    EXPECT_EQ(decode(bytes, own), expected);
    conversation bytewise(own);
    for (const char byte : bytes)
        bytewise.receive({byte});
    EXPECT_EQ(bytewise.events(), expected) << "byte by byte";
    const std::size_t step = bytes.size() > 2000 ? bytes.size() / 61 : 1;
    for (std::size_t cut = 1; cut < bytes.size(); cut += step) {
        conversation split(own);
        split.receive(bytes.substr(0, cut));
        split.receive(bytes.substr(cut));
        ASSERT_EQ(split.events(), expected) << "cut at " << cut;
    }
}

TEST(frame_decoder, takes_messages_of_every_length_form) {
    for (const std::size_t size : {0u, 1u, 2u, 7u, 8u, 9u, 125u, 126u, 127u, 128u, 65535u, 65536u}) {
        SCOPED_TRACE(size);
        std::string payload(size, 'x');
        for (std::size_t index = 0; index < size; ++index)
            payload[index] = static_cast<char>('a' + index % 26);
        expect_events(text(payload), {"text:" + payload});
        expect_events(encode({.first_byte = 0x82, .payload = payload}), {"binary:" + payload});
    }
}

TEST(frame_decoder, takes_several_messages_from_one_read) {
    expect_events(text("one") + text("") + encode({.first_byte = 0x82, .payload = "\xff"}) + text("two"),
                  {"text:one", "text:", "binary:\xff", "text:two"});
}

TEST(frame_decoder, unmasks_with_every_key_and_offset) {
    for (std::size_t size = 0; size < 40; ++size) {
        const std::string payload(size, 'q');
        const std::string bytes = encode({.payload = payload, .mask = {0, 0xff, 0x80, 1}});
        expect_events(bytes, {"text:" + payload});
    }
}

TEST(frame_decoder, the_mask_bit_goes_by_role) {
    const std::string plain = encode({.payload = "a", .masked = false});
    expect_events(plain, {"failed:1002"});
    expect_events(plain, {"text:a"}, role::client);
    expect_events(text("a"), {"failed:1002"}, role::client);
    expect_events(encode({.first_byte = 0x89, .payload = "p", .masked = false}), {"ping:p"}, role::client);
    expect_events(encode({.first_byte = 0x88, .payload = "\x03\xe8", .masked = false}), {"close:1000:"}, role::client);
}

TEST(frame_decoder, answers_pings_and_pongs) {
    expect_events(encode({.first_byte = 0x89, .payload = ""}), {"ping:"});
    expect_events(encode({.first_byte = 0x89, .payload = std::string(125, 'p')}), {"ping:" + std::string(125, 'p')});
    expect_events(encode({.first_byte = 0x8a, .payload = "unasked"}), {"pong:unasked"});
    expect_events(encode({.first_byte = 0x89, .payload = std::string(126, 'p')}), {"failed:1002"});
}

TEST(frame_decoder, refuses_reserved_bits) {
    for (const unsigned kind : {0x81u, 0x82u, 0x88u, 0x89u, 0x8au})
        for (const unsigned reserved : {0x10u, 0x20u, 0x40u, 0x70u})
            expect_events(encode({.first_byte = kind | reserved, .payload = "x"}), {"failed:1002"});
}

TEST(frame_decoder, refuses_reserved_opcodes) {
    for (const unsigned kind : {3u, 4u, 5u, 6u, 7u, 11u, 12u, 13u, 14u, 15u}) {
        expect_events(encode({.first_byte = 0x80 | kind}), {"failed:1002"});
        expect_events(encode({.first_byte = kind}), {"failed:1002"});
    }
}

TEST(frame_decoder, refuses_control_frames_in_fragments) {
    for (const unsigned kind : {8u, 9u, 10u})
        expect_events(encode({.first_byte = kind}), {"failed:1002"});
}

TEST(frame_decoder, puts_fragments_together) {
    const std::string first = encode({.first_byte = 0x01, .payload = "Hel"});
    const std::string middle = encode({.first_byte = 0x00, .payload = "lo "});
    const std::string last = encode({.first_byte = 0x80, .payload = "world"});
    expect_events(first + middle + last, {"text:Hello world"});
    expect_events(first + encode({.first_byte = 0x80, .payload = ""}), {"text:Hel"});
    expect_events(encode({.first_byte = 0x02, .payload = ""}) + encode({.first_byte = 0x80, .payload = "\x01"}), {"binary:\x01"});
}

TEST(frame_decoder, takes_control_frames_between_fragments) {
    const std::string first = encode({.first_byte = 0x01, .payload = "a"});
    const std::string ping = encode({.first_byte = 0x89, .payload = "ping!"});
    const std::string last = encode({.first_byte = 0x80, .payload = "b"});
    expect_events(first + ping + ping + last + text("c"), {"ping:ping!", "ping:ping!", "text:ab", "text:c"});
    expect_events(first + close_code(1000) + last, {"close:1000:"});
}

TEST(frame_decoder, refuses_fragments_out_of_order) {
    expect_events(encode({.first_byte = 0x80, .payload = "x"}), {"failed:1002"});
    expect_events(encode({.first_byte = 0x00, .payload = "x"}), {"failed:1002"});
    expect_events(encode({.first_byte = 0x01, .payload = "x"}) + text("y"), {"failed:1002"});
    expect_events(text("x") + encode({.first_byte = 0x80, .payload = "y"}), {"text:x", "failed:1002"});
}

TEST(frame_decoder, refuses_lengths_that_are_not_minimal) {
    for (const std::uint64_t size : {0u, 1u, 125u})
        expect_events(encode({.payload = std::string(size, 'x'), .length_bytes = 2}), {"failed:1002"});
    for (const std::uint64_t size : {0u, 125u, 126u, 65535u})
        expect_events(encode({.length_bytes = 8, .claimed_size = size}), {"failed:1002"});
}

TEST(frame_decoder, refuses_a_length_with_the_highest_bit) {
    expect_events(encode({.claimed_size = std::uint64_t{1} << 63}), {"failed:1002"});
    expect_events(encode({.claimed_size = ~std::uint64_t{0}}), {"failed:1002"});
    expect_events(encode({.claimed_size = (std::uint64_t{1} << 63) - 1}), {});
}

TEST(frame_decoder, refuses_the_wrapping_continuation_at_its_header) {
    const std::string first = encode({.first_byte = 0x02, .payload = "x"});
    expect_events(first + encode({.first_byte = 0x80, .claimed_size = ~std::uint64_t{0}}), {"failed:1002"});
}

TEST(frame_decoder, reports_the_close_code_and_reason) {
    expect_events(close(""), {"close:1005:"});
    expect_events(close_code(1000), {"close:1000:"});
    expect_events(close_code(1001, "leaving"), {"close:1001:leaving"});
    expect_events(close_code(1000, std::string(123, 'r')), {"close:1000:" + std::string(123, 'r')});
    expect_events(close_code(1000, "caf\xc3\xa9"), {"close:1000:caf\xc3\xa9"});
    expect_events(close_code(1000) + text("ignored"), {"close:1000:"});
}

TEST(frame_decoder, refuses_wrong_close_frames) {
    expect_events(close("\x03"), {"failed:1002"});
    expect_events(close_code(1000, "\xff"), {"failed:1007"});
    expect_events(close_code(1000, "\xc3"), {"failed:1007"});
    for (const unsigned code : {0u, 1u, 999u, 1004u, 1005u, 1006u, 1015u, 1016u, 1100u, 2000u, 2999u, 5000u, 65535u})
        expect_events(close_code(code), {"failed:1002"});
    for (const unsigned code : {1000u, 1001u, 1002u, 1003u, 1007u, 1008u, 1009u, 1010u, 1011u, 3000u, 3999u, 4000u, 4999u})
        expect_events(close_code(code), {"close:" + std::to_string(code) + ":"});
}

TEST(frame_decoder, checks_text_across_frames_and_reads) {
    const std::string euro = "\xe2\x82\xac";
    expect_events(text(euro), {"text:" + euro});
    for (const std::size_t cut : {1u, 2u})
        expect_events(encode({.first_byte = 0x01, .payload = euro.substr(0, cut)}) + encode({.first_byte = 0x80, .payload = euro.substr(cut)}),
                      {"text:" + euro});
    for (const std::string wrong : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "ab\x80", "\xe2\x82z"})
        expect_events(text(wrong), {"failed:1007"});
    expect_events(encode({.first_byte = 0x82, .payload = "\xff\xfe"}), {"binary:\xff\xfe"});
}

TEST(frame_decoder, a_wrong_text_fails_before_the_frame_is_complete) {
    const std::string bytes = encode({.first_byte = 0x01, .payload = "ok\xffxxxxxxxxxxxxxxxx"});
    conversation early;
    early.receive(bytes.substr(0, bytes.size() - 10));
    EXPECT_EQ(early.events(), events{"failed:1007"});
}

TEST(frame_decoder, an_incomplete_character_does_not_leak_into_the_next_message) {
    expect_events(encode({.first_byte = 0x02, .payload = "\xe2"}) + encode({.first_byte = 0x80, .payload = ""}) + text("\xc3\xa9"),
                  {"binary:\xe2", "text:\xc3\xa9"});
}

TEST(frame_decoder, caps_the_frames_of_a_message) {
    std::string bytes = encode({.first_byte = 0x02});
    const std::string more = encode({.first_byte = 0x00});
    for (std::uint32_t index = 2; index < frame_decoder::most_frames_per_message; ++index)
        bytes += more;
    const std::string last = encode({.first_byte = 0x80, .payload = "x"});
    EXPECT_EQ(decode(bytes + last + text("next")), (events{"binary:x", "text:next"}));
    EXPECT_EQ(decode(bytes + more + last), events{"failed:1008"});
}

TEST(frame_decoder, the_first_two_bytes_decide) {
    conversation masks_missing;
    masks_missing.receive({"\x81\x05", 2});
    EXPECT_EQ(masks_missing.events(), events{"failed:1002"});
}

TEST(frame_decoder, a_header_that_failed_fails_again) {
    const std::string long_ping = encode({.first_byte = 0x89, .payload = std::string(127, 'x'), .length_bytes = 0});
    const std::string long_form = encode({.payload = "x", .length_bytes = 8});
    for (const std::string& offence : {long_ping, long_form, encode({.first_byte = 0x83})}) {
        std::string bytes = offence + std::string(60'000, '\xff');
        for (const std::size_t first_read : {std::size_t{2}, std::size_t{10}, bytes.size()}) {
            frame_decoder decoder(role::server);
            char* cursor = bytes.data();
            frame_decoder::event event = decoder.next(cursor, bytes.data() + first_read);
            for (int times = 0; times < 3; ++times) {
                event = decoder.next(cursor, bytes.data() + bytes.size());
                EXPECT_EQ(event.what, frame_decoder::event::kind::failed);
                EXPECT_EQ(event.code, 1002);
            }
        }
    }
}

// S32: whatever a header claims, nothing is held for it but what came, and the verdict is the same however the bytes are cut.
TEST(frame_decoder, S32_every_length_byte_may_say_anything) {
    for (const std::size_t size : {std::size_t{3}, std::size_t{200}, std::size_t{70'000}}) {
        const std::string good = encode({.payload = std::string(size, 'x')});
        const std::size_t length_bytes = size < 126 ? 1 : size <= 0xffff ? 3 : 9;
        for (std::size_t at = 1; at <= length_bytes; ++at) {
            for (unsigned value = 0; value < 256; ++value) {
                std::string bytes = good;
                bytes[at] = static_cast<char>(value);
                heap_meter::reset_peak();
                const std::size_t before = heap_meter::live_bytes();
                const std::vector<std::string> seen = decode(bytes);
                ASSERT_LE(heap_meter::peak_bytes() - before, 8 * bytes.size() + 4096) << "byte " << at << " is " << value;
                if (bytes == good) {
                    EXPECT_EQ(seen, std::vector{"text:" + std::string(size, 'x')});
                }
                if (size > 1000) continue;
                conversation pieces;
                for (const char byte : bytes)
                    pieces.receive(std::string(1, byte));
                ASSERT_EQ(pieces.events(), seen) << "byte " << at << " is " << value;
            }
        }
    }
}

TEST(write_frame_header, uses_the_fewest_bytes) {
    for (const std::size_t size : {0u, 1u, 125u, 126u, 127u, 65535u, 65536u, 100000u}) {
        std::array<char, 10> header;
        const std::size_t used = write_frame_header(header.data(), opcode::text, size);
        EXPECT_EQ(used, size < 126 ? 2u : size <= 65535 ? 4u : 10u);
        const std::string payload(size, 'x');
        EXPECT_EQ(std::string(header.data(), used), encode({.payload = payload, .masked = false}).substr(0, used));
        EXPECT_EQ(decode(std::string(header.data(), used) + payload, role::client), events{"text:" + payload});
    }
}

TEST(write_frame_header, masks_for_a_client) {
    for (const std::size_t size : {0u, 125u, 126u, 65536u}) {
        const test_frame frame{.first_byte = 0x82, .payload = std::string(size, 'y')};
        std::array<char, 14> header;
        const std::size_t used = write_masked_frame_header(header.data(), opcode::binary, size, frame.mask);
        EXPECT_EQ(std::string(header.data(), used), encode(frame).substr(0, used));
        EXPECT_EQ(used, (size < 126 ? 2u : size <= 65535 ? 4u : 10u) + 4u);
    }
}

}  // namespace
}  // namespace asignalr::detail
