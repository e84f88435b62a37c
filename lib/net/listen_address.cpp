// SPDX-License-Identifier: MIT
#include "net/listen_address.hpp"

#include "base/text.hpp"

#include <asignalr/base/error.hpp>

#include <asio/ip/address.hpp>

#include <netinet/in.h>
#include <sys/un.h>

#include <charconv>
#include <cstddef>
#include <cstring>
#include <optional>
#include <system_error>

namespace asignalr::detail {
namespace {

constexpr std::uint16_t http_port = 80;

[[noreturn]] void fail(std::string_view url) {
    throw std::system_error(make_error_code(errc::address_invalid), std::string(url));
}

listen_address::endpoint endpoint_of(const asio::ip::address& address, std::uint16_t port) {
    listen_address::endpoint result;
    if (address.is_v4()) {
        sockaddr_in raw{};
        raw.sin_family = AF_INET;
        const auto bytes = address.to_v4().to_bytes();
        std::memcpy(&raw.sin_addr, bytes.data(), bytes.size());
        result.size = sizeof raw;
        std::memcpy(&result.address, &raw, sizeof raw);
    } else {
        sockaddr_in6 raw{};
        raw.sin6_family = AF_INET6;
        const auto bytes = address.to_v6().to_bytes();
        std::memcpy(&raw.sin6_addr, bytes.data(), bytes.size());
        raw.sin6_scope_id = static_cast<std::uint32_t>(address.to_v6().scope_id());
        result.size = sizeof raw;
        std::memcpy(&result.address, &raw, sizeof raw);
    }
    set_port(result.address, port);
    return result;
}

listen_address unix_address(std::string_view url, std::string_view path) {
    sockaddr_un raw{};
    if (!path.starts_with('/') || path.find('\0') != std::string_view::npos || path.size() >= sizeof raw.sun_path)
        fail(url);
    raw.sun_family = AF_UNIX;
    path.copy(raw.sun_path, path.size());
    listen_address result;
    result.path = path;
    listen_address::endpoint& endpoint = result.endpoints.emplace_back();
    endpoint.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
    std::memcpy(&endpoint.address, &raw, sizeof raw);
    return result;
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
    std::uint16_t port = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), port);
    if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return std::nullopt;
    return port;
}

void add_endpoints(listen_address& result, std::string_view url) {
    using asio::ip::address_v4;
    using asio::ip::address_v6;
    if (result.host == "*" || result.host == "+") {
        result.endpoints = {endpoint_of(address_v6::any(), result.port), endpoint_of(address_v4::any(), result.port)};
        return;
    }
    if (equals_ignoring_case(result.host, "localhost")) {
        result.endpoints = {
            endpoint_of(address_v4::loopback(), result.port), endpoint_of(address_v6::loopback(), result.port)};
        result.alternatives = listen_address::use::all_possible;
        return;
    }
    const bool in_brackets = result.host.starts_with('[') && result.host.ends_with(']');
    std::error_code error;
    const asio::ip::address address =
        asio::ip::make_address(in_brackets ? result.host.substr(1, result.host.size() - 2) : result.host, error);
    if (error || address.is_v6() != in_brackets) fail(url);
    result.endpoints = {endpoint_of(address, result.port)};
}

}  // namespace

listen_address parse_listen_address(std::string_view url) {
    const std::size_t colon = url.find(':');
    const std::string scheme = to_lower(url.substr(0, colon));
    if (colon != std::string_view::npos && scheme == "unix") return unix_address(url, url.substr(colon + 1));
    if (scheme != "http" || url.substr(colon, 3) != "://") fail(url);

    std::string_view authority = url.substr(colon + 3);
    if (authority.ends_with('/')) authority.remove_suffix(1);
    const std::size_t bracket = authority.rfind(']');
    const std::size_t mark = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);

    listen_address result;
    result.host = authority.substr(0, mark);
    result.port = http_port;
    if (mark != std::string_view::npos) {
        const auto port = parse_port(authority.substr(mark + 1));
        if (!port) fail(url);
        result.port = *port;
    }
    add_endpoints(result, url);
    return result;
}

std::string text_of_address(const sockaddr_storage& address) {
    if (address.ss_family == AF_INET) {
        asio::ip::address_v4::bytes_type bytes;
        std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in&>(address).sin_addr, bytes.size());
        return asio::ip::address_v4(bytes).to_string();
    }
    if (address.ss_family != AF_INET6) return {};
    const auto& raw = reinterpret_cast<const sockaddr_in6&>(address);
    asio::ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &raw.sin6_addr, bytes.size());
    const asio::ip::address_v6 text(bytes, raw.sin6_scope_id);
    if (text.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, text).to_string();
    return text.to_string();
}

void set_port(sockaddr_storage& address, std::uint16_t port) noexcept {
    if (address.ss_family == AF_INET) reinterpret_cast<sockaddr_in&>(address).sin_port = htons(port);
    if (address.ss_family == AF_INET6) reinterpret_cast<sockaddr_in6&>(address).sin6_port = htons(port);
}

std::uint16_t port_of(const sockaddr_storage& address) noexcept {
    if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
    if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
    return 0;
}

}  // namespace asignalr::detail
