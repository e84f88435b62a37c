// SPDX-License-Identifier: MIT
#pragma once

#include <asio/ip/address.hpp>

#include <optional>
#include <string_view>

namespace asignalr::detail {

/// Reads an address without port. One of IPv4 in the clothes of IPv6 is one of IPv4.
std::optional<asio::ip::address> parse_address(std::string_view text);

/// An address, or a network in the notation of CIDR: `10.0.0.0/8`, `2001:db8::/32`.
class address_range {
public:
    /// Empty if the text is neither.
    static std::optional<address_range> parse(std::string_view text);
    /// The network of that many leading bits around an address.
    address_range(const asio::ip::address& address, unsigned bits) noexcept : address_(address), bits_(bits) {}

    bool contains(const asio::ip::address& address) const noexcept;

private:
    asio::ip::address address_;
    unsigned bits_;
};

}  // namespace asignalr::detail
