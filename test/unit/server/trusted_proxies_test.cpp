// SPDX-License-Identifier: MIT
#include "server/trusted_proxies.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>

namespace asignalr::detail {
namespace {

using headers = std::vector<std::pair<std::string, std::string>>;

/// A request from a peer, after it was looked at.
http_request from(std::string_view peer, const headers& sent, const std::vector<std::string>& trusted = {"10.0.0.0/8"}) {
    http_request request("GET", "/chat", peer);
    request.add_header("Host", "inside:8100");
    for (const auto& [name, value] : sent)
        request.add_header(name, value);
    trusted_proxies(trusted).apply(request);
    return request;
}

/// Who asked, by the `X-Forwarded-For` of the proxy 10.0.0.1.
std::string client_of(std::string_view forwarded) {
    return std::string(from("10.0.0.1", {{"X-Forwarded-For", std::string(forwarded)}}).remote_address());
}

TEST(trusted_proxies, tell_who_asked_and_how) {
    const http_request request = from(
        "10.0.0.1", {{"x-forwarded-for", "203.0.113.9"}, {"X-Forwarded-Proto", "HTTPS"}, {"X-Forwarded-Host", "chat.example:444"}});
    EXPECT_EQ(request.remote_address(), "203.0.113.9");
    EXPECT_EQ(request.scheme(), "https");
    EXPECT_EQ(request.host(), "chat.example:444");
    EXPECT_EQ(request.header("Host"), "inside:8100");
}

TEST(trusted_proxies, nobody_else_does) {
    const headers spoofed{{"X-Forwarded-For", "127.0.0.1"}, {"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", "chat.example"}};
    for (const char* peer : {"11.0.0.1", "127.0.0.1", "::1", ""}) {
        for (const std::vector<std::string>& trusted : {std::vector<std::string>{"10.0.0.0/8"}, std::vector<std::string>{}}) {
            const http_request request = from(peer, spoofed, trusted);
            EXPECT_EQ(request.remote_address(), peer);
            EXPECT_EQ(request.scheme(), "");
            EXPECT_EQ(request.host(), "inside:8100");
        }
    }
}

TEST(trusted_proxies, what_a_client_puts_in_front_is_not_believed) {
    EXPECT_EQ(client_of("127.0.0.1, 203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(client_of("10.0.0.7, 203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(
        from("10.0.0.1", {{"X-Forwarded-For", "127.0.0.1"}, {"X-Forwarded-For", "203.0.113.9"}}).remote_address(), "203.0.113.9");
    const http_request request = from("10.0.0.1", {{"X-Forwarded-Proto", "https, http"}, {"X-Forwarded-Host", "evil.example, chat.example"}});
    EXPECT_EQ(request.scheme(), "http");
    EXPECT_EQ(request.host(), "chat.example");
}

TEST(trusted_proxies, a_chain_is_followed_as_far_as_it_is_trusted) {
    EXPECT_EQ(client_of("192.0.2.1, 203.0.113.9, 10.0.0.3, 10.0.0.2"), "203.0.113.9");
    EXPECT_EQ(client_of("10.0.0.3, 10.0.0.2"), "10.0.0.3") << "a client inside";
}

TEST(trusted_proxies, addresses_are_read_as_proxies_write_them) {
    EXPECT_EQ(client_of("203.0.113.9:5511"), "203.0.113.9");
    EXPECT_EQ(client_of("2001:DB8::1"), "2001:db8::1");
    EXPECT_EQ(client_of("[2001:db8::1]:443"), "2001:db8::1");
    EXPECT_EQ(client_of("[2001:db8::1]"), "2001:db8::1");
    EXPECT_EQ(client_of("::ffff:203.0.113.9"), "203.0.113.9");
}

TEST(trusted_proxies, what_is_no_address_ends_the_chain) {
    for (const char* text : {"unknown", "", ",", "203.0.113.9,", "[", "[]", ":", "203.0.113.9, evil", "a:b:c"})
        EXPECT_EQ(client_of(text), "10.0.0.1") << text;
    EXPECT_EQ(client_of("203.0.113.9, unknown, 10.0.0.2"), "10.0.0.2");
}

TEST(trusted_proxies, may_come_through_a_unix_socket) {
    const headers sent{{"X-Forwarded-For", "203.0.113.9"}};
    EXPECT_EQ(from("", sent, {"unix"}).remote_address(), "203.0.113.9");
    EXPECT_EQ(from("127.0.0.1", sent, {"unix"}).remote_address(), "127.0.0.1");
}

TEST(trusted_proxies, are_known_in_their_mapped_address) {
    EXPECT_EQ(from("::ffff:10.0.0.1", {{"X-Forwarded-For", "203.0.113.9"}}).remote_address(), "203.0.113.9");
}

TEST(trusted_proxies, a_list_with_something_else_is_refused_at_once) {
    for (const char* text : {"", "localhost", "10.0.0.0/33", "*", "http://10.0.0.1", "10.0.0.1:80"}) {
        try {
            trusted_proxies({text});
            FAIL() << text;
        } catch (const std::logic_error& error) {
            EXPECT_NE(std::string(error.what()).find("trusted_proxies"), std::string::npos);
        }
    }
}

}  // namespace
}  // namespace asignalr::detail
