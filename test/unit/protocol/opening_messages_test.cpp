// SPDX-License-Identifier: MIT
// The messages before the hub's own: negotiate and handshake.

#include "protocol/error_text.hpp"
#include "protocol/handshake_message.hpp"
#include "protocol/negotiate_message.hpp"

#include <gtest/gtest.h>

#include <array>

namespace asignalr::detail {
namespace {

handshake_request handshake(std::string_view message) {
    tape values(1000);
    return parse_handshake(message, values);
}

TEST(handshake, is_taken_apart) {
    const handshake_request request = handshake(R"({"protocol":"json","version":1})");
    EXPECT_EQ(request.error, "");
    EXPECT_EQ(request.protocol, "json");
    EXPECT_EQ(request.version, 1);
    EXPECT_EQ(handshake(R"({"x":[{}],"version":-5,"protocol":"messagepack","y":null})").version, -5);
    EXPECT_EQ(handshake(R"({"protocol":"","version":0})").error, "");
}

TEST(handshake, tells_what_is_wrong) {
    const std::pair<std::string, const char*> rows[]{
        {"[]", "InvalidDataException: Unexpected JSON Token Type 'Array'. Expected a JSON Object."},
        {"7", "InvalidDataException: Unexpected JSON Token Type 'Number'. Expected a JSON Object."},
        {R"({"protocol":1,"version":1})", "InvalidDataException: Expected 'protocol' to be of type String."},
        {R"({"protocol":null,"version":1})", "InvalidDataException: Expected 'protocol' to be of type String."},
        {R"({"protocol":"json","version":"1"})", "InvalidDataException: Expected 'version' to be of type Number."},
        {R"({"version":1})", "InvalidDataException: Missing required property 'protocol'. Message content: {\"version\":1}"},
        {R"({"protocol":"json"})", "InvalidDataException: Missing required property 'version'. Message content: {\"protocol\":\"json\"}"},
        {R"({"protocol":"a","version":null})", "InvalidDataException: Missing required property 'version'. Message content: "
                                               "{\"protocol\":\"a\",\"version\":null}"}};
    for (const auto& [message, details] : rows) {
        const handshake_request request = handshake(message);
        EXPECT_EQ(request.error, handshake_failed) << message;
        EXPECT_EQ(request.details, details);
    }
    for (const char* version : {"1.5", "2147483648", "1e0", "-2147483649", "18446744073709551615"})
        EXPECT_EQ(handshake("{\"protocol\":\"json\",\"version\":" + std::string(version) + "}").details,
                  "FormatException: Either the JSON value is not in a supported format, or is out of bounds for an Int32.")
            << version;
}

TEST(handshake, refuses_what_is_no_json) {
    for (const char* message : {"", "{", "json", "{\"protocol\":\"json\",\"version\":1"}) {
        EXPECT_EQ(handshake(message).error, handshake_failed) << message;
        EXPECT_TRUE(handshake(message).details.starts_with("JsonReaderException: ")) << message;
    }
}

TEST(handshake, answers) {
    EXPECT_EQ(handshake_accepted, "{}\x1e");
    EXPECT_EQ(handshake_refused("The protocol 'x\"' is not supported."), "{\"error\":\"The protocol 'x\\\"' is not supported.\"}\x1e");
}

TEST(negotiate, reads_the_version) {
    EXPECT_EQ(parse_negotiate(std::nullopt).version, 0);
    const std::pair<const char*, int> rows[]{{"0", 0}, {"1", 1}, {"2", 1}, {"99", 1}, {" 1 ", 1}, {"001", 1}, {"+1", 1}, {"\t1\r\n", 1}, {"-0", 0},
                                             {"2147483647", 1}};
    for (const auto& [text, version] : rows) {
        EXPECT_EQ(parse_negotiate(text).version, version) << text;
        EXPECT_EQ(parse_negotiate(text).error, "") << text;
    }
}

TEST(negotiate, refuses_versions) {
    for (const char* text : {"", " ", "x", "1x", "0x1", "1e0", "1,000", "1.0", "0,1", "+-1", "++1", "+", "-", "2147483648", "1 1"})
        EXPECT_EQ(parse_negotiate(text).error, "The client requested a non-integer protocol version.") << text;
    EXPECT_EQ(parse_negotiate("-1").error, "The client requested version '-1', but the server does not support this version.");
}

TEST(negotiate, answers_in_the_order_of_the_server_it_replaces) {
    const std::array<offered_transport, 2> offered{{{"WebSockets", true, true}, {"ServerSentEvents", true, false}}};
    EXPECT_EQ(negotiate_answer(1, "id", "token", offered),
              R"({"negotiateVersion":1,"connectionId":"id","connectionToken":"token","availableTransports":[{"transport":"WebSockets","transferFormats":["Text","Binary"]},{"transport":"ServerSentEvents","transferFormats":["Text"]}]})");
    EXPECT_EQ(negotiate_answer(0, "id", "token", {}), R"({"negotiateVersion":0,"connectionId":"token","availableTransports":[]})");
    EXPECT_EQ(negotiate_refused("no \"way\""), R"({"error":"no \"way\""})");
}

}  // namespace
}  // namespace asignalr::detail
