// SPDX-License-Identifier: MIT
#include "wire/http_request_parser.hpp"

#include "base/text.hpp"
#include "wire/field_line.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace asignalr::detail {
namespace {

bool is_digit(char character) noexcept { return character >= '0' && character <= '9'; }

bool is_hexadecimal(char character) noexcept {
    const char folded = lower(character);
    return is_digit(character) || (folded >= 'a' && folded <= 'f');
}

// A name (RFC 3986 section 3.2.2): what of the beginning of a text may be part of one.
std::size_t host_name_size(std::string_view text) noexcept {
    std::size_t size = 0;
    while (size < text.size()) {
        const char folded = lower(text[size]);
        const bool escape = folded == '%' && size + 2 < text.size() && is_hexadecimal(text[size + 1]) && is_hexadecimal(text[size + 2]);
        const bool plain = (folded >= 'a' && folded <= 'z') || is_digit(folded) || std::string_view("-._~!$&'()*+,;=").find(folded) != std::string_view::npos;
        if (!escape && !plain) break;
        size += escape ? 3 : 1;
    }
    return size;
}

// Not every one of them is an address, but nothing else passes for one.
bool is_like_ipv6(std::string_view text) noexcept {
    const auto belongs = [](char character) { return is_hexadecimal(character) || character == ':' || character == '.'; };
    return std::count(text.begin(), text.end(), ':') >= 2 && std::all_of(text.begin(), text.end(), belongs);
}

bool is_port(std::string_view text) noexcept {
    if (text.empty()) return true;
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return text.size() <= 5 && error == std::errc{} && end == text.data() + text.size();
}

// Where the first byte is that ends a line, or would for somebody else; the end if there is none. Each byte of a head passes here.
std::size_t find_line_end(std::string_view bytes) noexcept {
    std::size_t at = 0;
    while (at < bytes.size() && !ends_a_line(bytes[at]))
        ++at;
    return at;
}

// host [":" port] (RFC 9110 section 7.2), with an IPv6 address in brackets.
bool is_authority(std::string_view text) noexcept {
    std::size_t end = host_name_size(text);
    if (text.starts_with('[')) {
        const std::size_t bracket = text.find(']');
        if (bracket == std::string_view::npos || !is_like_ipv6(text.substr(1, bracket - 1))) return false;
        end = bracket + 1;
    }
    if (end == 0) return false;
    return end == text.size() || (text[end] == ':' && is_port(text.substr(end + 1)));
}

}  // namespace

void http_request_parser::reset() {
    const http_limits limits = limits_;
    *this = http_request_parser(limits);
}

bool http_request_parser::fail(int status, std::string_view text) noexcept {
    error_status_ = status;
    error_text_ = text;
    return false;
}

std::size_t http_request_parser::line_limit() const noexcept {
    return in_headers_ ? limits_.header_bytes - std::min(limits_.header_bytes, header_bytes_) : limits_.request_line;
}

http_request_parser::state http_request_parser::parse(std::string_view bytes, std::size_t& consumed) {
    consumed = 0;
    while (consumed < bytes.size() && error_status_ == 0 && !done_) {
        started_ = true;
        if (carriage_return_) {
            if (bytes[consumed] != '\n') {
                fail(400, "A carriage return must be followed by a line feed.");
                break;
            }
            ++consumed;
            carriage_return_ = false;
            take_line();
            continue;
        }
        const std::string_view rest = bytes.substr(consumed);
        const std::size_t end = find_line_end(rest);
        const std::string_view piece = rest.substr(0, end);
        if (line_.size() + piece.size() > line_limit()) {
            in_headers_ ? fail(431, "The request headers are too long.") : fail(414, "The request line is too long.");
            break;
        }
        line_.append(piece);
        consumed += piece.size();
        if (end == rest.size()) break;
        if (rest[end] != '\r') {
            fail(400, rest[end] == '\n' ? "A line must end with CR LF." : "A NUL byte is not allowed.");
            break;
        }
        ++consumed;
        carriage_return_ = true;
    }
    if (error_status_ != 0) return state::failed;
    return done_ ? state::complete : state::incomplete;
}

bool http_request_parser::take_line() {
    const std::string line = std::exchange(line_, {});
    if (!in_headers_) {
        // RFC 9112 section 2.2: one empty line in front of a request is passed over.
        if (line.empty() && !std::exchange(skipped_empty_line_, true)) {
            started_ = false;
            return true;
        }
        in_headers_ = true;
        return take_request_line(line);
    }
    if (line.empty()) return finish();
    header_bytes_ += line.size() + 2;
    return take_header(line);
}

