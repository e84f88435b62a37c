// SPDX-License-Identifier: MIT
#pragma once

#include "wire/websocket_frame.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

/// One frame as a test wants it, right or wrong.
struct test_frame {
    unsigned first_byte = 0x81;
    std::string payload{};
    bool masked = true;
    int length_bytes = -1;                          // 0, 2 or 8; -1: as few as possible
    std::optional<std::uint64_t> claimed_size{};    // instead of the payload's
    std::array<std::uint8_t, 4> mask{0x11, 0x82, 0xf3, 0x44};
};

inline std::string encode(const test_frame& frame) {
    const std::uint64_t size = frame.claimed_size.value_or(frame.payload.size());
    const int length_bytes = frame.length_bytes >= 0 ? frame.length_bytes : size < 126 ? 0 : size <= 0xffff ? 2 : 8;
    const unsigned length = length_bytes == 0 ? static_cast<unsigned>(size) : length_bytes == 2 ? 126u : 127u;
    std::string bytes;
    bytes += static_cast<char>(frame.first_byte);
    bytes += static_cast<char>((frame.masked ? 0x80u : 0u) | length);
    for (int index = length_bytes - 1; index >= 0; --index)
        bytes += static_cast<char>(size >> (8 * index) & 0xff);
    if (!frame.masked) return bytes + frame.payload;
    for (const std::uint8_t byte : frame.mask)
        bytes += static_cast<char>(byte);
    for (std::size_t index = 0; index < frame.payload.size(); ++index)
        bytes += static_cast<char>(static_cast<std::uint8_t>(frame.payload[index]) ^ frame.mask[index & 3]);
    return bytes;
}

/// What a decoder made of a conversation, pieces of a message put together again: `text:abc`, `ping:x`, `failed:1002`.
class conversation {
public:
    explicit conversation(role own = role::server) : decoder_(own) {}

    /// Hands over bytes, as one read from a socket would.
    void receive(std::string bytes) {
        char* cursor = bytes.data();
        char* const end = cursor + bytes.size();
        while (!over_) {
            const frame_decoder::event event = decoder_.next(cursor, end);
            if (event.what == frame_decoder::event::kind::need_more) break;
            record(event);
        }
    }
    const std::vector<std::string>& events() const noexcept { return events_; }

private:
    void record(const frame_decoder::event& event) {
        using kind = frame_decoder::event::kind;
        const std::string_view data(event.data, event.size);
        switch (event.what) {
            case kind::need_more: break;
            case kind::data:
                message_.append(data);
                if (!decoder_.message_ended()) break;
                events_.push_back((decoder_.message() == opcode::text ? "text:" : "binary:") + message_);
                message_.clear();
                break;
            case kind::control_ping: events_.push_back("ping:" + std::string(data)); break;
            case kind::control_pong: events_.push_back("pong:" + std::string(data)); break;
            case kind::control_close:
                events_.push_back("close:" + std::to_string(event.code) + ":" + std::string(data));
                over_ = true;
                break;
            case kind::failed:
                events_.push_back("failed:" + std::to_string(event.code));
                over_ = true;
                break;
        }
    }

    frame_decoder decoder_;
    std::string message_;
    std::vector<std::string> events_;
    bool over_ = false;
};

inline std::vector<std::string> decode(const std::string& bytes, role own = role::server) {
    conversation whole(own);
    whole.receive(bytes);
    return whole.events();
}

}  // namespace asignalr::detail
