// SPDX-License-Identifier: MIT
#include "wire/field_line.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace asignalr::detail {

field_line take_apart(std::string_view line) noexcept {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return {{}, {}, "A header line has no name."};
    const std::string_view name = line.substr(0, colon);
    if (!std::all_of(name.begin(), name.end(), is_token_byte)) return {{}, {}, "A header name is malformed."};
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (std::any_of(value.begin(), value.end(), is_control)) return {{}, {}, "A header value has a control character."};
    return {name, value, {}};
}

}  // namespace asignalr::detail
