// SPDX-License-Identifier: MIT
#include "server/origin_policy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace asignalr::detail {
namespace {

using kind = origin_decision::kind;

http_request from_page(std::string_view origin, std::string_view host, std::string_view method = "GET") {
    http_request request(method, "/chat", "192.0.2.7");
    request.add_header("Host", host);
    if (!origin.empty()) request.add_header("Origin", origin);
    return request;
}

std::string header_of(const std::vector<std::pair<std::string, std::string>>& headers, std::string_view name) {
    const auto found =
        std::find_if(headers.begin(), headers.end(), [&](const auto& pair) { return pair.first == name; });
    return found == headers.end() ? "" : found->second;
}

struct same_site_case {
    const char* origin;
    const char* host;
    bool same;
};

class same_site : public testing::TestWithParam<same_site_case> {};

TEST_P(same_site, compares_host_and_port) {
    const auto& [origin, host, same] = GetParam();
    const auto decision = origin_policy({}).decide(from_page(origin, host));
    EXPECT_EQ(decision.what, same ? kind::same_origin : kind::refused) << origin << " and " << host;
    EXPECT_TRUE(decision.headers.empty());
}

INSTANTIATE_TEST_SUITE_P(
    table, same_site,
    testing::Values(
        same_site_case{"http://example.com", "example.com", true},
        same_site_case{"https://example.com", "example.com", true},
        same_site_case{"http://example.com:80", "example.com", true},
        same_site_case{"https://example.com", "example.com:443", true},
        same_site_case{"https://EXAMPLE.com", "Example.COM", true},
        same_site_case{"http://example.com:8100", "example.com:8100", true},
        same_site_case{"http://[::1]:8100", "[::1]:8100", true}, same_site_case{"http://[::1]", "[::1]", true},
        same_site_case{"http://[::1]:8100", "[::1]", false},
        same_site_case{"http://example.com", "example.com:8100", false},
        same_site_case{"http://example.com:8100", "example.com", false},
        same_site_case{"https://example.com", "example.com:80", false},
        same_site_case{"http://evil.example", "example.com", false},
        same_site_case{"http://example.com.evil.example", "example.com", false},
        same_site_case{"http://evilexample.com", "example.com", false},
        same_site_case{"http://sub.example.com", "example.com", false}, same_site_case{"null", "example.com", false},
        same_site_case{"null", "null", false}, same_site_case{"example.com", "example.com", false},
        same_site_case{"http://", "", false}, same_site_case{"http://user@example.com", "example.com", false},
        same_site_case{"http://example.com/", "example.com", false},
        same_site_case{"http://example.com http://evil.example", "example.com", false},
        same_site_case{"http://example.com:0", "example.com:0", false},
        same_site_case{"http://example.com:65536", "example.com:65536", false},
        same_site_case{"http://example.com:", "example.com", false}));

TEST(origin_policy, lets_programs_that_are_no_browsers_in) {
    EXPECT_EQ(origin_policy({}).decide(from_page("", "example.com")).what, kind::no_origin);
}

TEST(origin_policy, refuses_an_empty_and_a_second_origin) {
    http_request request = from_page("", "example.com");
    request.add_header("Origin", "");
    EXPECT_FALSE(origin_policy({}).decide(request).allowed());

    http_request twice = from_page("http://example.com", "example.com");
    twice.add_header("origin", "http://example.com");
    EXPECT_FALSE(origin_policy({}).decide(twice).allowed());
}

TEST(origin_policy, refuses_without_a_host) {
    http_request request("GET", "/chat", "192.0.2.7");
    request.add_header("Origin", "http://example.com");
    EXPECT_FALSE(origin_policy({}).decide(request).allowed());
}

TEST(origin_policy, refusal_names_both_values_and_the_option) {
    const auto decision = origin_policy({}).decide(from_page("http://evil.example", "example.com"));
    EXPECT_EQ(
        decision.text,
        "The origin 'http://evil.example' is not that of the host 'example.com' and is not in allowed_origins.");
}

TEST(origin_policy, refusal_escapes_what_the_peer_wrote) {
    const auto decision = origin_policy({}).decide(from_page("\x1b[2J\r\nX: y", "example.com"));
    EXPECT_FALSE(decision.allowed());
    EXPECT_EQ(decision.text.find_first_of("\x1b\r\n"), std::string::npos);
    EXPECT_LT(origin_policy({}).decide(from_page(std::string(8000, 'x'), "example.com")).text.size(), 500u);
}

TEST(origin_policy, listed_origin_gets_its_own_name_back_and_never_a_star) {
    const origin_policy policy({.allowed_origins = {"https://pages.example", "HTTP://Localhost:3000"}});
    for (const char* origin : {"https://pages.example", "https://pages.example:443", "http://localhost:3000"}) {
        const auto decision = policy.decide(from_page(origin, "example.com"));
        ASSERT_EQ(decision.what, kind::listed) << origin;
        EXPECT_EQ(header_of(decision.headers, "Access-Control-Allow-Origin"), origin);
        EXPECT_EQ(header_of(decision.headers, "Access-Control-Allow-Credentials"), "true");
        EXPECT_EQ(header_of(decision.headers, "Vary"), "Origin");
    }
    for (const char* origin : {"http://pages.example", "https://pages.example:8443", "https://localhost:3000", "null"})
        EXPECT_FALSE(policy.decide(from_page(origin, "example.com")).allowed()) << origin;
}

TEST(origin_policy, a_list_that_would_open_everything_is_a_mistake) {
    for (const char* entry : {"*", "null", "", "example.com", "https://example.com/", "https://*"})
        EXPECT_THROW(origin_policy({.allowed_origins = {entry}}), std::invalid_argument) << entry;
}

TEST(origin_policy, own_encryption_tells_the_scheme) {
    EXPECT_TRUE(origin_policy({}).decide(from_page("https://example.com", "example.com"), "https").allowed());
    EXPECT_FALSE(origin_policy({}).decide(from_page("http://example.com", "example.com"), "https").allowed());
    EXPECT_FALSE(origin_policy({}).decide(from_page("http://example.com:443", "example.com"), "https").allowed());
}

TEST(origin_policy, a_proxys_words_count_where_the_request_has_them) {
    http_request request = from_page("https://chat.example", "10.0.0.5:8100");
    EXPECT_FALSE(origin_policy({}).decide(request).allowed());
    request.set_host("chat.example");
    EXPECT_EQ(origin_policy({}).decide(request).what, kind::same_origin);
    request.set_scheme("https");
    EXPECT_EQ(origin_policy({}).decide(request).what, kind::same_origin);
    EXPECT_EQ(origin_policy({}).decide(request, "http").what, kind::same_origin) << "the proxy's client is asked about, not the proxy";

    http_request wrong_scheme = from_page("http://chat.example", "chat.example");
    EXPECT_TRUE(origin_policy({}).decide(wrong_scheme).allowed());
    wrong_scheme.set_scheme("https");
    EXPECT_FALSE(origin_policy({}).decide(wrong_scheme).allowed());
}

http_request preflight_of(std::string_view origin, std::string_view requested_headers = "") {
    http_request request = from_page(origin, "example.com", "OPTIONS");
    request.add_header("Access-Control-Request-Method", "POST");
    if (!requested_headers.empty()) request.add_header("Access-Control-Request-Headers", requested_headers);
    return request;
}

TEST(origin_policy, answers_a_preflight_of_a_listed_origin) {
    const origin_policy policy({.allowed_origins = {"https://pages.example"}});
    const auto answer =
        policy.preflight(preflight_of("https://pages.example", "X-SignalR-User-Agent,x-requested-with, x-evil"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 204);
    EXPECT_TRUE(answer->body.empty());
    EXPECT_EQ(header_of(answer->headers, "Access-Control-Allow-Origin"), "https://pages.example");
    EXPECT_EQ(header_of(answer->headers, "Access-Control-Allow-Credentials"), "true");
    EXPECT_EQ(header_of(answer->headers, "Access-Control-Allow-Methods"), "GET, POST, DELETE");
    EXPECT_EQ(header_of(answer->headers, "Access-Control-Allow-Headers"), "x-requested-with, x-signalr-user-agent");
    EXPECT_EQ(header_of(answer->headers, "Access-Control-Max-Age"), "600");
    EXPECT_EQ(header_of(answer->headers, "Vary"), "Origin");
}

TEST(origin_policy, grants_every_header_of_microsofts_clients) {
    const origin_policy policy({.allowed_origins = {"https://pages.example"}});
    const auto answer = policy.preflight(
        preflight_of("https://pages.example", "authorization,content-type,x-requested-with,x-signalr-user-agent"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(
        header_of(answer->headers, "Access-Control-Allow-Headers"),
        "x-requested-with, x-signalr-user-agent, authorization, content-type");
}

TEST(origin_policy, refuses_a_foreign_preflight) {
    for (const char* origin : {"https://evil.example", "null"}) {
        const auto answer = origin_policy({}).preflight(preflight_of(origin));
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 403);
        EXPECT_EQ(header_of(answer->headers, "Access-Control-Allow-Origin"), "");
        EXPECT_NE(answer->body.find("allowed_origins"), std::string::npos);
    }
}

TEST(origin_policy, leaves_other_options_requests_alone) {
    EXPECT_FALSE(origin_policy({}).preflight(from_page("http://example.com", "example.com", "OPTIONS")));
    EXPECT_FALSE(origin_policy({}).preflight(preflight_of("")));
    http_request get = from_page("http://evil.example", "example.com", "GET");
    get.add_header("Access-Control-Request-Method", "POST");
    EXPECT_FALSE(origin_policy({}).preflight(get));
}

}  // namespace
}  // namespace asignalr::detail
