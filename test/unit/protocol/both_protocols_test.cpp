// SPDX-License-Identifier: MIT
// The same messages in both encodings: both readers come to the same verdict and read the same.

#include "hexadecimal.hpp"
#include "protocol/json_protocol.hpp"
#include "protocol/messagepack_protocol.hpp"

#include <asignalr/serialize/codec.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <utility>

namespace asignalr::detail {
namespace {

using outcome = parse_result::outcome;

struct logical_message {
    std::string_view json;
    std::string_view messagepack;  // hexadecimal, without its length
    outcome verdict = outcome::message;
};

void PrintTo(const logical_message& row, std::ostream* out) { *out << row.json; }

constexpr logical_message messages[]{
    {R"({"type":1,"invocationId":"7","target":"Echo","arguments":["x"]})", "96 01 80 a1 '7' a4 'Echo' 91 a1 'x' 90"},
    {R"({"type":1,"target":"Echo","arguments":[]})", "96 01 80 c0 a4 'Echo' 90 90"},
    {R"({"type":1,"invocationId":"","target":"Echo","arguments":[]})", "95 01 80 a0 a4 'Echo' 90"},
    {R"({"type":1,"headers":{"a":"b","c":"d"},"target":"t","arguments":[1,-1,1.5,null,true]})",
     "95 01 82 a1 'a' a1 'b' a1 'c' a1 'd' c0 a1 't' 95 01 ff cb 3ff8000000000000 c0 c3"},
    {R"({"type":1,"target":"t","arguments":[18446744073709551615,-9223372036854775808]})",
     "95 01 80 c0 a1 't' 92 cf ffffffffffffffff d3 8000000000000000"},
    {R"({"type":1,"target":"t","arguments":[{"k":[1,{"l":"caf\u00e9"}]},[],{}]})",
     "95 01 80 c0 a1 't' 93 81 a1 'k' 92 01 81 a1 'l' a5 'caf' c3a9 90 80"},
    {R"({"type":1,"invocationId":"7","target":"Sum","arguments":[],"streamIds":["a","b"]})",
     "96 01 80 a1 '7' a3 'Sum' 90 92 a1 'a' a1 'b'"},
    {R"({"type":4,"invocationId":"8","target":"Count","arguments":[3]})", "96 04 80 a1 '8' a5 'Count' 91 03 90"},
    {R"({"type":2,"invocationId":"s","item":{"a":1}})", "94 02 80 a1 's' 81 a1 'a' 01"},
    {R"({"type":2,"invocationId":"s","item":null})", "94 02 80 a1 's' c0"},
    {R"({"type":3,"invocationId":"s"})", "94 03 80 a1 's' 02"},
    {R"({"type":3,"invocationId":"s","result":42})", "95 03 80 a1 's' 03 2a"},
    {R"({"type":3,"invocationId":"s","result":null})", "95 03 80 a1 's' 03 c0"},
    {R"({"type":3,"invocationId":"s","error":"oops"})", "95 03 80 a1 's' 01 a4 'oops'"},
    {R"({"type":3,"invocationId":"s","error":""})", "95 03 80 a1 's' 01 a0"},
    {R"({"type":5,"invocationId":"7"})", "93 05 80 a1 '7'"},
    {R"({"type":6})", "91 06"},
    {R"({"type":7})", "92 07 c0"},
    {R"({"type":7,"error":"bye"})", "92 07 a3 'bye'"},
    {R"({"type":7,"error":"bye","allowReconnect":true})", "93 07 a3 'bye' c3"},
    {R"({"type":7,"allowReconnect":false})", "93 07 c0 c2"},
    {R"({"type":8,"sequenceId":9223372036854775807})", "92 08 cf 7fffffffffffffff"},
    {R"({"type":9,"sequenceId":-1})", "92 09 ff"},
    {R"({"type":6,"more":[1,{}]})", "92 06 92 01 80"},
    {R"({"type":8,"sequenceId":0})", "92 08 00"},
    {R"({"type":9,"sequenceId":-9223372036854775808})", "92 09 d3 8000000000000000"},
    {R"({"type":4,"headers":{"a":"b"},"invocationId":"8","target":"Count","arguments":[],"streamIds":["s"]})",
     "96 04 81 a1 'a' a1 'b' a1 '8' a5 'Count' 90 91 a1 's'"},
    {R"({"type":2,"headers":{"a":"b"},"invocationId":"s","item":[]})", "94 02 81 a1 'a' a1 'b' a1 's' 90"},
    {R"({"type":3,"headers":{"a":"b"},"invocationId":"s","result":"x"})", "95 03 81 a1 'a' a1 'b' a1 's' 03 a1 'x'"},
    {R"({"type":5,"headers":{"a":"b"},"invocationId":"s"})", "93 05 81 a1 'a' a1 'b' a1 's'"},
    {R"({"type":7,"error":""})", "92 07 a0"},
    {R"({"type":0})", "91 00", outcome::skipped},
    {R"({"type":-1})", "91 ff", outcome::skipped},
    {R"({"type":10,"anything":1})", "92 0a 01", outcome::skipped},
    {R"({"type":2147483647})", "91 ce 7fffffff", outcome::skipped},
    {"", "", outcome::failed},
    {"1", "01", outcome::failed},
    {"{}", "90", outcome::failed},
    {R"({"type":"6"})", "91 a1 '6'", outcome::failed},
    {R"({"type":null})", "91 c0", outcome::failed},
    {R"({"type":6.0})", "91 cb 4018000000000000", outcome::failed},
    {R"({"type":true})", "91 c3", outcome::failed},
    {R"({"type":[6]})", "91 91 06", outcome::failed},
    {"[]", "80", outcome::failed},
    {"null", "c0", outcome::failed},
    {R"("x")", "a1 'x'", outcome::failed},
    {R"({"type":18446744073709551615})", "91 cf ffffffffffffffff", outcome::failed},
    {R"({"type":2147483648})", "91 ce 80000000", outcome::failed},
    {R"({"type":1,"invocationId":7,"target":"t","arguments":[]})", "95 01 80 07 a1 't' 90", outcome::failed},
    {R"({"type":1,"target":7,"arguments":[]})", "95 01 80 c0 07 90", outcome::failed},
    {R"({"type":1,"arguments":[]})", "94 01 80 c0", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"headers":[]})", "95 01 90 c0 a1 't' 90", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"headers":{"a":1}})", "95 01 81 a1 'a' 01 c0 a1 't' 90", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"streamIds":{}})", "96 01 80 c0 a1 't' 90 80", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"streamIds":[1]})", "96 01 80 c0 a1 't' 90 91 01", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"streamIds":[null]})", "96 01 80 c0 a1 't' 90 91 c0", outcome::failed},
    {R"({"type":1,"target":null,"arguments":[]})", "95 01 80 c0 c0 90", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"headers":null})", "95 01 c0 c0 a1 't' 90", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"headers":{"a":null}})", "95 01 81 a1 'a' c0 c0 a1 't' 90", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"headers":{"a":{}}})", "95 01 81 a1 'a' 80 c0 a1 't' 90", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"streamIds":null})", "96 01 80 c0 a1 't' 90 c0", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"streamIds":[["a"]]})", "96 01 80 c0 a1 't' 90 91 91 a1 'a'", outcome::failed},
    {R"({"type":4,"invocationId":7,"target":"t","arguments":[]})", "95 04 80 07 a1 't' 90", outcome::failed},
    {R"({"type":4,"invocationId":"8","arguments":[]})", "93 04 80 a1 '8'", outcome::failed},
    {R"({"type":4,"target":"t","arguments":[]})", "95 04 80 c0 a1 't' 90", outcome::failed},
    {R"({"type":4,"invocationId":"","target":"t","arguments":[]})", "95 04 80 a0 a1 't' 90", outcome::failed},
    {R"({"type":2,"item":1})", "92 02 80", outcome::failed},
    {R"({"type":2,"invocationId":"","item":1})", "94 02 80 a0 01", outcome::failed},
    {R"({"type":2,"invocationId":null,"item":1})", "94 02 80 c0 01", outcome::failed},
    {R"({"type":2,"invocationId":"s","item":1,"headers":[]})", "94 02 90 a1 's' 01", outcome::failed},
    {R"({"type":3})", "92 03 80", outcome::failed},
    {R"({"type":3,"invocationId":""})", "94 03 80 a0 02", outcome::failed},
    {R"({"type":3,"invocationId":"s","headers":[]})", "94 03 90 a1 's' 02", outcome::failed},
    {R"({"type":3,"invocationId":1})", "94 03 80 01 02", outcome::failed},
    {R"({"type":3,"invocationId":"s","error":1})", "95 03 80 a1 's' 01 01", outcome::failed},
    {R"({"type":3,"invocationId":"s","error":"a","result":1})", "95 03 80 a1 's' 04 01", outcome::failed},
    {R"({"type":5})", "92 05 80", outcome::failed},
    {R"({"type":5,"invocationId":""})", "93 05 80 a0", outcome::failed},
    {R"({"type":5,"invocationId":null})", "93 05 80 c0", outcome::failed},
    {R"({"type":5,"invocationId":5})", "93 05 80 05", outcome::failed},
    {R"({"type":5,"invocationId":"s","headers":1})", "93 05 01 a1 's'", outcome::failed},
    {R"({"type":7,"allowReconnect":null})", "93 07 c0 c0", outcome::failed},
    {R"({"type":7,"allowReconnect":"true"})", "93 07 c0 a4 'true'", outcome::failed},
    {R"({"type":7,"allowReconnect":1})", "93 07 c0 01", outcome::failed},
    {R"({"type":7,"error":1})", "92 07 01", outcome::failed},
    {R"({"type":8})", "91 08", outcome::failed},
    {R"({"type":8,"sequenceId":null})", "92 08 c0", outcome::failed},
    {R"({"type":8,"sequenceId":1.5})", "92 08 cb 3ff8000000000000", outcome::failed},
    {R"({"type":8,"sequenceId":9223372036854775808})", "92 08 cf 8000000000000000", outcome::failed},
    {R"({"type":9,"sequenceId":"1"})", "92 09 a1 '1'", outcome::failed},
};

