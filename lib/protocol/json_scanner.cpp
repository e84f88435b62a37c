// SPDX-License-Identifier: MIT
#include "protocol/json_scanner.hpp"

namespace asignalr::detail {

bool scan_json(std::string_view text, tape& values) {
    while (!text.empty() && is_json_blank(text.back()))
        text.remove_suffix(1);
    if (text.empty() || (text.back() != '}' && text.back() != ']')) return false;
    values.begin(0);
    return json_scanner(text, values).scan(text.data()) == text.data() + text.size();
}

}  // namespace asignalr::detail
