// SPDX-License-Identifier: MIT
#include "frame_reader.hpp"

#include <algorithm>
#include <utility>

namespace benchmark {
namespace {

constexpr unsigned char opcode_close = 8;
constexpr unsigned char opcode_ping = 9;

std::size_t header_size(std::string_view header) {
    if (header.size() < 2) {
        return 2;
    }
    const int marker = header[1] & 0x7f;
    return marker == 126 ? 4 : marker == 127 ? 10 : 2;
}

std::uint64_t payload_size(std::string_view header) {
    if (header.size() == 2) {
        return static_cast<std::uint64_t>(header[1] & 0x7f);
    }
    std::uint64_t size = 0;
    for (const char byte : header.substr(2)) {
        size = size << 8 | static_cast<unsigned char>(byte);
    }
    return size;
}

}  // namespace

void frame_reader::feed(std::string_view bytes, message_counter& to) {
    while (!bytes.empty()) {
        bytes = in_payload_ ? take_payload(bytes, to) : take_header(bytes, to);
    }
}

bool frame_reader::take_ping(std::string& payload) {
    if (!ping_due_) {
        return false;
    }
    ping_due_ = false;
    payload = std::move(control_);
    return true;
}

std::string_view frame_reader::take_header(std::string_view bytes, message_counter& to) {
    while (!bytes.empty() && header_.size() < header_size(header_)) {
        const std::size_t missing = std::min(header_size(header_) - header_.size(), bytes.size());
        header_.append(bytes.substr(0, missing));
        bytes.remove_prefix(missing);
    }
    if (header_.size() < header_size(header_)) {
        return bytes;
    }
    opcode_ = static_cast<unsigned char>(header_[0] & 0x0f);
    payload_left_ = payload_size(header_);
    header_.clear();
    in_payload_ = true;
    if (opcode_ >= opcode_close) {
        control_.clear();
    }
    if (payload_left_ == 0) {
        end_frame(to);
    }
    return bytes;
}

std::string_view frame_reader::take_payload(std::string_view bytes, message_counter& to) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size()));
    payload_left_ -= size;
    if (opcode_ < opcode_close) {
        to.feed(bytes.substr(0, size));
    } else {
        control_.append(bytes.substr(0, size));
    }
    if (payload_left_ == 0) {
        end_frame(to);
    }
    return bytes.substr(size);
}

void frame_reader::end_frame(message_counter& to) {
    in_payload_ = false;
    if (opcode_ < opcode_close) {
        to.end_frame();
    } else if (opcode_ == opcode_ping) {
        ping_due_ = true;
    } else if (opcode_ == opcode_close) {
        closed_ = true;
        control_.erase(0, 2);  // the code
    }
}

}  // namespace benchmark
