// SPDX-License-Identifier: MIT
#include "protocol/json_protocol.hpp"

#include "protocol/error_text.hpp"

#include <asignalr/serialize/codec.hpp>
#include <asignalr/serialize/error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace asignalr::detail {
namespace {

using outcome = parse_result::outcome;

struct parsed {
    explicit parsed(std::string_view json) : bytes(std::string(json) + record_separator) {
        result = json_protocol(true).parse(bytes, values, message);
    }
    std::string bytes;
    tape values{10'000};
    hub_message message;
    parse_result result;
};

void expect_error(std::string_view json, std::string_view text) {
    const parsed made(json);
    EXPECT_EQ(made.result.what, outcome::failed) << json;
    EXPECT_EQ(made.result.error, text) << json;
}
void expect_invalid(std::string_view json, std::string_view text) { expect_error(json, "InvalidDataException: " + std::string(text)); }
void expect_outcome(std::string_view json, outcome expected) {
    const parsed made(json);
    EXPECT_EQ(made.result.what, expected) << json << " " << made.result.error;
}

TEST(json_protocol, finds_the_end_of_a_message) {
    json_protocol protocol(true);
    EXPECT_EQ(protocol.find_message("", 0).size, 0u);
    EXPECT_EQ(protocol.find_message("{}", 0).size, 0u);
    EXPECT_EQ(protocol.find_message("{}\x1e{}", 0).size, 3u);
    EXPECT_EQ(protocol.find_message("{}\x1e", 2).size, 3u);
    EXPECT_EQ(protocol.find_message("{}", 2).size, 0u);
    EXPECT_EQ(protocol.find_message("\x1e", 0).size, 1u);
}

TEST(json_protocol, takes_an_invocation_apart_in_every_order) {
    std::vector<std::string> properties{R"("type":1)", R"("target":"echo")", R"("arguments":[1,"x"])", R"("invocationId":"7")",
                                        R"("streamIds":["s"])"};
    std::sort(properties.begin(), properties.end());
    do {
        std::string json = "{";
        for (const std::string& property : properties)
            json += property + ",";
        json.back() = '}';
        const parsed made(json);
        ASSERT_EQ(made.result.what, outcome::message) << json;
        EXPECT_EQ(made.message.type, message_type::invocation);
        EXPECT_EQ(made.message.target, "echo");
        EXPECT_EQ(made.message.invocation_id, "7");
        EXPECT_EQ(made.message.arguments->size, 2u);
        EXPECT_EQ(made.message.stream_ids[1].as_text(), "s");
    } while (std::next_permutation(properties.begin(), properties.end()));
}

TEST(json_protocol, takes_every_type_of_message) {
    const parsed item(R"({"item":{"a":1},"type":2,"invocationId":"1"})");
    EXPECT_EQ(item.message.type, message_type::stream_item);
    EXPECT_EQ(item.message.item->kind, value_kind::map);
    const parsed result(R"({"type":3,"invocationId":"1","result":null})");
    EXPECT_EQ(result.message.type, message_type::completion);
    EXPECT_TRUE(result.message.has_result);
    EXPECT_EQ(result.message.result->kind, value_kind::null);
    const parsed error(R"({"type":3,"invocationId":"1","error":""})");
    EXPECT_TRUE(error.message.has_error);
    EXPECT_FALSE(error.message.has_result);
    const parsed empty(R"({"type":3,"invocationId":"1"})");
    EXPECT_EQ(empty.result.what, outcome::message);
    EXPECT_FALSE(empty.message.has_error || empty.message.has_result);
    EXPECT_EQ(parsed(R"({"type":4,"invocationId":"1","target":"s","arguments":[]})").message.type, message_type::stream_invocation);
    EXPECT_EQ(parsed(R"({"type":5,"invocationId":"1"})").message.type, message_type::cancel_invocation);
    EXPECT_EQ(parsed(R"({"type":6})").message.type, message_type::ping);
    const parsed close(R"({"type":7,"error":"x","allowReconnect":true})");
    EXPECT_EQ(close.message.type, message_type::close);
    EXPECT_EQ(close.message.error, "x");
    EXPECT_TRUE(close.message.allow_reconnect);
    EXPECT_EQ(parsed(R"({"type":8,"sequenceId":5})").message.sequence_id, 5);
    EXPECT_EQ(parsed(R"({"type":9,"sequenceId":9223372036854775807})").message.sequence_id, 9223372036854775807);
}

TEST(json_protocol, refuses_what_is_no_message) {
    for (const char* json : {"", "{", "x", "{\"type\":6", "{'type':6}", "{\"type\":6,}", "/**/{\"type\":6}"})
        expect_invalid(json, "Error reading JSON.");
    expect_invalid("[]", "Unexpected JSON Token Type 'Array'. Expected a JSON Object.");
    expect_invalid("\"x\"", "Unexpected JSON Token Type 'String'. Expected a JSON Object.");
    expect_invalid("1", "Unexpected JSON Token Type 'Number'. Expected a JSON Object.");
    expect_invalid("true", "Unexpected JSON Token Type 'True'. Expected a JSON Object.");
    expect_invalid("false", "Unexpected JSON Token Type 'False'. Expected a JSON Object.");
    expect_invalid("null", "Unexpected JSON Token Type 'Null'. Expected a JSON Object.");
}

TEST(json_protocol, counts_depth_over_the_whole_message) {
    const auto nested = [](std::size_t depth) {
        return R"({"type":1,"target":"t","arguments":[)" + std::string(depth, '[') + std::string(depth, ']') + "]}";
    };
    expect_outcome(nested(62), outcome::message);
    expect_invalid(nested(63), "Error reading JSON.");
}

TEST(json_protocol, checks_the_type) {
    expect_invalid("{}", "Missing required property 'type'.");
    expect_invalid(R"({"Type":6})", "Missing required property 'type'.");
    for (const char* type : {"null", "\"6\"", "true", "[]", "{}"})
        expect_invalid("{\"type\":" + std::string(type) + "}", "Expected 'type' to be of type Number.");
    for (const char* type : {"1.5", "6.0", "1e0", "2147483648", "-2147483649", "99999999999999999999", "18446744073709551615"})
        expect_error("{\"type\":" + std::string(type) + "}",
                     "FormatException: Either the JSON value is not in a supported format, or is out of bounds for an Int32.");
}

TEST(json_protocol, skips_unknown_types) {
    for (const char* type : {"0", "-1", "10", "2147483647", "-2147483648"})
        expect_outcome("{\"type\":" + std::string(type) + "}", outcome::skipped);
    expect_outcome(R"({"type":99,"target":"x","anything":[1,{}]})", outcome::skipped);
}

TEST(json_protocol, checks_the_kinds_of_properties) {
    for (const char* name : {"invocationId", "target", "error"})
        for (const char* wrong : {"null", "1", "true", "[]", "{}"})
            expect_invalid("{\"type\":6,\"" + std::string(name) + "\":" + wrong + "}",
                           "Expected '" + std::string(name) + "' to be of type String.");
    for (const char* name : {"arguments", "streamIds"})
        for (const char* wrong : {"null", "1", "\"x\"", "{}"})
            expect_invalid("{\"type\":6,\"" + std::string(name) + "\":" + wrong + "}",
                           "Expected '" + std::string(name) + "' to be of type Array.");
    for (const char* wrong : {"null", "1", "[]", "\"x\""})
        expect_invalid("{\"type\":6,\"headers\":" + std::string(wrong) + "}", "Expected 'headers' to be of type StartObject.");
    for (const char* wrong : {"null", "1", "\"true\"", "[]"})
        expect_invalid("{\"type\":7,\"allowReconnect\":" + std::string(wrong) + "}", "Expected 'allowReconnect' to be true or false.");
    expect_invalid(R"({"type":6,"headers":{"a":"b","X":1}})", "Expected header 'X' to be of type String.");
    expect_invalid(R"({"type":6,"headers":{"X":{"y":"z"}}})", "Expected header 'X' to be of type String.");
    expect_outcome(R"({"type":6,"headers":{"a":"b","c":""}})", outcome::message);
}

TEST(json_protocol, checks_stream_ids) {
    expect_invalid(R"({"type":6,"streamIds":["a",null]})", "Null value for 'streamIds' is not valid.");
    const std::pair<const char*, const char*> rows[]{{"1", "Number"},      {"1.5", "Number"},    {"18446744073709551615", "Number"},
                                                     {"true", "True"},     {"false", "False"},   {"[]", "StartArray"},
                                                     {"{}", "StartObject"}};
    for (const auto& [wrong, kind] : rows)
        expect_error("{\"type\":6,\"streamIds\":[\"a\"," + std::string(wrong) + "]}",
                     "InvalidOperationException: Cannot get the value of a token type '" + std::string(kind) + "' as a string.");
    expect_outcome(R"({"type":6,"streamIds":[]})", outcome::message);
}

TEST(json_protocol, names_what_is_missing) {
    const std::pair<const char*, const char*> rows[]{{R"({"type":1,"arguments":[]})", "target"},
                                                     {R"({"type":1,"target":"t"})", "arguments"},
                                                     {R"({"type":4,"target":"t","arguments":[]})", "invocationId"},
                                                     {R"({"type":4,"invocationId":"","target":"t","arguments":[]})", "invocationId"},
                                                     {R"({"type":4,"invocationId":"1","arguments":[]})", "target"},
                                                     {R"({"type":4,"invocationId":"1","target":"t"})", "arguments"},
                                                     {R"({"type":2,"item":1})", "invocationId"},
                                                     {R"({"type":2,"invocationId":"1"})", "item"},
                                                     {R"({"type":3,"result":1})", "invocationId"},
                                                     {R"({"type":5})", "invocationId"},
                                                     {R"({"type":2,"invocationId":"","item":1})", "invocationId"},
                                                     {R"({"type":3,"invocationId":""})", "invocationId"},
                                                     {R"({"type":5,"invocationId":""})", "invocationId"},
                                                     {R"({"type":8})", "sequenceId"},
                                                     {R"({"type":9,"sequenceId":null})", "sequenceId"}};
    for (const auto& [json, name] : rows)
        expect_invalid(json, "Missing required property '" + std::string(name) + "'.");
}

TEST(json_protocol, checks_sequence_ids) {
    for (const char* rest : {R"("type":8)", R"("type":6)", R"("type":1,"target":"t","arguments":[])"})
        expect_invalid("{" + std::string(rest) + R"(,"sequenceId":"1"})", "Expected 'sequenceId' to be of type Number.");
    for (const char* wrong : {"1.5", "9223372036854775808"})
        expect_error("{\"type\":8,\"sequenceId\":" + std::string(wrong) + "}",
                     "FormatException: Either the JSON value is not in a supported format, or is out of bounds for an Int64.");
}

TEST(json_protocol, refuses_a_completion_with_both) {
    expect_invalid(R"({"type":3,"invocationId":"1","error":"e","result":1})",
                   "The 'error' and 'result' properties are mutually exclusive.");
}

TEST(json_protocol, refuses_properties_that_stand_twice) {
    const std::pair<const char*, const char*> rows[]{{"type", "1"},        {"invocationId", "\"1\""}, {"target", "\"t\""}, {"arguments", "[]"},
                                                     {"streamIds", "[]"},  {"item", "1"},             {"result", "1"},     {"error", "\"e\""},
                                                     {"allowReconnect", "true"}, {"sequenceId", "1"}, {"headers", "{}"}};
    for (const auto& [name, content] : rows) {
        const std::string pair = "\"" + std::string(name) + "\":" + content;
        expect_invalid("{" + pair + "," + pair + "}", "The property '" + std::string(name) + "' stands twice.");
    }
    expect_outcome(R"({"x":1,"x":2,"type":6})", outcome::message);
}

TEST(json_protocol, tolerates_what_dot_net_does) {
    expect_outcome(R"({"type":1,"target":"t","arguments":[],"error":"e","result":1,"sequenceId":null})", outcome::message);
    expect_outcome(R"({"type":1,"target":"t","arguments":[],"item":1})", outcome::skipped);
    expect_outcome(R"({"type":1,"target":"","arguments":[]})", outcome::message);
    expect_outcome(R"({"type":6}trailing)", outcome::message);
    EXPECT_TRUE(parsed(R"({"type":1,"target":"t","arguments":[],"invocationId":""})").message.invocation_id.empty());
}

TEST(json_protocol, a_name_of_a_property_that_is_no_unicode_is_skipped) {
    for (const char* name : {"\"\xff\"", R"("\ud800")", R"("a\udc00")"})
        expect_outcome("{" + std::string(name) + ":1,\"type\":6}", outcome::message);
}

TEST(json_protocol, text_that_is_no_unicode_is_a_matter_of_who_reads_it) {
    for (const char* text : {"\"\xff\"", R"("\ud800")"}) {
        const std::string call = R"({"type":1,"target":"t","arguments":[)" + std::string(text);
        const parsed made(call + ",7]}");
        ASSERT_EQ(made.result.what, outcome::message) << text;
        EXPECT_EQ(made.message.arguments[1].kind, value_kind::unknown) << text;
        EXPECT_EQ(made.message.arguments[2].integer, 7) << text;
        expect_outcome(R"({"type":6,"more":)" + std::string(text) + "}", outcome::message);
        for (const char* before : {R"({"type":1,"arguments":[],"target":)", R"({"type":5,"invocationId":)", R"({"type":7,"error":)", R"({"type":6,"streamIds":[)",
                                   R"({"type":6,"headers":{"a":)", R"({"type":6,"headers":{)"}) {
            const std::string_view begun = before;
            const char* behind = begun.ends_with('[') ? "]}" : begun.ends_with("headers\":{") ? R"(:"a"}})" : begun.ends_with("a\":") ? "}}" : "}";
            expect_error(before + std::string(text) + behind,
                         "InvalidOperationException: Cannot transcode invalid UTF-8 JSON text to UTF-16 string.");
        }
    }
    EXPECT_EQ(parsed(R"({"type":1,"target":"t","arguments":["\ud83d\ude00"]})").message.arguments[1].as_text(), "\xf0\x9f\x98\x80");
}

TEST(json_protocol, holds_the_value_limit) {
    tape values(4);
    hub_message message;
    const parse_result result = json_protocol(true).parse("{\"type\":1,\"arguments\":[1,2]}\x1e", values, message);
    EXPECT_EQ(result.error, "InvalidDataException: The message has too many values.");
}

TEST(json_protocol, nothing_of_the_last_message_stays) {
    json_protocol protocol(true);
    tape values(100);
    hub_message message;
    const std::string first = "{\"type\":7,\"error\":\"e\",\"allowReconnect\":true}\x1e", second = "{\"type\":7}\x1e";
    ASSERT_EQ(protocol.parse(first, values, message).what, outcome::message);
    ASSERT_EQ(protocol.parse(second, values, message).what, outcome::message);
    EXPECT_FALSE(message.allow_reconnect || message.has_error);
    EXPECT_EQ(message.error, "");
}

TEST(json_protocol, writes_messages) {
    json_protocol protocol(true);
    std::string out;
    value_writer& arguments = protocol.begin_invocation(out, "say \"hi\"", 2);
    arguments.integer(1);
    arguments.text("x");
    protocol.end_invocation();
    protocol.begin_invocation(out, "none", 0);
    protocol.end_invocation();
    protocol.begin_stream_item(out, "a\x1e").integer(5);
    protocol.end_stream_item();
    protocol.begin_result(out, "1").null();
    protocol.end_result();
    protocol.write_error(out, "2", "bad\n");
    protocol.write_stream_end(out, "3");
    protocol.write_close(out, "", false);
    protocol.write_close(out, "", true);
    protocol.write_close(out, "why", true);
    out += protocol.ping();
    EXPECT_EQ(out, "{\"type\":1,\"target\":\"say \\\"hi\\\"\",\"arguments\":[1,\"x\"]}\x1e"
                   "{\"type\":1,\"target\":\"none\",\"arguments\":[]}\x1e"
                   "{\"type\":2,\"invocationId\":\"a\\u001E\",\"item\":5}\x1e"
                   "{\"type\":3,\"invocationId\":\"1\",\"result\":null}\x1e"
                   "{\"type\":3,\"invocationId\":\"2\",\"error\":\"bad\\n\"}\x1e"
                   "{\"type\":3,\"invocationId\":\"3\"}\x1e"
                   "{\"type\":7}\x1e{\"type\":7,\"allowReconnect\":true}\x1e"
                   "{\"type\":7,\"error\":\"why\",\"allowReconnect\":true}\x1e"
                   "{\"type\":6}\x1e");
}

TEST(json_protocol, writes_nothing_deeper_than_it_reads) {
    const auto nested = [](std::size_t depth) {
        value made(1);
        for (std::size_t level = 0; level < depth; ++level)
            made = level % 2 == 0 ? value(value::list{made}) : value(value::map{{"k", made}});
        return made;
    };
    json_protocol protocol(true);
    std::string out;
    codec<value>::write(protocol.begin_invocation(out, "t", 1), nested(62));
    protocol.end_invocation();
    EXPECT_EQ(parsed(out.substr(0, out.size() - 1)).result.what, outcome::message);
    EXPECT_THROW(codec<value>::write(protocol.begin_invocation(out, "t", 1), nested(63)), serialization_error);
    codec<value>::write(protocol.begin_result(out, "1"), nested(63));
    EXPECT_THROW(codec<value>::write(protocol.begin_result(out, "1"), nested(64)), serialization_error);
    codec<value>::write(protocol.begin_stream_item(out, "1"), nested(63));
    EXPECT_THROW(codec<value>::write(protocol.begin_stream_item(out, "1"), nested(64)), serialization_error);
}

TEST(error_text, is_word_for_word_dot_nets) {
    EXPECT_EQ(unexpected_error("M"), "An unexpected error occurred invoking 'M' on the server.");
    EXPECT_EQ(failed_to_invoke("M"), "Failed to invoke 'M' due to an error on the server.");
    EXPECT_EQ(with_details(failed_to_invoke("M"), wrong_argument_count(0, 1)),
              "Failed to invoke 'M' due to an error on the server. InvalidDataException: Invocation provides 0 argument(s) but target expects 1.");
    EXPECT_EQ(with_details("text", ""), "text");
    EXPECT_EQ(message_too_large(32768), "InvalidDataException: The maximum message size of 32768B was exceeded. The message size can be "
                                        "configured in AddHubOptions.");
    EXPECT_EQ(streaming_method_invoked("S"), "The client attempted to invoke the streaming 'S' method with a non-streaming invocation.");
    EXPECT_EQ(plain_method_streamed("S"), "The client attempted to invoke the non-streaming 'S' method with a streaming invocation.");
    EXPECT_EQ(invocation_in_use("1"), "Invocation ID '1' is already in use.");
    EXPECT_EQ(wrong_stream_count("M", 0, 1), "An unexpected error occurred invoking 'M' on the server. HubException: Client sent 0 stream(s), "
                                             "Hub method expects 1.");
}

}  // namespace
}  // namespace asignalr::detail
