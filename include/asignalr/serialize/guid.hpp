// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace asignalr {

/// A 128-bit identifier as .NET's Guid: travels as 36 characters in every encoding.
struct ASIGNALR_API guid {
    std::array<std::byte, 16> bytes{};  ///< In the order of the text.

    /// `00010203-0405-0607-0809-0a0b0c0d0e0f`, in lower case.
    std::string text() const;
    /// Reads 32 hexadecimal digits in five groups; empty if the text is anything else.
    static std::optional<guid> parse(std::string_view text) noexcept;

    friend auto operator<=>(const guid&, const guid&) = default;
};

}  // namespace asignalr
