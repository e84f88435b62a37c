// SPDX-License-Identifier: MIT
#include "hub_counter.hpp"

#include "messages.hpp"

#include <algorithm>

namespace benchmark {
namespace {

constexpr std::size_t kept_head = 200;

}  // namespace

void hub_counter::feed(std::string_view piece) {
    while (!piece.empty()) {
        if (!counts_.greeted) {
            piece = feed_handshake(piece);
        } else {
            piece = messagepack_ ? feed_length(piece) : feed_record(piece);
        }
    }
}

// The answer to the handshake is JSON in either protocol.
std::string_view hub_counter::feed_handshake(std::string_view bytes) {
    const std::size_t end = bytes.find(record_end);
    keep_head(bytes.substr(0, end));
    if (end == std::string_view::npos) {
        return {};
    }
    counts_.greeted = head_ == "{}";
    if (!counts_.greeted) {
        refuse(head_);
        return {};
    }
    head_.clear();
    return bytes.substr(end + 1);
}

std::string_view hub_counter::feed_record(std::string_view bytes) {
    const std::size_t end = bytes.find(record_end);
    const std::string_view piece = bytes.substr(0, end);
    if (end == std::string_view::npos) {
        keep_head(piece);
        return {};
    }
    if (head_.empty()) {
        count_json(piece);
    } else {
        keep_head(piece);
        count_json(head_);
        head_.clear();
    }
    return bytes.substr(end + 1);
}

std::string_view hub_counter::feed_length(std::string_view bytes) {
    if (!length_known_) {
        const auto byte = static_cast<unsigned char>(bytes.front());
        length_ |= static_cast<std::uint64_t>(byte & 0x7f) << length_bits_;
        length_bits_ += 7;
        length_known_ = (byte & 0x80) == 0;
        return bytes.substr(1);
    }
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(length_, bytes.size()));
    keep_head(bytes.substr(0, size));
    length_ -= size;
    if (length_ == 0) {
        count_messagepack(head_);
        head_.clear();
        length_bits_ = 0;
        length_known_ = false;
    }
    return bytes.substr(size);
}

void hub_counter::keep_head(std::string_view piece) {
    head_.append(piece.substr(0, kept_head - std::min(kept_head, head_.size())));
}

void hub_counter::count_messagepack(std::string_view message) {
    const char type = message.size() < 2 ? '\0' : message[1];
    if (type == 1) {
        ++counts_.invocations;
        return;
    }
    if (type == 6) {
        return;
    }
    // [3, {}, id, kind, ...] with an id of at most 31 bytes; kind 1 is an error.
    const std::size_t kind = message.size() < 4 ? message.size() : 4 + (static_cast<unsigned char>(message[3]) & 0x1fu);
    if (type != 3 || kind >= message.size()) {
        refuse(message);
        return;
    }
    ++counts_.completions;
    if (message[kind] == 1 && ++counts_.errors == 1) {
        counts_.error_text = message;
    }
    if (keeps_completions()) {
        counts_.last_completion = message;
    }
}

// Servers write the type first.
void hub_counter::count_json(std::string_view message) {
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
        default: refuse(message);
    }
}

void hub_counter::count_completion(std::string_view message) {
    constexpr std::string_view start = "{\"type\":3,\"invocationId\":\"";
    ++counts_.completions;
    const std::size_t quote = message.find('"', start.size());
    if (quote != std::string_view::npos && message.substr(quote + 1).starts_with(",\"error\"")) {
        if (++counts_.errors == 1) {
            counts_.error_text = message.substr(0, kept_head);
        }
    }
    if (keeps_completions()) {
        counts_.last_completion = message.substr(0, kept_head);
    }
}

void hub_counter::refuse(std::string_view message) {
    counts_.closed = true;
    counts_.close_text += "unexpected message " + std::string(message.substr(0, kept_head));
}

}  // namespace benchmark
