// SPDX-License-Identifier: MIT
#include "../protocol/hexadecimal.hpp"
#include "server_fixture.hpp"

#include <cstdint>
#include <stdexcept>

namespace asignalr::detail {
namespace {

// Messages of the server, one a line.
std::string lines(std::initializer_list<std::string_view> messages) {
    std::string text;
    for (const std::string_view message : messages)
        text += to_hexadecimal(from_hexadecimal(message)) + "\n";
    return text;
}

std::string text_value(std::string_view text) {
    std::string bytes = text.size() < 32 ? std::string(1, static_cast<char>(0xa0 | text.size()))
                                         : "\xd9" + std::string(1, static_cast<char>(text.size()));
    return to_hexadecimal(bytes.append(text));
}

class messagepack_test : public server_fixture {
protected:
    raw_client connect_messagepack(std::string_view handshake = messagepack_handshake) {
        raw_client client = connect_websocket();
        client.has_lengths = true;
        client.write(client_frame(handshake));
        settle(client);
        EXPECT_EQ(client.take_messages(), "{}\n");
        return client;
    }
    std::string tell(raw_client& client, std::string_view message) {
        client.send_messagepack(message);
        settle(client);
        return client.take_messages();
    }
    void expect_closed(std::string_view message, std::string_view error) {
        start_once({.detailed_errors = true});
        raw_client client = connect_messagepack();
        const std::string text = "Connection closed with an error. " + std::string(error);
        EXPECT_EQ(tell(client, message), lines({"93 07" + text_value(text) + "c3"})) << message;
        EXPECT_EQ(client.close_code, 1000u);
    }
    void start_once(hub_options options) {
        if (!core_) start(std::move(options));
    }
};

TEST_F(messagepack_test, is_chosen_in_the_handshake_and_answered_in_binary_frames) {
    start();
    for (const std::string_view name : {"messagepack", "MessagePack", "MESSAGEPACK"}) {
        raw_client client = connect_messagepack("{\"protocol\":\"" + std::string(name) + "\",\"version\":1}\x1e");
        EXPECT_EQ(tell(client, "95 01 80 a1 '1' a4 'Echo' 91 a1 'x'"), lines({"95 03 80 a1 '1' 03 a1 'x'"}));
        EXPECT_EQ(client.opcodes, "22");
    }
    raw_client json = connect_hub();
    EXPECT_EQ(call(json, "Echo", "\"x\""), "{\"type\":3,\"invocationId\":\"1\",\"result\":\"x\"}\n");
    EXPECT_EQ(json.opcodes, "11");
}

TEST_F(messagepack_test, tells_the_hub_which_protocol_it_is) {
    start();
    raw_client client = connect_messagepack();
    const std::string answer = tell(client, "95 01 80 a1 '1' a5 'Asked' 91 a1 'q'");
    EXPECT_NE(answer.find(to_hexadecimal("messagepack")), std::string::npos);
}

TEST_F(messagepack_test, a_refused_handshake_is_text) {
    start();
    raw_client client = connect_websocket();
    client.write(client_frame("{\"protocol\":\"messagepack\",\"version\":3}\x1e"));
    settle(client);
    EXPECT_EQ(client.take_messages(), "{\"error\":\"The server does not support version 3 of the 'messagepack' protocol.\"}\n");
    EXPECT_EQ(client.opcodes, "1");
}

TEST_F(messagepack_test, protocols_can_be_left_out) {
    EXPECT_THROW(start({.protocols = {.json = false, .messagepack = false}}), std::logic_error);
    start({.protocols = {.messagepack = false}});
    raw_client client = connect_websocket();
    client.write(client_frame(messagepack_handshake));
    settle(client);
    EXPECT_EQ(client.take_messages(), "{\"error\":\"The protocol 'messagepack' is not supported.\"}\n");
    connect_hub();
}

TEST_F(messagepack_test, calls_and_errors) {
    start();
    raw_client client = connect_messagepack();
    EXPECT_EQ(tell(client, "96 01 80 a1 '1' a3 'Add' 92 01 d1 ff38 90"), lines({"95 03 80 a1 '1' 03 d1 ff39"}));
    EXPECT_EQ(tell(client, "96 01 80 a1 '2' a3 'add' 92 01 02 90"), lines({"95 03 80 a1 '2' 03 03"}));
    EXPECT_EQ(tell(client, "95 01 80 c0 a3 'Add' 92 01 02"), "");
    EXPECT_EQ(tell(client, "95 01 80 a1 '3' a8 'Remember' 91 a1 'x'"), lines({"95 03 80 a1 '3' 03 c0"}));
    EXPECT_EQ(tell(client, "95 01 80 a1 '4' aa 'NotANumber' 90"), lines({"95 03 80 a1 '4' 03 cb 7ff8000000000000"}));
    EXPECT_EQ(tell(client, "95 01 80 a1 '5' a7 'Natural' 91 cf ffffffffffffffff"), lines({"95 03 80 a1 '5' 03 cf ffffffffffffffff"}));
    const auto error = [](std::string_view text) { return lines({"95 03 80 a1 '1' 01" + text_value(text)}); };
    EXPECT_EQ(tell(client, "95 01 80 a1 '1' a4 'Fail' 91 a3 'hub'"),
              error("An unexpected error occurred invoking 'Fail' on the server. HubException: shown"));
    EXPECT_EQ(tell(client, "95 01 80 a1 '1' a4 'None' 90"),
              error("Failed to invoke 'None' due to an error on the server. HubException: Method does not exist."));
    EXPECT_EQ(tell(client, "95 01 80 a1 '1' a2 'N\xff' 90"),
              error("Failed to invoke 'N\xef\xbf\xbd' due to an error on the server. HubException: Method does not exist."));
}

TEST_F(messagepack_test, arguments_that_do_not_fit_fail_the_call_alone) {
    start({.detailed_errors = true});
    raw_client client = connect_messagepack();
    const auto error = [](std::string_view details) {
        return lines({"95 03 80 a1 '1' 01 " + text_value("Failed to invoke 'Add' due to an error on the server. InvalidDataException: " + std::string(details))});
    };
    constexpr std::string_view binding =
        "Error binding arguments. Make sure that the types of the provided values match the types of the hub method being invoked.";
    const std::string start_of_call = "96 01 80 a1 '1' a3 'Add' ";
    for (const char* arguments : {"92 01 a1 '2' 90", "92 01 cb 4000000000000000 90", "92 01 ce 80000000 90", "92 01 c0 90", "92 01 d6 ff 00000000 90",
                                  "92 01", "92 01 c1", "92 01 db ffffffff", "92 01 a1 ff 90", "92 01 91 91 91"})
        EXPECT_EQ(tell(client, start_of_call + arguments), error(binding)) << arguments;
    for (const char* arguments : {"c0", "02", "dd ffffffff", "", "c1"})
        EXPECT_EQ(tell(client, start_of_call + arguments), error("Reading array length for 'arguments' failed.")) << arguments;
    EXPECT_EQ(tell(client, start_of_call + "91 01 90"), error("Invocation provides 1 argument(s) but target expects 2."));
    EXPECT_EQ(tell(client, start_of_call + "92 01 02 90"), lines({"95 03 80 a1 '1' 03 03"}));
}

TEST_F(messagepack_test, streams_and_uploads) {
    start();
    raw_client client = connect_messagepack();
    EXPECT_EQ(tell(client, "96 04 80 a1 '1' a5 'Count' 91 02 90"),
              lines({"94 02 80 a1 '1' 01", "94 02 80 a1 '1' 02", "94 03 80 a1 '1' 02"}));
    EXPECT_EQ(tell(client, "96 04 80 a1 '2' a7 'Endless' 90 90"), lines({"94 02 80 a1 '2' 01"}));
    EXPECT_EQ(tell(client, "93 05 80 a1 '2'"), lines({"94 03 80 a1 '2' 02"}));
    EXPECT_EQ(tell(client, "96 01 80 a1 '3' a3 'Sum' 90 91 a1 'u'"), "");
    for (const char* item : {"01", "cc ff", "ff"})
        EXPECT_EQ(tell(client, "94 02 80 a1 'u' " + std::string(item)), "");
    EXPECT_EQ(tell(client, "94 03 80 a1 'u' 02"), lines({"95 03 80 a1 '3' 03 cc ff"}));
    EXPECT_EQ(tell(client, "96 01 80 a1 '4' a3 'Sum' 90 91 a1 'u'"), "");
    EXPECT_EQ(tell(client, "95 03 80 a1 'u' 01 a4 'oops'").substr(0, 12), "950380a13401");
    EXPECT_EQ(tell(client, "96 01 80 a1 '5' a3 'Sum' 90 91 a1 'u'"), "");
    EXPECT_EQ(tell(client, "94 02 80 a1 'u' a1 'x'").substr(0, 12), "950380a13501");
    EXPECT_EQ(tell(client, "94 02 80 a1 '?' c1"), "");  // nobody's
}

TEST_F(messagepack_test, a_broadcast_is_written_once_for_each_protocol_in_use) {
    start();
    raw_client json = connect_hub();
    raw_client other_json = connect_hub();
    const std::string say = invocation_message("", "Say", R"("all",[],"hi")");
    std::uint64_t before = count().serializations;
    EXPECT_EQ(ask(json, say), "{\"type\":1,\"target\":\"heard\",\"arguments\":[\"hi\"]}\n");
    EXPECT_EQ(count().serializations, before + 1);

    raw_client packed = connect_messagepack();
    raw_client other_packed = connect_messagepack();
    before = count().serializations;
    EXPECT_EQ(ask(json, say), "{\"type\":1,\"target\":\"heard\",\"arguments\":[\"hi\"]}\n");
    EXPECT_EQ(count().serializations, before + 2);
    for (raw_client* client : {&packed, &other_packed}) {
        settle(*client);
        EXPECT_EQ(client->take_messages(), lines({"96 01 80 c0 a5 'heard' 91 a2 'hi' 90"}));
    }
    settle(other_json);
    EXPECT_EQ(other_json.messages.size(), 2u);

    json.leave();
    other_json.leave();
    run();
    before = count().serializations;
    EXPECT_EQ(tell(packed, "95 01 80 c0 a3 'Say' 93 a3 'all' 90 a2 'hi'"), lines({"96 01 80 c0 a5 'heard' 91 a2 'hi' 90"}));
    EXPECT_EQ(count().serializations, before + 1);
}

TEST_F(messagepack_test, what_json_cannot_say_reaches_those_who_speak_messagepack) {
    start();
    raw_client packed = connect_messagepack();
    EXPECT_EQ(tell(packed, "95 01 80 c0 ad 'SayNotANumber' 90"), lines({"96 01 80 c0 a5 'heard' 91 cb 7ff8000000000000 90"}));
    raw_client json = connect_hub();
    EXPECT_EQ(tell(packed, "95 01 80 c0 ad 'SayNotANumber' 90"), lines({"96 01 80 c0 a5 'heard' 91 cb 7ff8000000000000 90"}));
    EXPECT_EQ(count().sends_failed, 1u);
    ASSERT_EQ(log_->important.size(), 1u);
    EXPECT_NE(log_->important[0].find("json"), std::string::npos) << log_->important[0];
    settle(json);
    EXPECT_EQ(json.take_messages(), "");
    EXPECT_EQ(call(json, "Add", "1,2"), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n");
}

TEST_F(messagepack_test, pings_both_ways) {
    start();
    raw_client client = connect_messagepack();
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(tell(client, "91 06"), "");
        pass(std::chrono::seconds(16));
        settle(client);
    }
    EXPECT_GE(client.pings, 2u);
    EXPECT_FALSE(client.is_over());
    pass(std::chrono::seconds(31));
    settle(client);
    EXPECT_EQ(client.take_messages(), lines({"93 07" + text_value("Connection closed with an error.") + "c3"}));
}

TEST_F(messagepack_test, closes_both_ways) {
    start();
    raw_client leaving = connect_messagepack();
    EXPECT_EQ(tell(leaving, "92 07 a3 'bye'"), lines({"93 07 c0 c2"}));
    EXPECT_EQ(leaving.close_code, 1000u);
    EXPECT_EQ(world_->times("disconnected:bye"), 1u);
    raw_client aborted = connect_messagepack();
    EXPECT_EQ(tell(aborted, "95 01 80 a1 '1' a5 'Abort' 90"), lines({"93 07 c0 c2"}));
}

TEST_F(messagepack_test, a_broken_message_closes_with_its_error) {
    expect_closed("91 c0", "InvalidDataException: Reading 'messageType' as Int32 failed.");
    expect_closed("95 01 c0 c0 a1 't' 90", "InvalidDataException: Reading map length for 'headers' failed.");
    expect_closed("95 01 80 c0 a0 90", "InvalidDataException: Null or empty target for Invocation message.");
    expect_closed("", "InvalidDataException: Error reading MessagePack.");
    expect_closed("82 01", "InvalidDataException: Error reading MessagePack.");
    EXPECT_EQ(count().malformed_messages, 5u);
}

// S31: in the arguments it is a matter of the call, elsewhere of the message.
TEST_F(messagepack_test, deep_nesting_fails_the_call_or_closes) {
    start();
    std::string deep;
    for (int level = 0; level < 16'000; ++level)
        deep += "91 ";
    raw_client client = connect_messagepack();
    EXPECT_EQ(
        tell(client, "95 01 80 a1 '1' a4 'Echo' 91 " + deep + "00"),
        lines({"95 03 80 a1 '1' 01" + text_value("Failed to invoke 'Echo' due to an error on the server.")}));
    EXPECT_EQ(tell(client, "92 06 " + deep + "00"), "") << "what stands behind a ping is not looked at";
    EXPECT_EQ(tell(client, "95 01 80 a1 '2' a4 'Echo' 91 a1 'x'"), lines({"95 03 80 a1 '2' 03 a1 'x'"}));
    EXPECT_EQ(
        tell(client, "95 01 81 a1 'k' " + deep + "00 c0 a4 'Echo' 91 00"),
        lines({"93 07" + text_value("Connection closed with an error.") + "c3"}));
    EXPECT_EQ(count().malformed_messages, 1u);
}

TEST_F(messagepack_test, a_length_over_two_gigabytes_closes) {
    start({.detailed_errors = true});
    raw_client client = connect_messagepack();
    client.write(client_frame("\xff\xff\xff\xff\x7f", 0x82));
    settle(client);
    const std::string text = "Connection closed with an error. FormatException: Messages over 2GB in size are not supported.";
    EXPECT_EQ(client.take_messages(), lines({"93 07" + text_value(text) + "c3"}));
}

TEST_F(messagepack_test, a_length_over_the_limit_closes_before_the_message_is_there) {
    start({.detailed_errors = true, .maximum_receive_message_size = 100});
    raw_client client = connect_messagepack();
    const std::string fitting = "95 01 80 a1 '1' a4 'Echo' 91 d9 56 " + to_hexadecimal(std::string(86, 'x'));
    EXPECT_NE(tell(client, fitting), "");
    client.write(client_frame("\x64", 0x82));
    settle(client);
    EXPECT_NE(client.take_messages().find(to_hexadecimal("The maximum message size of 100B was exceeded.")), std::string::npos);
    EXPECT_EQ(count().oversized_messages, 1u);
}

TEST_F(messagepack_test, messages_may_be_cut_anywhere) {
    start();
    const std::string bytes = raw_client::messagepack_message("95 01 80 a1 '1' a4 'Echo' 91 a1 'x'") +
                              raw_client::messagepack_message("91 06") +
                              raw_client::messagepack_message("95 01 80 a1 '2' a4 'Echo' 91 d9 80" + to_hexadecimal(std::string(128, 'y')));
    const std::string answers =
        lines({"95 03 80 a1 '1' 03 a1 'x'", "95 03 80 a1 '2' 03 d9 80" + to_hexadecimal(std::string(128, 'y'))});
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        raw_client client = connect_messagepack();
        client.write(client_frame(std::string_view(bytes).substr(0, cut), 0x82));
        settle(client);
        client.write(client_frame(std::string_view(bytes).substr(cut), 0x82));
        settle(client);
        ASSERT_EQ(client.take_messages(), answers) << cut;
        client.leave();
        run();
    }
    raw_client bytewise = connect_websocket();
    bytewise.has_lengths = true;
    for (const char byte : std::string(messagepack_handshake) + bytes) {
        bytewise.write(client_frame({&byte, 1}, 0x82));
        settle(bytewise);
    }
    EXPECT_EQ(bytewise.take_messages(), "{}\n" + answers);
}

TEST_F(messagepack_test, a_message_may_stand_behind_the_handshake) {
    start();
    raw_client client = connect_websocket();
    client.has_lengths = true;
    client.write(client_frame(
        std::string(messagepack_handshake) + raw_client::messagepack_message("95 01 80 a1 '1' a4 'Echo' 91 a1 'x'"), 0x82));
    settle(client);
    EXPECT_EQ(client.take_messages(), "{}\n" + lines({"95 03 80 a1 '1' 03 a1 'x'"}));
}

}  // namespace
}  // namespace asignalr::detail
