// SPDX-License-Identifier: MIT
#include "protocol/json_envelope_scanner.hpp"

#include "protocol/json_protocol.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace asignalr::detail {
namespace {

constexpr std::size_t maximum_values = 1000;

bool same_values(const token* left, const token* right) {
    if (left == nullptr || right == nullptr) return left == right;
    const std::ptrdiff_t size = left->behind() - left;
    if (size != right->behind() - right) return false;
    for (std::ptrdiff_t index = 0; index < size; ++index) {
        if (left[index].kind != right[index].kind || left[index].size != right[index].size) return false;
        const bool is_text = left[index].kind == value_kind::text;
        if (is_text ? left[index].as_text() != right[index].as_text() : left[index].integer != right[index].integer) return false;
    }
    return true;
}

/// Whether the scanner takes it; what it takes must be what the general way reads.
bool takes(std::string_view message, std::size_t most_values = maximum_values) {
    tape scanned_values(most_values), expected_values(most_values);
    hub_message scanned, expected;
    if (!scan_envelope(message, scanned_values, scanned)) return false;
    const parse_result result = json_protocol::parse_generally(message, expected_values, expected);
    EXPECT_EQ(result.what, parse_result::outcome::message) << message;
    EXPECT_EQ(scanned.type, expected.type) << message;
    EXPECT_EQ(scanned.invocation_id, expected.invocation_id) << message;
    EXPECT_EQ(scanned.target, expected.target) << message;
    EXPECT_TRUE(same_values(scanned.arguments, expected.arguments)) << message;
    EXPECT_TRUE(same_values(scanned.stream_ids, expected.stream_ids)) << message;
    EXPECT_TRUE(same_values(scanned.item, expected.item)) << message;
    return true;
}

TEST(json_envelope_scanner, takes_calls_and_items_in_every_order) {
    for (const char* message :
         {R"({"arguments":["a",1,{"b":[null]}],"invocationId":"1","target":"Echo","type":1})",
          R"({"type":1,"invocationId":"1","target":"Echo","arguments":[]})", R"({"type":1,"target":"Echo","arguments":[1.5]})",
          R"({"arguments":[],"invocationId":"1","streamIds":["s","t"],"target":"Sum","type":1})",
          R"({"target":"Count","type":4,"arguments":[3],"invocationId":"7"})", R"({"type":1,"target":"","arguments":[],"invocationId":""})",
          R"({"type":2,"invocationId":"s","item":{"a":1}})", R"({"item":null,"type":2,"invocationId":"s"})",
          R"({"invocationId":"s","type":2,"item":"text \u00e4hnlich"})", R"({"type":2,"invocationId":"s","item":"ü"})"})
        EXPECT_EQ(takes(message), std::string_view(message).find('\\') == std::string_view::npos) << message;
}

TEST(json_envelope_scanner, leaves_everything_else_alone) {
    for (const char* message :
         {"", "{", "}", "{}", "{}}", "[]", R"({"type":6})", R"({"type":1})", R"({"type":1,"target":"a"})", R"({"type":1,"arguments":[]})",
          R"({"type":4,"target":"a","arguments":[]})", R"({"type":4,"target":"a","arguments":[],"invocationId":""})",
          R"({"type":2,"item":1})", R"({"type":2,"invocationId":"s"})", R"({"type":2,"invocationId":"s","item":1,"target":"a"})",
          R"({"type":1,"target":"a","arguments":[],"item":1})", R"({"type":1,"type":1,"target":"a","arguments":[]})",
          R"({"type":1,"target":"a","target":"a","arguments":[]})", R"({"type":1,"target":"a","arguments":[],"arguments":[]})",
          R"({"type":12,"target":"a","arguments":[]})", R"({"type":1.0,"target":"a","arguments":[]})", R"({"type":"1","target":"a","arguments":[]})",
          R"({"type":1,"target":null,"arguments":[]})", R"({"type":1,"target":"a","arguments":{}})", R"({"type":1,"target":"a","arguments":[})",
          R"({"type":1,"target":"a","arguments":[1,]})", R"({"type":1,"target":"a","arguments":[],})", R"({"type":1,"target":"a","arguments":[]}})",
          R"({"type":1,"target":"a","arguments":[]x})", R"({ "type":1,"target":"a","arguments":[]})", R"({"type":1,"target":"\u0061","arguments":[]})",
          R"({"type":1,"target":"a","arguments":[],"streamIds":[1]})", R"({"type":1,"target":"a","arguments":[],"headers":{}})",
          R"({"type":3,"invocationId":"1"})", R"({"type":5,"invocationId":"1"})", R"({"type":1,"target":"ü","arguments":[]})",
          "{\"type\":1,\"target\":\"a\",\"arguments\":[\"\xff\"]}", R"({"item":{})", R"({"type":2,"invocationId":"s","item":})"})
        EXPECT_FALSE(takes(message)) << message;
}

TEST(json_envelope_scanner, holds_the_limits_of_the_general_way) {
    const auto call = [](const std::string& arguments) { return R"({"type":1,"target":"a","arguments":)" + arguments + "}"; };
    EXPECT_TRUE(takes(call(std::string(63, '[') + std::string(63, ']'))));
    EXPECT_FALSE(takes(call(std::string(64, '[') + std::string(64, ']'))));
    // The message, three names and three values, and what is in the list.
    EXPECT_TRUE(takes(call("[1,2]"), 9));
    EXPECT_FALSE(takes(call("[1,2]"), 8));
    tape values(8);
    hub_message message;
    EXPECT_EQ(json_protocol::parse_generally(call("[1,2]"), values, message).what, parse_result::outcome::failed);
}

TEST(json_envelope_scanner, every_cut_is_left_alone) {
    const std::string whole = R"({"arguments":["a",{"b":[1]}],"invocationId":"1","streamIds":["s"],"target":"Echo","type":1})";
    EXPECT_TRUE(takes(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string cut = whole.substr(0, size);
        EXPECT_FALSE(takes(cut)) << cut;
        if (size + 1 < whole.size()) {
            EXPECT_FALSE(takes(cut + "}")) << cut;
        }
    }
}

}  // namespace
}  // namespace asignalr::detail
