// SPDX-License-Identifier: MIT
#include "wire/utf8.hpp"

#include <cstring>

namespace asignalr::detail {
namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080u;

// How many bytes from the start are ASCII, counted in words of eight and then single ones.
std::size_t ascii_prefix(const char* bytes, std::size_t size) noexcept {
    std::size_t index = 0;
    for (; index + 8 <= size; index += 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes + index, 8);
        if ((word & high_bits) != 0) break;
    }
    while (index < size && static_cast<unsigned char>(bytes[index]) < 0x80)
        ++index;
    return index;
}

}  // namespace

bool utf8_validator::feed(std::string_view bytes) noexcept {
    std::size_t index = 0;
    while (index < bytes.size()) {
        if (remaining_ == 0) {
            index += ascii_prefix(bytes.data() + index, bytes.size() - index);
            if (index == bytes.size()) return true;
        }
        const auto byte = static_cast<unsigned char>(bytes[index++]);
        if (remaining_ > 0) {
            if (byte < lowest_ || byte > highest_) return false;
            lowest_ = 0x80;
            highest_ = 0xbf;
            --remaining_;
        } else if (byte >= 0xc2 && byte <= 0xdf) {
            remaining_ = 1;
        } else if (byte >= 0xe0 && byte <= 0xef) {
            remaining_ = 2;
            if (byte == 0xe0) lowest_ = 0xa0;
            if (byte == 0xed) highest_ = 0x9f;
        } else if (byte >= 0xf0 && byte <= 0xf4) {
            remaining_ = 3;
            if (byte == 0xf0) lowest_ = 0x90;
            if (byte == 0xf4) highest_ = 0x8f;
        } else {
            return false;
        }
    }
    return true;
}

bool is_valid_utf8(std::string_view text) noexcept {
    utf8_validator validator;
    return validator.feed(text) && validator.complete();
}

std::string replace_broken_utf8(std::string_view text) {
    std::string result;
    utf8_validator validator;
    std::size_t begun = 0;  // the code point that is being read
    for (std::size_t index = 0; index < text.size(); ++index) {
        const bool goes_on = validator.feed(text.substr(index, 1));
        if (goes_on && !validator.complete()) continue;
        if (goes_on) {
            result.append(text.substr(begun, index + 1 - begun));
        } else {
            result.append("\xef\xbf\xbd");
            validator.reset();
            if (begun < index) --index;  // it may begin another one
        }
        begun = index + 1;
    }
    return validator.complete() ? result : result.append("\xef\xbf\xbd");
}

}  // namespace asignalr::detail
