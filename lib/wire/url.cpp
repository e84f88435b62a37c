// SPDX-License-Identifier: MIT
#include "wire/url.hpp"

namespace asignalr::detail {
namespace {

int hexadecimal(char digit) noexcept {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

// The byte of the escape at `position`; -1 if it is malformed.
int escaped_byte(std::string_view text, std::size_t position) noexcept {
    if (position + 2 >= text.size()) return -1;
    const int high = hexadecimal(text[position + 1]), low = hexadecimal(text[position + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

bool has_dot_segment(std::string_view path) noexcept {
    while (!path.empty()) {
        const std::size_t end = path.find_first_of("/\\");
        const std::string_view segment = path.substr(0, end);
        if (segment == "." || segment == "..") return true;
        if (end == std::string_view::npos) return false;
        path.remove_prefix(end + 1);
    }
    return false;
}

}  // namespace

split_target split(std::string_view target) noexcept {
    const std::size_t mark = target.find('?');
    if (mark == std::string_view::npos) return {target, {}};
    return {target.substr(0, mark), target.substr(mark + 1)};
}

std::optional<std::string> decode_path(std::string_view path) {
    std::string decoded;
    for (std::size_t index = 0; index < path.size(); ++index) {
        if (path[index] != '%') {
            decoded += path[index];
            continue;
        }
        const int byte = escaped_byte(path, index);
        if (byte <= 0) return std::nullopt;
        if (byte == '/')
            decoded.append(path.substr(index, 3));
        else
            decoded += static_cast<char>(byte);
        index += 2;
    }
    if (has_dot_segment(decoded)) return std::nullopt;
    return decoded;
}

std::string decode_query(std::string_view text) {
    std::string decoded;
    for (std::size_t index = 0; index < text.size(); ++index) {
        const int byte = text[index] == '%' ? escaped_byte(text, index) : -1;
        if (byte >= 0) {
            decoded += static_cast<char>(byte);
            index += 2;
        } else {
            decoded += text[index] == '+' ? ' ' : text[index];
        }
    }
    return decoded;
}

}  // namespace asignalr::detail
