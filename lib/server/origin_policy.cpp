// SPDX-License-Identifier: MIT
#include "server/origin_policy.hpp"

#include "base/text.hpp"
#include "log/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace asignalr::detail {
namespace {

// What Microsoft's clients send, and what a page may therefore ask for.
constexpr std::array<std::string_view, 4> allowed_headers{
    "x-requested-with", "x-signalr-user-agent", "authorization", "content-type"};
constexpr std::string_view allowed_methods = "GET, POST, DELETE";
constexpr std::string_view preflight_seconds = "600";

std::uint16_t default_port(std::string_view scheme) noexcept {
    if (scheme == "http") return 80;
    return scheme == "https" ? 443 : 0;
}

bool is_scheme(std::string_view text) noexcept {
    if (text.empty() || text.front() < 'a' || text.front() > 'z') return false;
    return std::all_of(text.begin(), text.end(), [](char byte) {
        return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '+' || byte == '-' ||
               byte == '.';
    });
}

bool is_host(std::string_view text) noexcept {
    if (text.empty()) return false;
    if (text.front() == '[') {
        if (text.size() < 3 || text.back() != ']') return false;
        text = text.substr(1, text.size() - 2);
        return text.find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
    }
    return std::all_of(text.begin(), text.end(), [](char byte) {
        return byte > ' ' && byte < '\x7f' && std::string_view("/\\?#@[]:,*\"<>").find(byte) == std::string_view::npos;
    });
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, port);
    if (result.ec != std::errc{} || result.ptr != end || port == 0) return std::nullopt;
    return port;
}

// Reads `host[:port]`, as it stands in an origin and in the Host header.
std::optional<web_origin> parse_authority(std::string scheme, std::string_view authority) {
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    web_origin result;
    result.host = to_lower(authority.substr(0, colon));
    result.port = default_port(scheme);
    result.scheme = std::move(scheme);
    if (!is_host(result.host)) return std::nullopt;
    if (colon != std::string_view::npos) {
        const auto port = parse_port(authority.substr(colon + 1));
        if (!port) return std::nullopt;
        result.port = *port;
    }
    return result;
}

// A header that may stand once; empty if it is missing or stands twice.
std::string_view only_header(const http_request& request, std::string_view wanted, std::size_t& count) {
    std::string_view found;
    count = 0;
    request.for_each_header([&](std::string_view name, std::string_view value) {
        if (!equals_ignoring_case(name, wanted)) return;
        ++count;
        found = value;
    });
    return count == 1 ? found : std::string_view{};
}

std::string granted_headers(std::string_view requested) {
    std::string granted;
    for (const std::string_view name : allowed_headers) {
        if (!list_contains(requested, name)) continue;
        if (!granted.empty()) granted += ", ";
        granted += name;
    }
    return granted;
}

}  // namespace

std::optional<web_origin> parse_origin(std::string_view text) {
    const std::size_t mark = text.find("://");
    if (mark == std::string_view::npos) return std::nullopt;
    std::string scheme = to_lower(text.substr(0, mark));
    if (!is_scheme(scheme)) return std::nullopt;
    return parse_authority(std::move(scheme), text.substr(mark + 3));
}

origin_policy::origin_policy(const origin_options& options) {
    for (const std::string& text : options.allowed_origins) {
        auto origin = parse_origin(text);
        if (!origin) {
            throw std::invalid_argument(fmt::format(
                "allowed_origins: '{}' is no origin; write scheme, host and port only, for example https://example.com",
                text));
        }
        allowed_.push_back(std::move(*origin));
    }
}

origin_decision origin_policy::decide(const http_request& request, std::string_view scheme) const {
    using kind = origin_decision::kind;
    std::size_t count = 0;
    const std::string_view text = only_header(request, "Origin", count);
    if (count == 0) return {.what = kind::no_origin};

    const auto origin = parse_origin(text);
    if (origin && is_same(*origin, request, scheme)) return {.what = kind::same_origin};
    if (origin && std::find(allowed_.begin(), allowed_.end(), *origin) != allowed_.end()) {
        return {
            .what = kind::listed,
            .headers = {
                {"Access-Control-Allow-Origin", std::string(text)},
                {"Access-Control-Allow-Credentials", "true"},
                {"Vary", "Origin"}}};
    }
    origin_decision refusal;
    refusal.text = fmt::format(
        "The origin '{}' is not that of the host '{}' and is not in allowed_origins.",
        count == 1 ? escaped(text) : "(more than one)", escaped(request.host()));
    return refusal;
}

bool origin_policy::is_same(const web_origin& origin, const http_request& request, std::string_view scheme) const {
    std::string known_scheme(request.scheme().empty() ? scheme : request.scheme());
    // Where nobody tells the scheme, the page's own decides which port an unwritten one is.
    if (known_scheme.empty()) known_scheme = origin.scheme;
    const auto own = parse_authority(std::move(known_scheme), request.host());
    return own && *own == origin;
}

std::optional<http_response> origin_policy::preflight(const http_request& request, std::string_view scheme) const {
    if (request.method() != "OPTIONS" || !request.header("Access-Control-Request-Method")) return std::nullopt;
    origin_decision decision = decide(request, scheme);
    if (decision.what == origin_decision::kind::no_origin) return std::nullopt;
    if (!decision.allowed()) return http_response{.status = 403, .body = std::move(decision.text)};

    http_response answer{.status = 204, .content_type = {}, .headers = std::move(decision.headers)};
    if (decision.what == origin_decision::kind::same_origin) return answer;
    answer.headers.emplace_back("Access-Control-Allow-Methods", allowed_methods);
    const std::string granted = granted_headers(request.header("Access-Control-Request-Headers").value_or(""));
    if (!granted.empty()) answer.headers.emplace_back("Access-Control-Allow-Headers", granted);
    answer.headers.emplace_back("Access-Control-Max-Age", preflight_seconds);
    return answer;
}

}  // namespace asignalr::detail
