// SPDX-License-Identifier: MIT
#pragma once

#include "net/memory_stream.hpp"
#include "recording_events.hpp"
#include "runtime/lane.hpp"
#include "transport/websocket_transport.hpp"
#include "wire/websocket_frame.hpp"

#include <asio/error.hpp>
#include <asio/io_context.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// A frame of the client's, masked; `first_byte` as it goes on the wire.
inline std::string client_frame(std::string_view payload, unsigned first_byte = 0x81) {
    std::array<char, 14> header;
    const std::array<std::uint8_t, 4> mask{1, 2, 3, 4};
    const std::size_t size = write_masked_frame_header(header.data(), opcode::text, payload.size(), mask);
    std::string frame(header.data(), size);
    frame[0] = static_cast<char>(first_byte);
    for (std::size_t index = 0; index < payload.size(); ++index)
        frame += static_cast<char>(payload[index] ^ static_cast<char>(mask[index & 3]));
    return frame;
}

inline std::string server_frame(std::string_view payload, unsigned first_byte = 0x81) {
    std::array<char, 10> header;
    const std::size_t size = write_frame_header(header.data(), opcode::text, payload.size());
    header[0] = static_cast<char>(first_byte);
    return std::string(header.data(), size) + std::string(payload);
}

/// The server's Close frame.
inline std::string close_frame(unsigned code) {
    return server_frame(std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)}, 0x88);
}

/// One transport over a stream in memory, on a lane whose clock stands still until it is moved.
class websocket_fixture : public testing::Test {
protected:
    ~websocket_fixture() override {
        transport_.reset();
        lane_->stop();
        run();
    }

    void open(std::size_t capacity = 64 * 1024, std::string early_bytes = {}, std::string_view posted = {}) {
        auto [mine, theirs] = memory_stream::make_pair(lane_->executor(), capacity);
        client_ = std::move(mine);
        server_end_ = theirs.get();
        transport_ = std::make_unique<websocket_transport>(
            *lane_, std::move(theirs), "HEAD", std::move(early_bytes), byte_buffer(posted), std::chrono::seconds(5));
        transport_->start(events_);
        EXPECT_EQ(take(), "HEAD");
    }
    void run() {
        context_.restart();
        context_.poll();
    }
    /// Everything the transport sends, up to the end.
    std::string take() {
        std::string bytes;
        std::array<char, 4096> buffer;
        while (true) {
            run();
            const io_result result = client_->read_some(buffer.data(), buffer.size());
            if (result.would_block()) return bytes;
            if (result.error) return bytes + (result.error == asio::error::eof ? "[end]" : "[reset]");
            bytes.append(buffer.data(), result.size);
        }
    }
    void give(std::string_view bytes) {
        while (!bytes.empty()) {
            const io_result result = client_->write_some({&bytes, 1});
            if (result.error) break;
            bytes.remove_prefix(result.size);
        }
        run();
    }
    std::string exchange_bytes(std::string_view bytes) {
        give(bytes);
        return take();
    }
    void write(std::string_view message) {
        std::string room(transport::header_room, '\0');
        room += message;
        transport_->write(room.data() + transport::header_room, message.size(), transfer_format::text);
    }
    static payload shared(std::string_view message) {
        std::array<char, payload::header_room> header;
        const std::size_t size = write_frame_header(header.data(), opcode::text, message.size());
        return payload::make({header.data(), size}, message, transfer_format::text);
    }
    void pass(std::chrono::milliseconds time) {
        clock_->advance(time);
        transport_->on_sweep(lane_->now());
        run();
    }

    asio::io_context context_{1};
    std::shared_ptr<manual_clock> clock_ = std::make_shared<manual_clock>();
    std::shared_ptr<lane> lane_ = lane::on_context(context_, {.clock = clock_, .sweeps_itself = false});
    recording_events events_;
    std::unique_ptr<memory_stream> client_;
    memory_stream* server_end_ = nullptr;
    std::unique_ptr<websocket_transport> transport_;
};

}  // namespace asignalr::detail
