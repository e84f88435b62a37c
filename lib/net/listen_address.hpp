// SPDX-License-Identifier: MIT
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

/// What `listen` was asked for.
struct listen_address {
    struct endpoint {
        sockaddr_storage address{};
        socklen_t size = 0;
    };

    std::string host;                 ///< As it stands in the URL; empty for a unix socket.
    std::uint16_t port = 0;           ///< 0 lets the system choose.
    std::string path;                 ///< Of a unix socket.
    std::vector<endpoint> endpoints;  ///< All of them; see `alternatives`.
    /// The endpoints are several ways to serve the same host, of which one has to work: both loopbacks, or IPv4 without
    /// IPv6.
    enum class use : std::uint8_t { all_possible, first_possible } alternatives = use::first_possible;
};

/// Understands `http://HOST:PORT` (an address, `[IPv6]`, `localhost`, and `*` or `+` for any) and `unix:/path`.
/// @throws std::system_error(errc::address_invalid)
listen_address parse_listen_address(std::string_view url);

/// The address without port; IPv4 behind an IPv6 socket as IPv4; empty for a unix socket.
std::string text_of_address(const sockaddr_storage& address);

void set_port(sockaddr_storage& address, std::uint16_t port) noexcept;
std::uint16_t port_of(const sockaddr_storage& address) noexcept;

}  // namespace asignalr::detail
