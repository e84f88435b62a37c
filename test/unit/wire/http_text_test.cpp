// SPDX-License-Identifier: MIT
#include "wire/http_response_head.hpp"
#include "wire/url.hpp"
#include "wire/websocket_handshake.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <string>
#include <utility>
#include <vector>

namespace asignalr::detail {
namespace {

TEST(http_response_head, writes_a_status_line) {
    std::string out;
    begin_response_head(out, 404);
    EXPECT_EQ(out, "HTTP/1.1 404 Not Found\r\n");
}

TEST(http_response_head, H16_a_header_cannot_end_its_line) {
    for (const std::string_view value : {std::string_view("a\r\nX: y"), std::string_view("a\nX: y"), std::string_view("a\rb"), std::string_view("a\0b", 3), std::string_view("\n")}) {
        std::string out;
        EXPECT_FALSE(add_response_header(out, "Location", value));
        EXPECT_EQ(out, "");
    }
    for (const char* name : {"", "a b", "a:", "a\r\nb", "\xc3\xa9"}) {
        std::string out;
        EXPECT_FALSE(add_response_header(out, name, "v")) << name;
        EXPECT_EQ(out, "");
    }
    std::string out;
    EXPECT_TRUE(add_response_header(out, "X-Name", "caf\xc3\xa9\t!"));
    EXPECT_EQ(out, "X-Name: caf\xc3\xa9\t!\r\n");
}

std::string date_by_the_c_library(std::time_t time) {
    char text[40];
    std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", std::gmtime(&time));
    return text;
}

TEST(http_response_head, writes_the_date_as_http_wants_it) {
    const std::time_t before = std::time(nullptr);
    const std::string date(http_date());
    const std::time_t after = std::time(nullptr);
    EXPECT_TRUE(date == date_by_the_c_library(before) || date == date_by_the_c_library(after)) << date;
    EXPECT_TRUE(http_date() == date || std::time(nullptr) > before);
}

TEST(url, splits_at_the_first_question_mark) {
    EXPECT_EQ(split("/a?b?c").path, "/a");
    EXPECT_EQ(split("/a?b?c").query, "b?c");
    EXPECT_EQ(split("/a").query, "");
    EXPECT_EQ(split("?").path, "");
}

TEST(url, H17_decodes_a_path_once) {
    EXPECT_EQ(decode_path("/a%20b"), "/a b");
    EXPECT_EQ(decode_path("/a%2541"), "/a%41");
    EXPECT_EQ(decode_path("/a%2Fb%2fc"), "/a%2Fb%2fc");
    EXPECT_EQ(decode_path("/a+b"), "/a+b");
    EXPECT_EQ(decode_path("/..."), "/...");
    EXPECT_EQ(decode_path("/a."), "/a.");
    EXPECT_EQ(decode_path(""), "");
    EXPECT_EQ(decode_path("/%41"), "/A");
}

TEST(url, H17_refuses_paths_that_change_the_route) {
    for (const char* path : {"/%00", "/a%00b", "/..", "/../a", "/a/..", "/a/../b", "/a/./b", "/%2e%2e/a", "/%2E/a", "/a\\..\\b", "/a%5c..",
                             "/%", "/%4", "/%4g", "/%g4", "/a%"})
        EXPECT_EQ(decode_path(path), std::nullopt) << path;
}

TEST(url, decodes_queries_as_dot_net_does) {
    EXPECT_EQ(decode_query("a+b%20c"), "a b c");
    EXPECT_EQ(decode_query("%zz%4"), "%zz%4");
    EXPECT_EQ(decode_query("%2541"), "%41");
    EXPECT_EQ(decode_query("100%"), "100%");
}

TEST(url, visits_the_pairs_of_a_query) {
    std::vector<std::string> seen;
    for_each_query_pair("a=1&&b&c=2=3&=x&", [&](std::string_view name, std::string_view value) {
        seen.push_back(std::string(name) + ":" + std::string(value));
        return true;
    });
    EXPECT_EQ(seen, (std::vector<std::string>{"a:1", "b:", "c:2=3", ":x"}));
    seen.clear();
    for_each_query_pair("a=1&b=2", [&](std::string_view name, std::string_view) {
        seen.emplace_back(name);
        return false;
    });
    EXPECT_EQ(seen, std::vector<std::string>{"a"});
}

request_head upgrade() {
    request_head head;
    head.method = "GET";
    head.target = "/";
    head.headers = {{"Host", "a"},
                    {"Upgrade", "websocket"},
                    {"Connection", "Upgrade"},
                    {"Sec-WebSocket-Version", "13"},
                    {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
    return head;
}

websocket_opening opening_with(std::string_view name, std::string value) {
    request_head head = upgrade();
    for (header_field& field : head.headers)
        if (field.name == name) field.value = value;
    return websocket_opening_of(head);
}

websocket_opening opening_without(std::string_view name) {
    request_head head = upgrade();
    std::erase_if(head.headers, [&](const header_field& field) { return field.name == name; });
    return websocket_opening_of(head);
}

TEST(websocket_handshake, answers_the_key_of_the_specification) {
    EXPECT_EQ(websocket_accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(websocket_answer("dGhlIHNhbXBsZSBub25jZQ=="),
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    const std::vector<std::pair<std::string, std::string>> more{
        {"X-More", "1"}, {"connection", "close"}, {"upgrade", "h2c"}, {"Sec-WebSocket-Protocol", "x"}, {"X-Bad", "a\r\nb"}, {"Sec-Fetch", "2"}};
    EXPECT_TRUE(websocket_answer("dGhlIHNhbXBsZSBub25jZQ==", more).ends_with("K+xOo=\r\nX-More: 1\r\nSec-Fetch: 2\r\n\r\n"));
}

TEST(websocket_handshake, H13_wants_every_header_right) {
    EXPECT_EQ(websocket_opening_of(upgrade()), websocket_opening::whole);
    EXPECT_EQ(opening_with("Connection", "keep-alive, UPGRADE"), websocket_opening::whole);
    EXPECT_EQ(opening_with("Upgrade", "WebSocket"), websocket_opening::whole);
    EXPECT_EQ(opening_with("Sec-WebSocket-Version", "13, 8"), websocket_opening::whole);
    for (const char* connection : {"", "keep-alive", "upgraded", "up grade", "upgrade;x"})
        EXPECT_EQ(opening_with("Connection", connection), websocket_opening::none) << connection;
    for (const char* protocol : {"", "h2c", "websockets", "web socket"})
        EXPECT_EQ(opening_with("Upgrade", protocol), websocket_opening::none) << protocol;
    for (const char* name : {"Connection", "Upgrade"})
        EXPECT_EQ(opening_without(name), websocket_opening::none) << name;
    for (const char* version : {"", "8", "12", "130", "013", "13.0"})
        EXPECT_EQ(opening_with("Sec-WebSocket-Version", version), websocket_opening::old_version) << version;
    EXPECT_EQ(opening_without("Sec-WebSocket-Version"), websocket_opening::old_version);
    for (const char* key : {"", "short", "dGhlIHNhbXBsZSBub25j", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ= =",
                            "dGhlIHNhbXBsZSBub25jZSE=", "dGhlIHNhbXBsZSBub25j!Q==", "dGhlIHNhbXBsZSBub25jZSEhIQ=="})
        EXPECT_EQ(opening_with("Sec-WebSocket-Key", key), websocket_opening::broken) << key;
    EXPECT_EQ(opening_without("Sec-WebSocket-Key"), websocket_opening::broken);
}

TEST(websocket_handshake, H13_wants_each_header_once) {
    for (const char* name : {"Upgrade", "Sec-WebSocket-Version", "Sec-WebSocket-Key"}) {
        request_head twice = upgrade();
        twice.headers.push_back({name, *twice.find(name)});
        EXPECT_EQ(websocket_opening_of(twice), websocket_opening::broken) << name;
    }
    request_head split_list = upgrade();
    split_list.headers[2].value = "keep-alive";
    split_list.headers.push_back({"connection", "upgrade"});
    EXPECT_EQ(websocket_opening_of(split_list), websocket_opening::whole);
}

TEST(websocket_handshake, wants_get_and_http_1_1) {
    request_head post = upgrade();
    post.method = "POST";
    EXPECT_EQ(websocket_opening_of(post), websocket_opening::none);
    request_head old = upgrade();
    old.minor_version = 0;
    EXPECT_EQ(websocket_opening_of(old), websocket_opening::none);
}

}  // namespace
}  // namespace asignalr::detail
