// SPDX-License-Identifier: MIT
#include "functional_test_pipeline.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

using asignalr::http_headers;
using asignalr::http_request;
using asignalr::http_response;

namespace {

using answer = std::optional<http_response>;

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

/// Whether a path, or the path in a target, is this route or below it.
bool is_at(std::string_view path, std::string_view route) {
    const auto same = [](char left, char right) { return lower(left) == lower(right); };
    if (!std::equal(route.begin(), route.end(), path.begin(), path.begin() + static_cast<std::ptrdiff_t>(std::min(route.size(), path.size())), same))
        return false;
    return path.size() == route.size() || path[route.size()] == '/' || path[route.size()] == '?';
}

void allow_any_origin(const http_request& asked, http_headers& added) {
    const auto origin = asked.header("Origin");
    if (!origin) return;
    const auto echo = [&](const char* name, std::optional<std::string_view> value) {
        if (value) added.emplace_back(name, *value);
    };
    echo("Access-Control-Allow-Origin", origin);
    echo("Access-Control-Allow-Credentials", "true");
    echo("Access-Control-Allow-Methods", asked.header("Access-Control-Request-Method"));
    echo("Access-Control-Allow-Headers", asked.header("Access-Control-Request-Headers"));
}

answer answer_options(const http_request& asked, http_headers&) {
    if (asked.method() != "OPTIONS") return std::nullopt;
    return http_response{.status = 204, .content_type = ""};
}

answer redirect_echo(const http_request& asked, http_headers&) {
    constexpr std::string_view route = "/echoredirect";
    if (!is_at(asked.target(), route)) return std::nullopt;
    std::string location = "/echo" + std::string(asked.target().substr(route.size()));
    return http_response{.status = 307, .content_type = "", .headers = {{"Location", std::move(location)}}};
}

/// Sends a client that negotiates on to the hub it names; each time is counted.
class redirect_negotiate {
public:
    answer operator()(const http_request& asked, http_headers&) const {
        if (!is_at(asked.path(), "/redirect")) return std::nullopt;
        const std::string base = asked.query("baseUrl").value_or("");
        return http_response{
            .body = R"({ "url": ")" + base + "/testHub?numRedirects=" + std::to_string(++*count_) + "\" }", .content_type = ""};
    }

private:
    std::shared_ptr<std::atomic<int>> count_ = std::make_shared<std::atomic<int>>(0);
};

std::string an_hour_ago() {
    const std::time_t then = std::time(nullptr) - 3600;
    std::tm parts{};
    gmtime_r(&then, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

void set_cookies_on_negotiate(const http_request& asked, http_headers& added) {
    if (asked.path().find("/negotiate") == std::string_view::npos) return;
    const std::string rest = asked.scheme() == "https" ? "; path=/; secure; samesite=none; partitioned" : "; path=/";
    added.emplace_back("Set-Cookie", "testCookie=testValue" + rest);
    added.emplace_back("Set-Cookie", "testCookie2=testValue2" + rest);
    added.emplace_back("Set-Cookie", "expiredCookie=doesntmatter; expires=" + an_hour_ago() + rest);
}

answer refuse_negotiate(const http_request& asked, http_headers&) {
    if (!is_at(asked.path(), "/bad-negotiate")) return std::nullopt;
    return http_response{.status = 400, .body = "Some response from server", .content_type = ""};
}

answer answer_later_work(const http_request& asked, http_headers&) {
    constexpr std::array<std::string_view, 5> routes{"/authorizedhub", "/stateful", "/filtered", "/clientresult", "/generateJwtToken"};
    if (std::none_of(routes.begin(), routes.end(), [&](std::string_view route) { return is_at(asked.path(), route); })) return std::nullopt;
    return http_response{.status = 501, .body = "This part of the contract is not served yet."};
}

}  // namespace

void use_functional_test_pipeline(asignalr::server& server, bool allows_any_origin) {
    if (allows_any_origin) {
        server.use(allow_any_origin);
        server.use(answer_options);
    }
    server.use(redirect_echo);
    server.use(redirect_negotiate());
    server.use(set_cookies_on_negotiate);
    server.use(refuse_negotiate);
}

void refuse_later_work(asignalr::server& server) { server.use(answer_later_work); }
