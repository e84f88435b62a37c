// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/net/http.hpp>

#include "net/address_range.hpp"

#include <asio/ip/address.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

/// The peers that speak for others: who sent a request, and what it asked for, is what their `X-Forwarded-` headers say.
class trusted_proxies {
public:
    /// @param list addresses, networks (`10.0.0.0/8`), and `unix` for whoever connects to a unix socket
    /// @throws std::invalid_argument that names the one that is none
    explicit trusted_proxies(const std::vector<std::string>& list);

    /// @param address a peer's, without port; empty for a unix socket
    bool contains(std::string_view address) const;

    /// The address to which what its owner holds is counted; empty for whoever speaks for others: a proxy, and programs of this machine,
    /// which a proxy may be.
    std::optional<asio::ip::address> counted_address(std::string_view address) const;

    /// Gives a request that came from one of them the address, the scheme and the host that it tells. Others are left as they are.
    void apply(http_request& request) const;

private:
    std::vector<address_range> ranges_;
    bool unix_sockets_ = false;
};

}  // namespace asignalr::detail
