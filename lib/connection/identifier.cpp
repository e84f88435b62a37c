// SPDX-License-Identifier: MIT
#include "connection/identifier.hpp"

#include "base/base64.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace asignalr::detail {

std::string make_identifier(std::size_t lane, std::size_t lanes) {
    std::array<char, 16> bytes;
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw std::system_error(errno, std::generic_category(), "no random numbers for an id");
    // The random byte is moved to the nearest one below that means this lane.
    const std::size_t random = static_cast<std::uint8_t>(bytes[0]);
    std::size_t chosen = random - random % lanes + lane;
    if (chosen > 255) chosen -= lanes;
    bytes[0] = static_cast<char>(chosen);
    return base64_url_encode({bytes.data(), bytes.size()});
}

std::optional<std::size_t> owner_of(std::string_view identifier, std::size_t lanes) noexcept {
    if (identifier.size() != identifier_size) return std::nullopt;
    const bool is_ours = std::all_of(identifier.begin(), identifier.end(), [](char digit) { return base64_url_digit(digit) >= 0; });
    if (!is_ours) return std::nullopt;
    const auto first = static_cast<std::size_t>(base64_url_digit(identifier[0]) << 2 | base64_url_digit(identifier[1]) >> 4);
    return first % lanes;
}

}  // namespace asignalr::detail
