// SPDX-License-Identifier: MIT
#include "wire/http_response_head.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace asignalr::detail {

std::string_view reason_of(int status) noexcept {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 206: return "Partial Content";
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 307: return "Temporary Redirect";
        case 308: return "Permanent Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 417: return "Expectation Failed";
        case 426: return "Upgrade Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 503: return "Service Unavailable";
        case 505: return "HTTP Version Not Supported";
        default: return "Status";
    }
}

void begin_response_head(std::string& out, int status) {
    out += fmt::format("HTTP/1.1 {} {}\r\n", status, reason_of(status));
}

bool is_framing_header(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 5> names{"Connection", "Content-Length", "Date", "Keep-Alive", "Transfer-Encoding"};
    return std::any_of(names.begin(), names.end(), [&](std::string_view own) { return equals_ignoring_case(own, name); });
}

bool add_response_header(std::string& out, std::string_view name, std::string_view value) {
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_token_byte)) return false;
    if (std::any_of(value.begin(), value.end(), ends_a_line)) return false;
    out.append(name).append(": ").append(value).append("\r\n");
    return true;
}

namespace {

std::string date_of(std::time_t time) {
    // The C library's names of days follow the locale; HTTP's do not.
    constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm parts{};
    gmtime_r(&time, &parts);
    return fmt::format(
        "{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
        days[static_cast<std::size_t>(parts.tm_wday)],
        parts.tm_mday,
        months[static_cast<std::size_t>(parts.tm_mon)],
        parts.tm_year + 1900,
        parts.tm_hour,
        parts.tm_min,
        parts.tm_sec);
}

}  // namespace

std::string_view http_date() {
    thread_local std::time_t second = -1;
    thread_local std::string text;
    if (const std::time_t now = std::time(nullptr); now != second) {
        text = date_of(now);
        second = now;
    }
    return text;
}

}  // namespace asignalr::detail