bool http_request_parser::take_request_line(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last || line.find(' ', first + 1) != last)
        return fail(400, "The request line is not METHOD TARGET VERSION with single blanks.");
    const std::string_view version = line.substr(last + 1);
    if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !is_digit(version[5]) || version[6] != '.' ||
        !is_digit(version[7]))
        return fail(400, "The HTTP version is malformed.");
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return fail(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
    head_.minor_version = version[7] - '0';
    return take_method(line.substr(0, first)) && take_target(line.substr(first + 1, last - first - 1));
}

bool http_request_parser::take_method(std::string_view method) {
    if (method.empty() || !std::all_of(method.begin(), method.end(), is_token_byte))
        return fail(400, "The method is malformed.");
    if (method == "CONNECT") return fail(405, "CONNECT is not supported.");
    head_.method = method;
    return true;
}

bool http_request_parser::take_target(std::string_view target) {
    for (const char character : target) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte <= 0x20 || byte >= 0x7f || character == '#') return fail(400, "The request target is malformed.");
    }
    if (target == "*") {
        if (head_.method != "OPTIONS") return fail(400, "The target * is for OPTIONS only.");
        head_.target = target;
        return true;
    }
    if (target.starts_with('/')) {
        head_.target = target;
        return true;
    }
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (target.size() <= scheme.size() || !equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        target.remove_prefix(scheme.size());
        const std::size_t path = std::min(target.find_first_of("/?"), target.size());
        authority_ = target.substr(0, path);
        if (!is_authority(authority_)) return fail(400, "The host of the request target is malformed.");
        head_.target = target.substr(path);
        if (!head_.target.starts_with('/')) head_.target.insert(0, 1, '/');
        return true;
    }
    return fail(400, "The request target is malformed.");
}

bool http_request_parser::take_header(std::string_view line) {
    if (head_.headers.size() >= limits_.header_count) return fail(431, "There are too many request headers.");
    const field_line field = take_apart(line);
    if (!field.fault.empty()) return fail(400, field.fault);
    head_.headers.push_back({std::string(field.name), std::string(field.value)});
    return true;
}

bool http_request_parser::finish() {
    done_ = check_host() && check_transfer_encoding() && check_length() && check_connection();
    return done_;
}

bool http_request_parser::check_host() {
    const std::size_t hosts = head_.count("Host");
    if (hosts > 1) return fail(400, "There is more than one Host header.");
    if (hosts == 0) return head_.minor_version == 0 || fail(400, "The Host header is missing.");
    const std::string& host = *head_.find("Host");
    if (!is_authority(host)) return fail(400, "The Host header is malformed.");
    if (!authority_.empty() && !equals_ignoring_case(authority_, host))
        return fail(400, "The Host header differs from the request target.");
    return true;
}

bool http_request_parser::check_transfer_encoding() {
    const std::size_t count = head_.count("Transfer-Encoding");
    if (count == 0) return true;
    if (head_.minor_version == 0) return fail(400, "HTTP/1.0 has no Transfer-Encoding.");
    if (head_.count("Content-Length") > 0) return fail(400, "Content-Length and Transfer-Encoding exclude each other.");
    if (count > 1 || !equals_ignoring_case(*head_.find("Transfer-Encoding"), "chunked"))
        return fail(501, "The only Transfer-Encoding understood is chunked.");
    head_.chunked = true;
    return true;
}

bool http_request_parser::check_length() {
    const std::size_t count = head_.count("Content-Length");
    if (count == 0) return true;
    const std::string& text = *head_.find("Content-Length");
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    const bool is_number = !text.empty() && is_digit(text.front()) && end == text.data() + text.size();
    if (count > 1 || !is_number || error != std::errc{} || length >> 63 != 0)
        return fail(400, "The Content-Length is malformed.");
    head_.content_length = length;
    return true;
}

bool http_request_parser::check_connection() {
    head_.keep_alive = head_.minor_version == 1;
    bool upgrade = false;
    for (const header_field& field : head_.headers) {
        if (!equals_ignoring_case(field.name, "Connection")) continue;
        if (list_contains(field.value, "close")) head_.keep_alive = false;
        upgrade = upgrade || list_contains(field.value, "upgrade");
    }
    if (upgrade && head_.count("Upgrade") > 0 && head_.has_body())
        return fail(400, "A request to upgrade cannot have a body.");
    if (const std::string* expect = head_.find("Expect")) {
        if (!equals_ignoring_case(*expect, "100-continue")) return fail(417, "The expectation is not understood.");
        head_.expects_continue = head_.minor_version == 1;
    }
    return true;
}

const std::string* request_head::find(std::string_view name) const noexcept {
    for (const header_field& field : headers)
        if (equals_ignoring_case(field.name, name)) return &field.value;
    return nullptr;
}

std::size_t request_head::count(std::string_view name) const noexcept {
    return static_cast<std::size_t>(std::count_if(headers.begin(), headers.end(), [&](const header_field& field) {
        return equals_ignoring_case(field.name, name);
    }));
}

}  // namespace asignalr::detail
