// SPDX-License-Identifier: MIT
#include "base/text.hpp"

namespace asignalr::detail {

std::string to_lower(std::string_view text) {
    std::string result(text);
    for (char& character : result)
        character = lower(character);
    return result;
}

std::string_view trimmed(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool list_contains(std::string_view list, std::string_view element) noexcept {
    while (true) {
        const std::size_t comma = list.find(',');
        if (equals_ignoring_case(trimmed(list.substr(0, comma)), element)) return true;
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma + 1);
    }
}

bool is_token_byte(char character) noexcept {
    const char folded = lower(character);
    if ((folded >= 'a' && folded <= 'z') || (folded >= '0' && folded <= '9')) return true;
    return character != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(character) != std::string_view::npos;
}

}  // namespace asignalr::detail
