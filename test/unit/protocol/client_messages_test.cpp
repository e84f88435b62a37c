// SPDX-License-Identifier: MIT
// What clients say and read: exact, and understood by the readers that servers have.

#include "hexadecimal.hpp"
#include "protocol/handshake_message.hpp"
#include "protocol/json_protocol.hpp"
#include "protocol/messagepack_protocol.hpp"
#include "protocol/negotiate_message.hpp"

#include <asignalr/serialize/codec.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace asignalr::detail {
namespace {

std::string call(hub_protocol& protocol, const outgoing_call& what, const std::vector<std::string>& arguments = {}) {
    std::string out = "before";
    value_writer& writer = protocol.begin_call(out, what);
    for (const std::string& one : arguments)
        writer.text(one);
    protocol.end_call(what);
    return out.substr(6);
}

std::string cancel(hub_protocol& protocol, std::string_view id) {
    std::string out;
    protocol.write_cancel(out, id);
    return out;
}

const std::vector<std::string> two_uploads{"8", "\"9"};
constexpr auto stream = message_type::stream_invocation;

TEST(client_messages, are_written_as_the_net_client_writes_them) {
    json_protocol json(false);
    EXPECT_EQ(call(json, {.target = "Echo"}), "{\"type\":1,\"target\":\"Echo\",\"arguments\":[]}\x1e");
    EXPECT_EQ(
        call(json, {.invocation_id = "7", .target = "\"", .argument_count = 2}, {"a", "b"}),
        "{\"type\":1,\"invocationId\":\"7\",\"target\":\"\\\"\",\"arguments\":[\"a\",\"b\"]}\x1e");
    EXPECT_EQ(
        call(json, {.type = stream, .invocation_id = "7", .target = "S", .stream_ids = two_uploads}),
        "{\"type\":4,\"invocationId\":\"7\",\"target\":\"S\",\"arguments\":[],\"streamIds\":[\"8\",\"\\\"9\"]}\x1e");
    EXPECT_EQ(cancel(json, "7\\"), "{\"type\":5,\"invocationId\":\"7\\\\\"}\x1e");
}

TEST(client_messages, are_lists_in_messagepack) {
    messagepack_protocol messagepack;
    EXPECT_EQ(call(messagepack, {.target = "Echo"}), from_hexadecimal("0b 96 01 80 c0 a4 'Echo' 90 90"));
    EXPECT_EQ(
        call(messagepack, {.invocation_id = "7", .target = "E", .argument_count = 2}, {"a", "b"}),
        from_hexadecimal("0d 96 01 80 a1 '7' a1 'E' 92 a1 'a' a1 'b' 90"));
    EXPECT_EQ(
        call(messagepack, {.type = stream, .invocation_id = "7", .target = "S", .stream_ids = two_uploads}),
        from_hexadecimal("0e 96 04 80 a1 '7' a1 'S' 90 92 a1 '8' a2 22 '9'"));
    EXPECT_EQ(cancel(messagepack, "7"), from_hexadecimal("05 93 05 80 a1 '7'"));
}

TEST(client_messages, are_read_as_they_were_meant) {
    json_protocol json(false);
    messagepack_protocol messagepack;
    for (hub_protocol* protocol : {static_cast<hub_protocol*>(&json), static_cast<hub_protocol*>(&messagepack)}) {
        tape values(1000);
        hub_message message;
        const std::string made = call(
            *protocol, {.type = stream, .invocation_id = "7", .target = "S", .argument_count = 1, .stream_ids = two_uploads}, {"x"});
        EXPECT_EQ(protocol->find_message(made, 0).size, made.size());
        ASSERT_EQ(protocol->parse(made, values, message).what, parse_result::outcome::message);
        EXPECT_EQ(message.type, stream);
        EXPECT_EQ(message.invocation_id, "7");
        EXPECT_EQ(message.target, "S");
        EXPECT_EQ(message.arguments->size, 1u);
        ASSERT_NE(message.stream_ids, nullptr);
        value_reader ids(message.stream_ids, message.encoding);
        std::vector<std::string> read;
        EXPECT_TRUE(codec<std::vector<std::string>>::read(ids, read));
        EXPECT_EQ(read, two_uploads);
        const std::string ended = cancel(*protocol, "7");
        ASSERT_EQ(protocol->parse(ended, values, message).what, parse_result::outcome::message);
        EXPECT_EQ(message.type, message_type::cancel_invocation);
        EXPECT_EQ(message.invocation_id, "7");
    }
}

TEST(client_messages, begin_with_a_handshake) {
    const std::string message = handshake_for("json");
    EXPECT_EQ(message, "{\"protocol\":\"json\",\"version\":1}\x1e");
    tape values(100);
    const handshake_request request = parse_handshake(std::string_view(message).substr(0, message.size() - 1), values);
    EXPECT_EQ(request.error, "");
    EXPECT_EQ(request.protocol, "json");
    EXPECT_EQ(request.version, 1);
}

TEST(client_messages, tell_what_the_server_said_to_the_handshake) {
    tape values(100);
    EXPECT_EQ(handshake_error("{}", values), "");
    EXPECT_EQ(handshake_error("{\"minorVersion\":[1,{}]}", values), "");
    const std::string refusal = handshake_refused("no \"way\"");
    EXPECT_EQ(handshake_error(std::string_view(refusal).substr(0, refusal.size() - 1), values), "no \"way\"");
    for (const char* wrong : {"", "[]", "{", "HTTP/1.1"})
        EXPECT_EQ(handshake_error(wrong, values), "The answer to the handshake is no JSON object.") << wrong;
}

TEST(client_messages, read_what_was_negotiated) {
    tape values(100);
    negotiated answer = parse_negotiate_answer(negotiate_answer(1, "id", "token", {}), values);
    EXPECT_EQ(answer.connection_id, "id");
    EXPECT_EQ(answer.connection_token, "token");
    EXPECT_EQ(answer.error, "");
    answer = parse_negotiate_answer(negotiate_answer(0, "id", "token", {}), values);
    EXPECT_EQ(answer.connection_id, "token");
    EXPECT_EQ(answer.connection_token, "token");
    EXPECT_EQ(parse_negotiate_answer(negotiate_refused("no"), values).error, "no");
    EXPECT_EQ(parse_negotiate_answer("{}", values).error, "The answer to negotiate names no connection.");
    EXPECT_EQ(parse_negotiate_answer("<html>", values).error, "The answer to negotiate is no JSON object.");
}

}  // namespace
}  // namespace asignalr::detail
