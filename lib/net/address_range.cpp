// SPDX-License-Identifier: MIT
#include "net/address_range.hpp"

#include <charconv>
#include <cstddef>
#include <string>

namespace asignalr::detail {
namespace {

template <class Bytes>
bool same_leading_bits(const Bytes& one, const Bytes& other, unsigned bits) noexcept {
    for (std::size_t index = 0; index < one.size() && bits > 0; ++index) {
        const unsigned compared = bits < 8 ? bits : 8;
        const unsigned mask = 0xffu << (8 - compared);
        if (((one[index] ^ other[index]) & mask) != 0) return false;
        bits -= compared;
    }
    return true;
}

}  // namespace

std::optional<asio::ip::address> parse_address(std::string_view text) {
    std::error_code error;
    const asio::ip::address address = asio::ip::make_address(std::string(text), error);
    if (error) return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
    return address;
}

std::optional<address_range> address_range::parse(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    const unsigned longest = address->is_v4() ? 32 : 128;
    if (slash == std::string_view::npos) return address_range(*address, longest);
    const std::string_view number = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), bits);
    if (failure != std::errc{} || end != number.data() + number.size() || bits > longest) return std::nullopt;
    return address_range(*address, bits);
}

bool address_range::contains(const asio::ip::address& address) const noexcept {
    if (address.is_v4() != address_.is_v4()) return false;
    if (address.is_v4()) return same_leading_bits(address_.to_v4().to_bytes(), address.to_v4().to_bytes(), bits_);
    return same_leading_bits(address_.to_v6().to_bytes(), address.to_v6().to_bytes(), bits_);
}

}  // namespace asignalr::detail
