// SPDX-License-Identifier: MIT
// The scanner against the general reader: whatever it takes, both leave the same tape.
#include "protocol/json_scanner.hpp"

#include "protocol/json_reader.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace asignalr::detail {
namespace {

constexpr std::size_t maximum_values = 200;

// Each message in memory of its own size, so that a sanitizer sees a read beyond it.
class exact_copy {
public:
    explicit exact_copy(std::string_view text) : bytes_(new char[text.size()]), size_(text.size()) {
        if (size_ > 0) std::memcpy(bytes_.get(), text.data(), size_);
    }
    std::string_view view() const noexcept { return {bytes_.get(), size_}; }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_;
};

bool same(const token& left, const token& right) {
    if (left.kind != right.kind || left.is_negative_zero != right.is_negative_zero) return false;
    switch (left.kind) {
        case value_kind::null: return true;
        case value_kind::text: return left.as_text() == right.as_text();
        case value_kind::list:
        case value_kind::map: return left.size == right.size && left.span == right.span;
        default: return left.unsigned_integer == right.unsigned_integer;  // bit by bit, also of a double
    }
}

enum class comparison { left_alone, same, different };

comparison compare(std::string_view text) {
    const exact_copy message(text);
    tape scanned(maximum_values);
    if (!scan_json(message.view(), scanned)) return comparison::left_alone;
    tape expected(maximum_values);
    if (read_json_generally(message.view(), expected) != json_verdict::complete) return comparison::different;
    if (scanned.size() != expected.size()) return comparison::different;
    for (std::size_t index = 0; index < scanned.size(); ++index)
        if (!same(scanned.first()[index], expected.first()[index])) return comparison::different;
    return comparison::same;
}

std::string nested(std::size_t depth, std::string_view inside) {
    return std::string(depth, '[').append(inside).append(depth, ']');
}

// Values that may stand in a list, as clients write them.
const std::vector<std::string> simple_values{
    "null", "true", "false", "0", "7", "-1", "10", "123456", "-123456", "999999999999999999", "-999999999999999999",
    "1000000000000000000", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615",
    "18446744073709551616", "-9223372036854775809", "-0", "0.0", "-0.0", "0.5", "1.25", "-2.5", "3.141592653589793", "1e5", "1E5", "1e+5",
    "1e-5", "1.5e300", "1e400", "-1e400", "1e-400", "0e0", "0e999999999999", "0.0000000000000000000001e-2147483639",
    "123456789012345678901234567890", "1e0000000000000000000000005", "\"\"", "\"a\"", "\"ab\"", "\"abc\"", "\"abcd\"", "\"abcde\"",
    "\"abcdef\"", "\"abcdefg\"", "\"abcdefgh\"", "\"abcdefghi\"", "\"abcdefghijklmnopq\"", "\"{}[],:\"", "\"]\"", "\"}\"", "\"'/\x7f\"",
    "\"#!]^\"", "\"\xc3\xa9\"", "\"abcdefg\xc3\xa9\"", "\"\xe2\x82\xac 5\"", "\"\xf0\x9f\x98\x80\"", "\"true\"", "\"1\"", "[]", "{}",
    "[ ]", "{ }", "[[]]", "[{}]", "{\"\":{}}", "{\"a\":[]}", "{\"a\":1}", "{\"a\":1,\"b\":2}", "{\"a\":1,\"a\":2}", "[1,2]", "[[1],[2,[3]]]",
    "{\"a\":{\"b\":{\"c\":[1,{\"d\":null}]}}}", "{\"abcdefgh\":\"abcdefgh\"}", "[true,false,null]", "{ \"a\" : [ 1 , 2 ] , \"b\" : { } }",
    "\t{\n\"a\"\r:\n1}\t"};

// Parts that are wrong wherever they stand as a value.
const std::vector<std::string> wrong_values{
    "", ",", ":", "nul", "nulL", "True", "truefalse", "t", "f", "n", "NaN", "Infinity", "-", "+1", ".5", "5.", "01", "-01", "00", "1e", "1e+",
    "1.e5", "1.5.5", "0x1", "1 2", "--1", "-a", "'a'", "a", "\"a", "\"a\"b", "\"a\nb\"", "\"a\tb\"", "\"\x01\"", "\"abcdefgh\x1f\"",
    "\"a\" \"b\"", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[}", "{]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{1:1}", "{a:1}",
    "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{\"a\"::1}", "{\"a\",1}", "// c", "/**/1", "\"\\x\"", "\"\\u12\"", "\\", "[1}", "{\"a\":1]", "\xef\xbb\xbf",
    "\x0b" "1", "\xa0" "1", "1\x0c", "[[1]", "{\"a\":[1}", "{[]:1}", "{null:1}", "{\"a\":1,b}"};

std::vector<std::string> good_messages() {
    std::vector<std::string> messages{
        R"({"type":1,"invocationId":"12","target":"Echo","arguments":["abcdefghijklmnopqrstuvwxyz012345"]})",
        R"({"type":1,"target":"Send","arguments":[1,2.5,null,{"Upper":"A","lower":[true,false]}],"streamIds":["1","2"]})",
        R"({"arguments":[],"target":"F","invocationId":"0","type":4,"headers":{"a":"b"}})",
        R"({"type":2,"invocationId":"1","item":42})", R"({"type":3,"invocationId":"1","result":{"x":1e3}})",
        R"({"type":3,"invocationId":"1","error":"bad"})", R"({"type":5,"invocationId":"1"})", R"({"type":6})",
        R"({"type":7,"error":"x","allowReconnect":true})", R"({"protocol":"json","version":1})",
        " \t\r\n{\"type\":6} \t\r\n", nested(64, ""), nested(63, "1,2,3"), "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]"};
    for (const std::string& value : simple_values)
        messages.insert(messages.end(), {"{\"item\":" + value + "}", "[\"padding\"," + value + "]", "[" + value + ",\"padding\"]"});
    return messages;
}

TEST(json_scanner, takes_what_clients_send) {
    const auto messages = good_messages();
    EXPECT_GE(messages.size(), 150u);
    for (const std::string& message : messages)
        EXPECT_EQ(compare(message), comparison::same) << message;
}

TEST(json_scanner, takes_nothing_that_is_wrong) {
    for (const std::string& value : wrong_values) {
        for (const std::string& message : {"{\"item\":" + value + "}", "[\"padding\"," + value + "]", "[" + value + ",\"padding\"]",
                                           "{\"a\":{\"b\":[1," + value + "]}}"})
            EXPECT_EQ(compare(message), comparison::left_alone) << ::testing::PrintToString(message);
    }
}

TEST(json_scanner, leaves_the_rest_to_the_general_reader) {
    for (const std::string& message :
         {std::string(), std::string(" "), std::string("1"), std::string("\"a long text\""), std::string("null"),
          std::string("[\"\\n\",\"padding\"]"), std::string("[\"\\u0041\",\"padding\"]"), std::string("{\"a\\\"\":1,\"b\":2}"),
          std::string("{\"type\":6}x"), std::string("{\"type\":6}}"), std::string("{\"type\":6}{}"), std::string("{\"type\":6}\0", 11),
          std::string("{\"type\0\":6}", 11), std::string("[\"\xff padding\"]"), std::string("[\"\xed\xa0\x80\",1]"), std::string("[\"\xe2\x82\",1]"),
          std::string("[\"abc\xc0\x80\",1]"), std::string("{\"\xff\":\"abc\"}"), nested(65, ""), nested(65, "1"), std::string(5000, '['),
          std::string(5000, ']'), "[\"" + std::string(100, 'a') + "]"})
        EXPECT_EQ(compare(message), comparison::left_alone) << ::testing::PrintToString(message);
}

TEST(json_scanner, holds_the_value_limit) {
    std::string list = "[0";
    for (std::size_t value = 2; value < maximum_values; ++value)
        list += ",0";
    EXPECT_EQ(compare(list + "]"), comparison::same);
    EXPECT_EQ(compare(list + ",0]"), comparison::left_alone);
    EXPECT_EQ(compare(list + ",[]]"), comparison::left_alone);
    tape none(0);
    EXPECT_FALSE(scan_json("[\"padding\"]", none));
    EXPECT_EQ(read_json(list + ",0]", none), json_verdict::too_many_values);
}

TEST(json_scanner, texts_stay_in_the_message) {
    const std::string message = R"(["one","two words and more"])";
    tape values(maximum_values);
    ASSERT_TRUE(scan_json(message, values));
    EXPECT_EQ(values.first()[1].text, message.data() + 2);
    EXPECT_EQ(values.first()[2].text, message.data() + 8);
}

TEST(json_scanner, finds_the_end_of_a_text_wherever_it_is) {
    for (std::size_t before = 0; before < 20; ++before) {
        for (int byte = 0; byte < 256; ++byte) {
            for (const std::size_t behind : {0u, 3u, 9u}) {
                const std::string text = std::string(before, '#').append(1, static_cast<char>(byte)).append(behind, '!');
                const bool plain = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
                ASSERT_EQ(compare("{\"item\":\"" + text + "\"}"), plain ? comparison::same : comparison::left_alone) << before << ' ' << byte;
            }
        }
    }
}

// Changes a message somewhere, in ways that keep it near to JSON.
class mutator {
public:
    std::string operator()(std::string text) {
        for (std::size_t change = 1 + pick(3); change > 0; --change)
            alter(text);
        return text;
    }
    std::size_t pick(std::size_t below) { return random_() % below; }

private:
    void alter(std::string& text) {
        static constexpr char bytes[] = "{}[]:,\"\\ \t\n0123456789-+.eEtruefalsn\x01\x1f\x7f\x80\xc3\xa9\xff";
        const std::size_t place = pick(text.size() + 1);
        const char byte = bytes[pick(sizeof bytes)];  // also the zero at the end
        switch (pick(6)) {
            case 0: text.insert(place, 1, byte); break;
            case 1:
                if (place < text.size()) text[place] = byte;
                break;
            case 2: text.erase(std::min(place, text.size()), 1 + pick(3)); break;
            case 3: text.resize(place); break;
            case 4: text.insert(place, simple_values[pick(simple_values.size())]); break;
            default: text.insert(place, text.substr(pick(text.size() + 1), pick(12))); break;
        }
    }

    std::mt19937 random_{20240917};  // the same in every run
};

TEST(json_scanner, agrees_on_mutations) {
    const auto messages = good_messages();
    mutator mutate;
    std::size_t taken = 0;
    for (int round = 0; round < 20'000; ++round) {
        const std::string message = mutate(messages[mutate.pick(messages.size())]);
        const comparison outcome = compare(message);
        ASSERT_NE(outcome, comparison::different) << ::testing::PrintToString(message);
        taken += outcome == comparison::same ? 1 : 0;
    }
    EXPECT_GT(taken, 1'000u);  // or else the mutations show nothing
}

}  // namespace
}  // namespace asignalr::detail
