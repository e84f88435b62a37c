// SPDX-License-Identifier: MIT
#pragma once

#include "message_counter.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace benchmark {

// Plain TCP: so many bytes are a message, whatever they say.
class byte_counter final : public message_counter {
public:
    explicit byte_counter(std::size_t message_size) : message_size_(message_size) { counts_.greeted = true; }

    void feed(std::string_view piece) override;

private:
    std::size_t message_size_;
    std::uint64_t received_ = 0;
};

// A plain WebSocket: a frame is a message.
class frame_counter final : public message_counter {
public:
    frame_counter() { counts_.greeted = true; }

    void feed(std::string_view piece) override;
    void end_frame() override;
};

// Socket.IO (protocol version 5) over Engine.IO (version 4): a frame is a packet, its first characters are the types of
// both.
class socket_io_counter final : public message_counter {
public:
    void feed(std::string_view piece) override;
    void end_frame() override;
    bool take_reply(std::string& reply) override;

private:
    void count(std::string_view packet);

    std::string packet_;
    std::string reply_;
};

}  // namespace benchmark
