// SPDX-License-Identifier: MIT
#include "base/base64.hpp"
#include "base/payload.hpp"
#include "base/text.hpp"

#include <asignalr/base/error.hpp>

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace asignalr::detail {
namespace {

TEST(base64, knows_the_vectors_of_the_specification) {
    const std::pair<const char*, const char*> rows[]{{"", ""},         {"f", "Zg=="},         {"fo", "Zm8="},        {"foo", "Zm9v"},
                                                     {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [bytes, text] : rows) {
        EXPECT_EQ(base64_encode(bytes), text);
        EXPECT_EQ(base64_decode(text), bytes);
    }
    EXPECT_EQ(base64_encode("\xfb\xff"), "+/8=");
    EXPECT_EQ(base64_url_encode("\xfb\xff"), "-_8");
    EXPECT_EQ(base64_url_encode(std::string(16, '\xff')).size(), 22u);
}

TEST(base64, refuses_what_is_none) {
    for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "Zm8", "Zm9v=", "=", "====", "Zg==Zg==", "Z=g=", "-_8=", "Zm9v!", "Zm 9v", "Zm9v\n"})
        EXPECT_EQ(base64_decode(text), std::nullopt) << text;
}

TEST(base64, passes_over_blanks_where_asked) {
    EXPECT_EQ(base64_decode(" Zm\t9v\r\n", base64_rules::of_json), "foo");
    EXPECT_EQ(base64_decode("Zg = =", base64_rules::of_json), "f");
    EXPECT_EQ(base64_decode("Zm\v9v", base64_rules::of_json), std::nullopt);
    for (const char* text : {"Zh==", "Zm9="}) {
        EXPECT_TRUE(base64_decode(text)) << text;
        EXPECT_EQ(base64_decode(text, base64_rules::of_json), std::nullopt) << text;
    }
}

TEST(base64, every_byte_reads_back) {
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) {
        bytes += static_cast<char>(byte);
        EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
    }
}

TEST(base64, digits_of_the_url_alphabet) {
    std::vector<bool> seen(64);
    int others = 0;
    for (int byte = 0; byte < 256; ++byte) {
        const int digit = base64_url_digit(static_cast<char>(byte));
        if (digit < 0)
            ++others;
        else
            seen.at(static_cast<std::size_t>(digit)) = true;
    }
    EXPECT_EQ(others, 192);
    EXPECT_EQ(seen, std::vector<bool>(64, true));
}

TEST(text, compares_without_case_in_ascii_only) {
    EXPECT_TRUE(equals_ignoring_case("Content-LENGTH", "content-length"));
    EXPECT_FALSE(equals_ignoring_case("a", "ab"));
    EXPECT_FALSE(equals_ignoring_case("\xc3\xa9", "\xc3\x89"));
    EXPECT_FALSE(equals_ignoring_case("[", "{"));
    EXPECT_FALSE(equals_ignoring_case("@", "`"));
    EXPECT_EQ(to_lower("AbZ[@\xc3\x89"), "abz[@\xc3\x89");
}

TEST(text, trims_spaces_and_tabs) {
    EXPECT_EQ(trimmed(" \ta b\t "), "a b");
    EXPECT_EQ(trimmed(" \t "), "");
    EXPECT_EQ(trimmed(""), "");
    EXPECT_EQ(trimmed("\va\n"), "\va\n");
}

TEST(text, finds_elements_of_lists) {
    EXPECT_TRUE(list_contains("keep-alive, Upgrade", "upgrade"));
    EXPECT_TRUE(list_contains("upgrade", "Upgrade"));
    EXPECT_TRUE(list_contains(",,\tupgrade ,", "upgrade"));
    EXPECT_FALSE(list_contains("upgraded", "upgrade"));
    EXPECT_FALSE(list_contains("", "upgrade"));
    EXPECT_FALSE(list_contains("up grade", "upgrade"));
}

TEST(text, tokens_are_those_of_http) {
    int count = 0;
    for (int byte = 0; byte < 256; ++byte)
        if (is_token_byte(static_cast<char>(byte))) ++count;
    EXPECT_EQ(count, 26 + 26 + 10 + 15);
    for (const char character : std::string_view("\"(),/:;<=>?@[\\]{} \t\0\x7f", 22))
        EXPECT_FALSE(is_token_byte(character)) << static_cast<int>(character);
}

TEST(payload, keeps_the_header_in_front_of_the_message) {
    const payload made = payload::make("\x81\x05", "hello", transfer_format::text);
    EXPECT_EQ(made.message(), "hello");
    EXPECT_EQ(made.framed(), "\x81\x05hello");
    EXPECT_EQ(made.format(), transfer_format::text);
    const payload bare = payload::make("", "", transfer_format::binary);
    EXPECT_TRUE(bare);
    EXPECT_EQ(bare.message(), "");
    EXPECT_EQ(bare.framed(), "");
    EXPECT_EQ(bare.format(), transfer_format::binary);
    EXPECT_EQ(payload::make("0123456789", "x", transfer_format::text).framed(), "0123456789x");
}

TEST(payload, copies_share_the_bytes) {
    payload first = payload::make("", "shared", transfer_format::text);
    const payload second = first;
    EXPECT_EQ(second.message().data(), first.message().data());
    payload third = std::move(first);
    EXPECT_FALSE(first);
    third = payload();
    EXPECT_EQ(second.message(), "shared");
    payload self = second;
    const payload& alias = self;
    self = alias;
    EXPECT_EQ(self.message(), "shared");
}

TEST(Threads_payload, copies_may_end_on_several_threads) {
    for (int round = 0; round < 20; ++round) {
        payload shared = payload::make("h", "across", transfer_format::text);
        std::vector<std::thread> threads;
        for (int index = 0; index < 4; ++index)
            threads.emplace_back([copy = shared] {
                for (int step = 0; step < 200; ++step) {
                    const payload again = copy;
                    EXPECT_EQ(again.message(), "across");
                }
            });
        shared = payload();
        for (std::thread& thread : threads)
            thread.join();
    }
}

TEST(error, codes_have_a_category_and_texts) {
    const std::error_code code = errc::connection_closed;
    EXPECT_EQ(code.category(), error_category());
    EXPECT_STREQ(error_category().name(), "asignalr");
    EXPECT_TRUE(code);
    EXPECT_EQ(code, errc::connection_closed);
    for (const errc one : {errc::connection_closed, errc::invocation_cancelled, errc::address_invalid, errc::server_stopped, errc::file_unreadable})
        EXPECT_NE(make_error_code(one).message(), error_category().message(12345));
}

TEST(error, a_named_error_keeps_its_name) {
    const named_error error("InvalidOperationException", "no");
    EXPECT_EQ(error.type_name(), "InvalidOperationException");
    EXPECT_STREQ(error.what(), "no");
}

}  // namespace
}  // namespace asignalr::detail