/// What ASP.NET Core itself takes in one encoding and not in the other. In MessagePack a call without whole arguments is there, though
/// nobody can bind it.
struct torn_message {
    std::string_view json;
    outcome json_verdict;
    std::string_view messagepack;
    outcome messagepack_verdict;
};

constexpr torn_message torn_messages[]{
    {R"({"type":1,"target":"","arguments":[]})", outcome::message, "95 01 80 c0 a0 90", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"headers":{"a":""}})", outcome::message, "95 01 81 a1 'a' a0 c0 a1 't' 90", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"headers":{"":"b"}})", outcome::message, "95 01 81 a0 a1 'b' c0 a1 't' 90", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"headers":{"a":"1","a":"2"}})", outcome::message,
     "95 01 82 a1 'a' a1 '1' a1 'a' a1 '2' c0 a1 't' 90", outcome::failed},
    {R"({"type":1,"target":"t","arguments":[],"streamIds":[""]})", outcome::message, "96 01 80 c0 a1 't' 90 91 a0", outcome::failed},
    {R"({"type":1,"invocationId":null,"target":"t","arguments":[]})", outcome::failed, "95 01 80 c0 a1 't' 90", outcome::message},
    {R"({"type":1,"target":"t"})", outcome::failed, "94 01 80 c0 a1 't'", outcome::message},
    {R"({"type":1,"target":"t","arguments":null})", outcome::failed, "95 01 80 c0 a1 't' c0", outcome::message},
    {R"({"type":4,"invocationId":"8","target":"t","arguments":{}})", outcome::failed, "95 04 80 a1 '8' a1 't' 80", outcome::message},
    {R"({"type":1,"target":"t","arguments":[1)", outcome::failed, "95 01 80 c0 a1 't' 92 01", outcome::message},
    {R"({"type":2,"invocationId":"s"})", outcome::failed, "93 02 80 a1 's'", outcome::message},
    {R"({"type":6,"more":[1})", outcome::failed, "92 06 92 01", outcome::message},
    {R"({"type":7,"error":null})", outcome::failed, "92 07 c0", outcome::message},
    // Text that is no Unicode is read with U+FFFD in MessagePack.
    {R"({"type":1,"target":"\ud800","arguments":[]})", outcome::failed, "95 01 80 c0 a1 ff 90", outcome::message},
    {R"({"type":1,"invocationId":"\ud800","target":"t","arguments":[]})", outcome::failed, "95 01 80 a1 ff a1 't' 90", outcome::message},
    {R"({"type":1,"target":"t","arguments":[],"headers":{"a":"\ud800"}})", outcome::failed, "95 01 81 a1 'a' a1 ff c0 a1 't' 90", outcome::message},
    {R"({"type":1,"target":"t","arguments":[],"headers":{"\ud800":"a"}})", outcome::failed, "95 01 81 a1 ff a1 'a' c0 a1 't' 90", outcome::message},
    {R"({"type":1,"target":"t","arguments":[],"streamIds":["\ud800"]})", outcome::failed, "96 01 80 c0 a1 't' 90 91 a1 ff", outcome::message},
    {R"({"type":3,"invocationId":"s","error":"\ud800"})", outcome::failed, "95 03 80 a1 's' 01 a1 ff", outcome::message},
    {R"({"type":7,"error":"\ud800"})", outcome::failed, "92 07 a1 ff", outcome::message},
};

