// SPDX-License-Identifier: MIT
#include "net/http_request_access.hpp"

#include <asignalr/net/http.hpp>

#include <gtest/gtest.h>

#include <utility>

namespace asignalr {
namespace {

TEST(http_request, takes_the_target_apart) {
    http_request request("GET", "/a%20b/c%2Fd?id=1&x=%41", "192.0.2.7");
    EXPECT_EQ(request.method(), "GET");
    EXPECT_EQ(request.path(), "/a b/c%2Fd");
    EXPECT_EQ(request.query_string(), "id=1&x=%41");
    EXPECT_EQ(request.target(), "/a%20b/c%2Fd?id=1&x=%41");
    EXPECT_EQ(request.remote_address(), "192.0.2.7");
    EXPECT_EQ(request.scheme(), "");
    EXPECT_EQ(request.host(), "");
    request.add_header("host", "here:81");
    EXPECT_EQ(request.host(), "here:81");
    request.set_host("there");
    request.set_scheme("https");
    request.set_remote_address("192.0.2.8");
    EXPECT_EQ(request.host(), "there");
    EXPECT_EQ(request.scheme(), "https");
    EXPECT_EQ(request.remote_address(), "192.0.2.8");
    EXPECT_EQ(request.header("Host"), "here:81") << "as it was sent";
    EXPECT_EQ(http_request("OPTIONS", "*", "").path(), "*");
    EXPECT_EQ(http_request("GET", "/plain?a=b?c", "").path(), "/plain");
    EXPECT_EQ(http_request("GET", "/plain?a=b?c", "").query_string(), "a=b?c");
    EXPECT_EQ(http_request("GET", "/?", "").query_string(), "");
    EXPECT_EQ(http_request("GET", "/?", "").target(), "/?");
}

TEST(http_request, a_path_that_cannot_be_decoded_is_empty) {
    for (const char* target : {"/a%00", "/..", "/a/../b", "/%2e%2e/b", "/a%", "/a%2", "/a%zz"}) {
        EXPECT_EQ(http_request("GET", target, "").path(), "") << target;
        EXPECT_EQ(http_request("GET", target, "").target(), target);
    }
}

TEST(http_request, finds_headers_without_regard_to_case) {
    http_request request("GET", "/", "");
    request.add_header("X-One", "1");
    request.add_header("x-one", "2");
    EXPECT_EQ(request.header("x-ONE"), "1");
    EXPECT_FALSE(request.header("x-on"));
    std::string all;
    request.for_each_header([&](std::string_view name, std::string_view value) { all.append(name).append(value); });
    EXPECT_EQ(all, "X-One1x-one2");
}

TEST(http_request, finds_query_values) {
    const http_request request("GET", "/?ID=a%26b&id=c&empty=&bare&%69d=d&plus=a+b&&", "");
    EXPECT_EQ(request.query("id"), "a&b");
    EXPECT_EQ(request.query_count("Id"), 3u);
    EXPECT_EQ(request.query("empty"), "");
    EXPECT_EQ(request.query("bare"), "");
    EXPECT_EQ(request.query("plus"), "a b");
    EXPECT_FALSE(request.query("missing"));
    EXPECT_EQ(request.query_count("missing"), 0u);
}

TEST(http_request, finds_cookies) {
    http_request request("GET", "/", "");
    request.add_header("Cookie", "a=1; bb=2=3;c=;  d = 4");
    request.add_header("cookie", "e=5");
    EXPECT_EQ(request.cookie("a"), "1");
    EXPECT_EQ(request.cookie("bb"), "2=3");
    EXPECT_EQ(request.cookie("c"), "");
    EXPECT_EQ(request.cookie("d"), "4");
    EXPECT_EQ(request.cookie("e"), "5");
    EXPECT_FALSE(request.cookie("b"));
    EXPECT_FALSE(request.cookie("A"));
}

TEST(http_request, copies_and_moves_with_its_views) {
    http_request request("GET", "/a", "");
    request.add_header("X", "1");
    request.set_body("body");
    detail::http_request_access::shrink(request);
    const http_request copy = request;
    const http_request moved = std::move(request);
    for (const http_request* each : {&copy, &moved}) {
        EXPECT_EQ(each->path(), "/a");
        EXPECT_EQ(each->header("X"), "1");
        EXPECT_EQ(each->body(), "body");
    }
}

}  // namespace
}  // namespace asignalr
