// SPDX-License-Identifier: MIT
#include "protocol/json_reader.hpp"

#include "wire/utf8.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <cmath>
#include <limits>

namespace asignalr::detail {
namespace {

tape big_tape() { return tape(1'000'000); }

json_verdict read(std::string_view text) {
    tape values = big_tape();
    return read_json(text, values);
}

std::string nested(std::size_t depth, std::string_view inside = "") {
    return std::string(depth, '[').append(inside).append(depth, ']');
}

TEST(json_reader, lays_values_flat_on_the_tape) {
    tape values = big_tape();
    ASSERT_EQ(read_json(R"({"a":[1,null,"x"],"b":true})", values), json_verdict::complete);
    const token* root = values.first();
    EXPECT_EQ(values.size(), 8u);
    EXPECT_EQ(root->kind, value_kind::map);
    EXPECT_EQ(root->size, 2u);
    EXPECT_EQ(root->behind(), root + 8);
    EXPECT_EQ(root[1].as_text(), "a");
    EXPECT_EQ(root[2].kind, value_kind::list);
    EXPECT_EQ(root[2].size, 3u);
    EXPECT_EQ(root[2].behind(), root + 6);
    EXPECT_EQ(root[3].integer, 1);
    EXPECT_EQ(root[4].kind, value_kind::null);
    EXPECT_EQ(root[5].as_text(), "x");
    EXPECT_EQ(root[7].kind, value_kind::boolean);
    EXPECT_EQ(root[7].integer, 1);
}

TEST(json_reader, texts_stay_where_they_are) {
    std::string message = "[";
    for (int index = 0; index < 500; ++index)
        message += "\"text \\u00e9 number " + std::to_string(index) + "\",";
    message.back() = ']';
    tape values = big_tape();
    ASSERT_EQ(read_json(message, values), json_verdict::complete);
    for (int index = 0; index < 500; ++index)
        ASSERT_EQ(values.first()[index + 1].as_text(), "text \xc3\xa9 number " + std::to_string(index));
}

TEST(json_reader, accepts_json) {
    for (const char* text : {"{}", "[]", "null", "true", "false", "0", "\"\"", " { } ", "[1 , 2]", "\t\r\n1", "{\"a\":{}}", "\"\\u0000\"",
                             "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "{\"\":1}", "-0.0e-0"})
        EXPECT_EQ(read(text), json_verdict::complete) << text;
}

TEST(json_reader, refuses_what_is_no_json) {
    for (const char* text :
         {"", " ", "{", "}", "[", "]", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "'a'", "nul", "True",
          "NaN", "Infinity", "-", "+1", ".5", "5.", "[01]", "[-01]", "1e", "1e+", "[0x1]", "\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"",
          "\"\x01\"", "// c\n1", "\xef\xbb\xbf{}", "{\"a\" 1}", "[1 2]", "[}", "{]"})
        EXPECT_EQ(read(text), json_verdict::malformed) << ::testing::PrintToString(text);
    EXPECT_EQ(read(std::string_view("\"a\0b\"", 5)), json_verdict::malformed);
}

TEST(json_reader, does_not_look_behind_the_value) {
    for (const char* text : {"{}x", "[1]]", "{} {}", "\"a\"b"})
        EXPECT_EQ(read(text), json_verdict::complete) << text;
}

TEST(json_reader, counts_depth_to_64) {
    EXPECT_EQ(read(nested(64)), json_verdict::complete);
    EXPECT_EQ(read(nested(65)), json_verdict::malformed);
    std::string maps;
    for (int depth = 0; depth < 64; ++depth)
        maps += "{\"a\":";
    EXPECT_EQ(read(maps + "1" + std::string(64, '}')), json_verdict::complete);
    EXPECT_EQ(read(maps + "[]" + std::string(64, '}')), json_verdict::malformed);
    EXPECT_EQ(read("[" + nested(63) + "," + nested(63) + "]"), json_verdict::complete);
}

// D1: this number crashes the default number parser of the library beneath.
TEST(json_reader, reads_the_number_that_overflows_exponents) {
    tape values = big_tape();
    ASSERT_EQ(read_json("0.0000000000000000000001e-2147483639", values), json_verdict::complete);
    EXPECT_EQ(values.first()->kind, value_kind::number);
    EXPECT_EQ(values.first()->number, 0.0);
    for (const char* text : {"1e2147483648", "1e-2147483648", "0e99999999999999999999", "1.5e+99999999999999999999"})
        EXPECT_EQ(read(text), json_verdict::complete) << text;
}

void* read_deep_text(void* verdict) {
    *static_cast<json_verdict*>(verdict) = read(std::string(32 * 1024, '['));
    return nullptr;
}

TEST(json_reader, nesting_costs_no_stack) {
    pthread_attr_t attributes;
    ASSERT_EQ(pthread_attr_init(&attributes), 0);
    ASSERT_EQ(pthread_attr_setstacksize(&attributes, 256 * 1024), 0);
    pthread_t thread{};
    json_verdict verdict = json_verdict::complete;
    ASSERT_EQ(pthread_create(&thread, &attributes, read_deep_text, &verdict), 0);
    ASSERT_EQ(pthread_join(thread, nullptr), 0);
    pthread_attr_destroy(&attributes);
    EXPECT_EQ(verdict, json_verdict::malformed);
}

TEST(json_reader, holds_the_value_limit) {
    tape values(5);
    EXPECT_EQ(read_json("[1,2,3,4]", values), json_verdict::complete);
    EXPECT_EQ(read_json("[1,2,3,4,5]", values), json_verdict::too_many_values);
    EXPECT_EQ(read_json("[[[[[]]]]]", values), json_verdict::complete);
    EXPECT_EQ(read_json("[[[[[[]]]]]]", values), json_verdict::too_many_values);
    EXPECT_EQ(read_json(R"({"a":1,"b":2})", values), json_verdict::complete);
    EXPECT_EQ(read_json(R"({"a":1,"b":2,"c":3})", values), json_verdict::too_many_values);
    EXPECT_EQ(read_json("[1]", values), json_verdict::complete);
}

TEST(json_reader, marks_text_that_is_no_unicode) {
    const std::string_view texts[]{"\"\xff\"",     "\"ab\x80\"",        "\"\xc0\x80\"",      "\"\xed\xa0\x80\"",     "\"\xe2\x82\"",
                                   "\"\\ud800\"",  "\"\\uD800x\"",      "\"\\udc00\"",       "\"a\\uDFFFb\"",        "\"\\ud800\\ud800\"",
                                   "\"\\ud83d\\u0041\"", "\"\\udc00\\ud800\"", "\"\\ud800\\n\"", "\"\\ud83d\\ude00\\ud83d\""};
    for (const std::string_view text : texts) {
        tape values = big_tape();
        const std::string message = "{\"a\":1,\"b\":" + std::string(text) + ",\"c\":{" + std::string(text) + ":2},\"d\":\"e\"}";
        ASSERT_EQ(read_json(message, values), json_verdict::complete) << text;
        ASSERT_EQ(values.size(), 11u) << text;
        const token* token = values.first();
        EXPECT_FALSE(token[0].has_other_keys) << text;
        EXPECT_EQ(token[1].as_text(), "a");
        EXPECT_EQ(token[4].kind, value_kind::unknown) << text;
        EXPECT_TRUE(token[6].has_other_keys) << text;
        EXPECT_EQ(token[7].kind, value_kind::unknown) << text;
        EXPECT_EQ(token[10].as_text(), "e") << text;
    }
}

// .NET takes them as infinity and zero; the library beneath refuses them.
TEST(json_reader, large_exponents_change_nothing_else) {
    tape values = big_tape();
    const std::string text = R"({"n 1e400":[1e400,-1E+999,0e999,01])";
    EXPECT_EQ(read_json(text, values), json_verdict::malformed);
    for (const char* wrong : {"[1e400,01]", "[1e400,1.]", "[1e400,-]", "[1e400,1e]", "[1e400,+1]", "[1e400", "[1e400,.5]", "[1e400 1]", "[1e4001.5]",
                              "[1e400,--7,100,5]", "[1e400,---7]", "[1e400,-01,7]", "[1e400,1-1]", "[1e400,-\"\",1]", "{\"x\":1e400,\"a\":--1}",
                              "[\"\\ud83d\",--7,100,5]"})
        EXPECT_EQ(read_json(wrong, values), json_verdict::malformed) << wrong;
    const std::string good = "{\"n 1e400\\\"7\":[1e400,-1E+999,0e999,\"5e5\",18446744073709551615,-0,2.5]}";
    ASSERT_EQ(read_json(good, values), json_verdict::complete);
    ASSERT_EQ(values.size(), 10u);
    const token* token = values.first();
    EXPECT_EQ(token[1].as_text(), "n 1e400\"7");
    EXPECT_EQ(token[3].number, std::numeric_limits<double>::infinity());
    EXPECT_EQ(token[4].number, -std::numeric_limits<double>::infinity());
    EXPECT_EQ(token[5].number, 0.0);
    EXPECT_EQ(token[6].as_text(), "5e5");
    EXPECT_EQ(token[7].unsigned_integer, 18446744073709551615u);
    EXPECT_TRUE(token[8].is_negative_zero);
    EXPECT_EQ(token[9].number, 2.5);
    ASSERT_EQ(read_json("[1e400,\"\\udc00\"]", values), json_verdict::complete);
    EXPECT_EQ(values.first()[2].kind, value_kind::unknown);
}

TEST(json_reader, takes_text_that_is_unicode_as_it_is) {
    tape values = big_tape();
    ASSERT_EQ(read_json("\"\\ud83d\\ude00 \xf0\x9f\x98\x80 \\u00e9 \\\\ud800\"", values), json_verdict::complete);
    EXPECT_EQ(values.first()->as_text(), "\xf0\x9f\x98\x80 \xf0\x9f\x98\x80 \xc3\xa9 \\ud800");
}

TEST(json_reader, broken_text_does_not_hide_broken_json) {
    EXPECT_EQ(read("[\"\xff\""), json_verdict::malformed);
    EXPECT_EQ(read("[\"\\ud800\",]"), json_verdict::malformed);
    EXPECT_EQ(read("[001e-\xff"), json_verdict::malformed);
    EXPECT_EQ(read("[-01,1,1.,\xff]"), json_verdict::malformed);
    EXPECT_EQ(read("\"\\ud8\"\xff\""), json_verdict::malformed);
    EXPECT_EQ(read("[\"\\ud8zz\xff\"]"), json_verdict::malformed);
    EXPECT_EQ(read("\xff"), json_verdict::malformed);
    EXPECT_EQ(read("\"\\\xff\""), json_verdict::malformed);
}

TEST(number_token, integers_are_exact) {
    const std::pair<const char*, std::int64_t> rows[]{{"0", 0},
                                                      {"-1", -1},
                                                      {"9007199254740993", 9007199254740993},
                                                      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
                                                      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()}};
    for (const auto& [text, expected] : rows) {
        const token made = number_token(text);
        EXPECT_EQ(made.kind, value_kind::integer) << text;
        EXPECT_EQ(made.integer, expected);
    }
    for (const char* text : {"9223372036854775808", "18446744073709551615"}) {
        const token made = number_token(text);
        EXPECT_EQ(made.kind, value_kind::unsigned_integer) << text;
        EXPECT_EQ(std::to_string(made.unsigned_integer), text);
    }
}

TEST(number_token, everything_else_is_a_double) {
    const double infinity = std::numeric_limits<double>::infinity();
    const std::pair<const char*, double> rows[]{
        {"1.0", 1.0},           {"1e2", 100.0},       {"-2.5", -2.5},     {"1E-07", 1e-7},    {"18446744073709551616", 18446744073709551616.0},
        {"-9223372036854775809", -9223372036854775809.0}, {"1e400", infinity}, {"-1e400", -infinity}, {"1e-400", 0.0}, {"0.1", 0.1},
        {"5e-324", 5e-324},     {"1.7976931348623157e308", std::numeric_limits<double>::max()}};
    for (const auto& [text, expected] : rows) {
        const token made = number_token(text);
        EXPECT_EQ(made.kind, value_kind::number) << text;
        EXPECT_EQ(made.number, expected) << text;
    }
    const std::string huge(400, '9');
    EXPECT_EQ(number_token(huge).number, infinity);
    EXPECT_EQ(number_token("-" + huge).number, -infinity);
    EXPECT_EQ(number_token("0." + std::string(400, '0') + "1").number, 0.0);
    EXPECT_TRUE(std::signbit(number_token("-1e-400").number));
    EXPECT_EQ(number_token("0." + std::string(400, '0') + "1e2").number, 0.0);
    EXPECT_EQ(number_token(huge + "e-1").number, infinity);
}

TEST(number_token, minus_zero_is_both) {
    const token made = number_token("-0");
    EXPECT_EQ(made.kind, value_kind::number);
    EXPECT_TRUE(made.is_negative_zero);
    EXPECT_TRUE(std::signbit(made.number));
    EXPECT_FALSE(number_token("-0.0").is_negative_zero);
}

}  // namespace
}  // namespace asignalr::detail