struct parsed {
    parsed(hub_protocol& protocol, std::string framed, std::size_t maximum_values) : bytes(std::move(framed)), values(maximum_values) {
        result = protocol.parse(bytes, values, message);
    }
    std::string bytes;
    tape values;
    hub_message message;
    parse_result result;

    std::optional<value> of(const token* first) const {
        if (first == nullptr || (first->kind == value_kind::list && first->size == 0)) return std::nullopt;
        value_reader reader(first, message.encoding);
        value made;
        EXPECT_TRUE(codec<value>::read(reader, made));
        return made;
    }
};

parsed from_json(std::string_view text, std::size_t maximum_values = 10'000) {
    json_protocol protocol(false);
    return parsed(protocol, std::string(text) + '\x1e', maximum_values);
}
parsed from_messagepack(std::string_view hexadecimal, std::size_t maximum_values = 10'000) {
    messagepack_protocol protocol;
    const std::string payload = from_hexadecimal(hexadecimal);
    return parsed(protocol, static_cast<char>(payload.size()) + payload, maximum_values);
}

class both_protocols : public testing::TestWithParam<logical_message> {};

TEST_P(both_protocols, come_to_the_same_verdict) {
    const parsed left = from_json(GetParam().json);
    const parsed right = from_messagepack(GetParam().messagepack);
    EXPECT_EQ(left.result.what, GetParam().verdict) << left.result.error;
    ASSERT_EQ(right.result.what, GetParam().verdict) << right.result.error;
    EXPECT_EQ(left.result.error.empty(), right.result.error.empty());
    if (GetParam().verdict != outcome::message) return;
    EXPECT_EQ(left.message.type, right.message.type);
    EXPECT_EQ(left.message.invocation_id, right.message.invocation_id);
    EXPECT_EQ(left.message.target, right.message.target);
    EXPECT_EQ(left.message.has_error, right.message.has_error);
    EXPECT_EQ(left.message.error, right.message.error);
    EXPECT_EQ(left.message.has_result, right.message.has_result);
    EXPECT_EQ(left.message.allow_reconnect, right.message.allow_reconnect);
    EXPECT_EQ(left.message.sequence_id, right.message.sequence_id);
    EXPECT_EQ(left.message.has_broken_values, right.message.has_broken_values);
    EXPECT_EQ(left.message.arguments == nullptr, right.message.arguments == nullptr);
    EXPECT_EQ(left.of(left.message.arguments), right.of(right.message.arguments));
    EXPECT_EQ(left.of(left.message.stream_ids), right.of(right.message.stream_ids));
    EXPECT_EQ(left.of(left.message.item), right.of(right.message.item));
    EXPECT_EQ(left.of(left.message.result), right.of(right.message.result));
}

INSTANTIATE_TEST_SUITE_P(messages, both_protocols, testing::ValuesIn(messages));

TEST(both_readers, differ_only_where_dot_net_does) {
    for (const auto& [json, json_verdict, messagepack, messagepack_verdict] : torn_messages) {
        EXPECT_EQ(from_json(json).result.what, json_verdict) << json;
        EXPECT_EQ(from_messagepack(messagepack).result.what, messagepack_verdict) << messagepack;
    }
}

TEST(both_readers, have_the_same_limit_of_values_and_the_same_words_for_it) {
    const parsed left = from_json(R"({"type":1,"target":"t","arguments":[1,2,3,4,5,6]})", 8);
    const parsed right = from_messagepack("95 01 80 c0 a1 't' 96 01 02 03 04 05 06", 8);
    EXPECT_EQ(left.result.error, "InvalidDataException: The message has too many values.");
    EXPECT_EQ(right.result.error, left.result.error);
}

}  // namespace
}  // namespace asignalr::detail
