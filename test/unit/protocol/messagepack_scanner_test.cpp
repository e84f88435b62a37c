// SPDX-License-Identifier: MIT
#include "protocol/messagepack_scanner.hpp"

#include "hexadecimal.hpp"
#include "protocol/messagepack_protocol.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace asignalr::detail {
namespace {

struct scanned {
    explicit scanned(std::string_view hexadecimal, std::size_t maximum_values = 1000)
        : values(maximum_values), expected_values(maximum_values) {
        const std::string message = from_hexadecimal(hexadecimal);
        bytes.assign(message.begin(), message.end());  // in memory of its own size, so that a read beyond it is seen
        taken = scan_messagepack({bytes.data(), bytes.size()}, values, made);
        result = messagepack_protocol::parse_generally({bytes.data(), bytes.size()}, expected_values, expected);
    }
    std::vector<char> bytes;
    tape values, expected_values;
    hub_message made, expected;
    bool taken = false;
    parse_result result;
};

void expect_same(const token* left, const token* right) {
    ASSERT_EQ(left == nullptr, right == nullptr);
    if (left == nullptr) return;
    ASSERT_EQ(left->behind() - left, right->behind() - right);
    for (const token* end = left->behind(); left != end; ++left, ++right) {
        EXPECT_EQ(left->kind, right->kind);
        const bool has_bytes = left->kind == value_kind::text || left->kind == value_kind::bytes;
        EXPECT_EQ(left->size, right->size);
        if (has_bytes) {
            EXPECT_EQ(left->as_text(), right->as_text());
        } else if (left->kind != value_kind::null) {
            EXPECT_EQ(left->unsigned_integer, right->unsigned_integer);
        }
    }
}

constexpr std::string_view every_form =
    "dc 0010 00 e0 cc 80 cd 0100 ce 00010000 cf 0000000100000000 cf ffffffffffffffff d0 80 d1 8000 d2 80000000 d3 8000000000000000"
    "ca 3fc00000 cb 3ff8000000000000 d9 20 '0123456789abcdef0123456789abcdef' da 0001 'x' 83 a1 'k' 90 d9 01 'l' 80 a1 'm' 94 c0 c2 c3 c4 01 ff";

TEST(messagepack_scanner, reads_what_clients_send_as_the_general_reader_does) {
    const std::string all(every_form);
    for (const std::string& message :
         {"96 01 80 a1 '1' a4 'Echo' 91 a1 'x' 90" + std::string(), "95 01 80 c0 a4 'Echo' 90" + std::string(),
          "96 01 80 a0 a4 'Echo' 92 a3 e4b896 01 92 a1 's' a1 't'" + std::string(), "96 04 80 a1 '1' a5 'Count' 91 05 90" + std::string(),
          "94 02 80 a1 's' c0" + std::string(), "94 02 80 a1 's' " + all, "96 01 80 a1 '1' a1 't' 92 " + all + " " + all + " 91 a1 's'"}) {
        const scanned made(message);
        ASSERT_TRUE(made.taken) << message;
        ASSERT_EQ(made.result.what, parse_result::outcome::message) << made.result.error;
        EXPECT_EQ(made.made.type, made.expected.type);
        EXPECT_EQ(made.made.invocation_id, made.expected.invocation_id);
        EXPECT_EQ(made.made.target, made.expected.target);
        EXPECT_EQ(made.made.encoding, made.expected.encoding);
        expect_same(made.made.arguments, made.expected.arguments);
        expect_same(made.made.stream_ids, made.expected.stream_ids);
        expect_same(made.made.item, made.expected.item);
    }
}

TEST(messagepack_scanner, leaves_everything_else_to_the_general_reader) {
    for (const char* message :
         {"", "91 06", "93 05 80 a1 '1'", "94 03 80 a1 '1' 02", "92 07 c0", "97 01 80 c0 a1 't' 90 90 90",
          "95 01 81 a1 'k' a1 'v' c0 a1 't' 90", "95 01 80 d9 01 '1' a1 't' 90", "95 01 80 c0 a0 90", "95 04 80 a0 a1 't' 90",
          "95 01 80 c0 a1 't' dc 0000", "95 01 80 c0 a1 't' 91 d6 ff 00000000", "95 01 80 c0 a1 't' 91 81 01 02", "95 01 80 c0 a1 ff 90",
          "95 01 80 c0 a1 't' 91 a1 ff", "95 01 80 c0 a1 't' 91 c1", "96 01 80 c0 a1 't' 90 91 a0", "96 01 80 c0 a1 't' 90 91 01",
          "96 01 80 c0 a1 't' 90", "94 02 80 a0 01", "95 01 80 c0 a1 't' 91 db 00000001 'x'"})
        EXPECT_FALSE(scanned(message).taken) << message;
    std::string deep = "94 02 80 a1 's' ";
    for (int level = 0; level < 16; ++level)
        deep += "91 ";
    EXPECT_TRUE(scanned(deep + "01").taken);
    EXPECT_FALSE(scanned(deep + "91 01").taken);
}

TEST(messagepack_scanner, is_cut_at_every_byte) {
    for (const std::string& whole : {"96 01 80 a1 '1' a4 'Echo' 92 " + std::string(every_form) + " a1 'x' 91 a1 's'",
                                     "94 02 80 a1 's' " + std::string(every_form)}) {
        const std::string bytes = from_hexadecimal(whole);
        for (std::size_t size = 0; size < bytes.size(); ++size)
            EXPECT_FALSE(scanned(to_hexadecimal(bytes.substr(0, size))).taken) << size;
    }
}

TEST(messagepack_scanner, counts_values) {
    EXPECT_TRUE(scanned("95 01 80 c0 a1 't' 93 01 02 03", 10).taken);
    EXPECT_FALSE(scanned("95 01 80 c0 a1 't' 93 01 02 03", 8).taken);
    EXPECT_FALSE(scanned("95 01 80 c0 a1 't' 93 01 02 03", 3).taken);
}

}  // namespace
}  // namespace asignalr::detail
