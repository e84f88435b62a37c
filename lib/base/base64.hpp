// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// Base64 with padding (RFC 4648 section 4).
std::string base64_encode(std::string_view bytes);
/// Base64 for URLs, without padding (RFC 4648 section 5).
std::string base64_url_encode(std::string_view bytes);
/// Decodes base64 with padding. Blanks, tabs and line ends are passed over where asked for, as .NET does; else strict.
std::optional<std::string> base64_decode(std::string_view text, bool pass_over_blanks = false);
/// The value of one digit of the URL alphabet; -1 if it is none.
int base64_url_digit(char digit) noexcept;

}  // namespace asignalr::detail
