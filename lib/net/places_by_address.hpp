// SPDX-License-Identifier: MIT
#pragma once

#include <asio/ip/address.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace asignalr::detail {

/// How many of something each address has, over all lanes: sockets, connections. Those of IPv6 count by their /64, which is what one
/// customer gets. Thread-safe.
class places_by_address : public std::enable_shared_from_this<places_by_address> {
public:
    using place = std::shared_ptr<const void>;

    /// A place among at most `limit` of this address, kept as long as somebody holds it; null if there is none left.
    place take(const asio::ip::address& address, std::size_t limit);
    /// Addresses that have a place.
    std::size_t size() const;

private:
    using key = std::pair<bool, std::uint64_t>;  // IPv6 or not, and the bits that count
    struct counted;

    static key key_of(const asio::ip::address& address) noexcept;
    void give_back(const key& of) noexcept;

    mutable std::mutex mutex_;
    std::map<key, std::size_t> taken_;
};

}  // namespace asignalr::detail
