// SPDX-License-Identifier: MIT
#include "frames.hpp"

#include <array>

namespace benchmark {
namespace {

// Any mask but zero does: a server must not be able to skip the work.
constexpr std::array<char, 4> mask{'\x37', '\x5a', '\x21', '\x7d'};

std::string frame(unsigned char opcode, std::string_view payload) {
    std::string result;
    result.reserve(payload.size() + 14);
    result += static_cast<char>(0x80 | opcode);
    const std::size_t length_bytes = payload.size() < 126 ? 0 : payload.size() < 65536 ? 2 : 8;
    const std::size_t marker = length_bytes == 0 ? payload.size() : length_bytes == 2 ? 126 : 127;
    result += static_cast<char>(0x80 | marker);
    for (std::size_t index = length_bytes; index > 0; --index) {
        result += static_cast<char>(payload.size() >> (8 * (index - 1)));
    }
    result.append(mask.data(), mask.size());
    for (std::size_t index = 0; index < payload.size(); ++index) {
        result += static_cast<char>(payload[index] ^ mask[index % mask.size()]);
    }
    return result;
}

}  // namespace

std::string text_frame(std::string_view payload) { return frame(1, payload); }
std::string binary_frame(std::string_view payload) { return frame(2, payload); }
std::string pong_frame(std::string_view payload) { return frame(10, payload); }
std::string close_frame() { return frame(8, "\x03\xe8"); }

}  // namespace benchmark
