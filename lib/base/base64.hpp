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
/// What is taken for base64 besides its plain form.
enum class base64_rules : bool {
    plain,    ///< Bits of the last digit that belong to no byte may be anything.
    of_json,  ///< They must be zero, and blanks, tabs and line ends are passed over, as .NET does.
};

/// Decodes base64 with padding.
std::optional<std::string> base64_decode(std::string_view text, base64_rules rules = base64_rules::plain);
/// The value of one digit of the URL alphabet; -1 if it is none.
int base64_url_digit(char digit) noexcept;

}  // namespace asignalr::detail
