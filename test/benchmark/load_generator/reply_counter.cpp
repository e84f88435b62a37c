// SPDX-License-Identifier: MIT
#include "reply_counter.hpp"

#include "messages.hpp"

#include <algorithm>

namespace benchmark {
namespace {

constexpr std::size_t kept_head = 200;
constexpr unsigned char opcode_binary = 2;
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

void reply_counter::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        if (!in_payload_) {
            bytes = take_header(bytes);
            continue;
        }
        const std::string_view piece =
            bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size())));
        bytes.remove_prefix(piece.size());
        payload_left_ -= piece.size();
        if (opcode_ < opcode_close) {
            feed_payload(piece);
        } else {
            control_.append(piece);
        }
        if (payload_left_ == 0) {
            end_frame();
        }
    }
}

bool reply_counter::take_ping(std::string& payload) {
    if (!ping_due_) {
        return false;
    }
    ping_due_ = false;
    payload = std::move(control_);
    return true;
}

std::string_view reply_counter::take_header(std::string_view bytes) {
    while (!bytes.empty() && header_.size() < header_size(header_)) {
        const std::size_t missing = std::min(header_size(header_) - header_.size(), bytes.size());
        header_.append(bytes.substr(0, missing));
        bytes.remove_prefix(missing);
    }
    if (header_.size() == header_size(header_)) {
        begin_frame();
    }
    return bytes;
}

void reply_counter::begin_frame() {
    opcode_ = static_cast<unsigned char>(header_[0] & 0x0f);
    payload_left_ = payload_size(header_);
    header_.clear();
    in_payload_ = true;
    if (opcode_ >= opcode_close) {
        control_.clear();
    }
    if (payload_left_ == 0) {
        end_frame();
    }
}

void reply_counter::end_frame() {
    in_payload_ = false;
    if (opcode_ == opcode_ping) {
        ping_due_ = true;
    } else if (opcode_ == opcode_close) {
        counts_.closed = true;
        counts_.close_text += control_.size() > 2 ? " WebSocket: " + control_.substr(2) : " WebSocket close";
    }
}

void reply_counter::feed_payload(std::string_view bytes) {
    // The answer to the handshake is JSON, whatever the frame.
    if (opcode_ == opcode_binary && counts_.handshakes > 0) {
        feed_lengths(bytes);
        return;
    }
    while (!bytes.empty()) {
        const std::size_t end = bytes.find(record_end);
        const std::string_view piece = bytes.substr(0, end);
        if (end != std::string_view::npos && message_head_.empty()) {
            count_message(piece);
        } else {
            message_head_.append(piece.substr(0, kept_head - std::min(kept_head, message_head_.size())));
            if (end != std::string_view::npos) {
                count_message(message_head_);
                message_head_.clear();
            }
        }
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
}

void reply_counter::feed_lengths(std::string_view bytes) {
    while (!bytes.empty()) {
        if (!length_known_) {
            const auto byte = static_cast<unsigned char>(bytes.front());
            bytes.remove_prefix(1);
            length_ |= static_cast<std::uint64_t>(byte & 0x7f) << length_bits_;
            length_bits_ += 7;
            length_known_ = (byte & 0x80) == 0;
            continue;
        }
        const std::string_view piece =
            bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(length_, bytes.size())));
        message_head_.append(piece.substr(0, kept_head - std::min(kept_head, message_head_.size())));
        bytes.remove_prefix(piece.size());
        length_ -= piece.size();
        if (length_ == 0) {
            count_messagepack(message_head_);
            message_head_.clear();
            length_bits_ = 0;
            length_known_ = false;
        }
    }
}

void reply_counter::count_messagepack(std::string_view message) {
    const char type = message.size() < 2 ? '\0' : message[1];
    if (type == 6) {
        return;
    }
    // [3, {}, id, kind, ...] with an id of at most 31 bytes; kind 1 is an error.
    const std::size_t kind = message.size() < 4 ? message.size() : 4 + (static_cast<unsigned char>(message[3]) & 0x1fu);
    if (type != 3 || kind >= message.size()) {
        counts_.closed = true;
        counts_.close_text += "unexpected message " + std::string(message);
        return;
    }
    ++counts_.completions;
    if (message[kind] == 1 && ++counts_.errors == 1) {
        counts_.error_text = message;
    }
    if (keep_completions_) {
        counts_.last_completion = message;
    }
}

// Servers write the type first; only the handshake's answer has none.
void reply_counter::count_message(std::string_view message) {
    constexpr std::string_view start = "{\"type\":";
    const char type = message.starts_with(start) && message.size() > start.size() ? message[start.size()] : '0';
    switch (type) {
        case '1': ++counts_.invocations; return;
        case '2': ++counts_.items; return;
        case '3': count_completion(message); return;
        case '6': return;
        case '7':
            counts_.closed = true;
            counts_.close_text += std::string(message);
            return;
        default: break;
    }
    if (message == "{}") {
        ++counts_.handshakes;
    } else {
        counts_.closed = true;
        counts_.close_text += "unexpected message " + std::string(message.substr(0, kept_head));
    }
}

void reply_counter::count_completion(std::string_view message) {
    constexpr std::string_view start = "{\"type\":3,\"invocationId\":\"";
    ++counts_.completions;
    const std::size_t quote = message.find('"', start.size());
    if (quote != std::string_view::npos && message.substr(quote + 1).starts_with(",\"error\"")) {
        if (++counts_.errors == 1) {
            counts_.error_text = message.substr(0, kept_head);
        }
    }
    if (keep_completions_) {
        counts_.last_completion = message.substr(0, kept_head);
    }
}

}  // namespace benchmark
