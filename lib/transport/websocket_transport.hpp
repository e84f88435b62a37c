// SPDX-License-Identifier: MIT
#pragma once

#include "base/byte_buffer.hpp"
#include "net/byte_stream.hpp"
#include "transport/transport.hpp"
#include "wire/websocket_frame.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace asignalr::detail {

class lane;
struct counters;

/// Hub bytes over a WebSocket (RFC 6455), the server's side. At rest it holds no buffer: it waits for readability, reads into the
/// lane's buffer and unmasks in place. If memory runs out in a turn of its own, it is aborted.
class websocket_transport final : public transport, private stream_events {
public:
    static constexpr std::string_view transport_name = "WebSockets";

    /// @param head        the 101 answer, which is written before anything else
    /// @param early_bytes what the client sent behind its request
    /// @param posted      hub bytes that came before the WebSocket was opened
    websocket_transport(lane& where, std::unique_ptr<byte_stream> stream, std::string head, std::string early_bytes,
                        byte_buffer posted, clock_source::duration close_timeout);
    ~websocket_transport() override;

    std::string_view name() const noexcept override { return transport_name; }
    bool carries(transfer_format) const noexcept override { return true; }

    // For a user to whom frames mean something, which hub bytes do not.

    /// Within on_bytes() that has taken all so far: the kind of the message that the bytes are of, text or binary.
    opcode message() const noexcept { return decoder_.message(); }
    /// Within the same: whether they are the last of it.
    bool message_ended() const noexcept { return decoder_.message_ended(); }
    /// A message has frame_decoder::most_frames_per_message at most, unless this is called before start().
    void allow_any_number_of_frames() noexcept { decoder_.allow_any_number_of_frames(); }

    void start(transport_events& events) override;
    bool blocked() const noexcept override { return outgoing_ != nullptr; }
    std::size_t pending() const noexcept override;
    std::size_t taken_late() const noexcept override { return taken_late_; }
    void write(char* message, std::size_t size, transfer_format format) override;
    void write(std::span<const payload> messages) override;
    void pause() noexcept override { paused_ = true; }
    void resume() override;
    void close(transport_close why) override;
    void abort() noexcept override;
    void on_post(std::shared_ptr<exchange> asked) override;
    void on_sweep(clock_source::time_point now) override;

private:
    enum class state : unsigned char {
        open,
        closing,   ///< Our Close frame is under way or sent; the peer's is awaited, data is thrown away.
        draining,  ///< Everything is sent and our half is shut; what the peer still sends is read and thrown away.
        over,
    };

    // What the peer did not take at once; exists while blocked only.
    struct unsent {
        byte_buffer bytes;              // goes first
        std::vector<payload> messages;  // then these, framed
        std::size_t next = 0;           // the first message that has not left whole
        std::size_t sent = 0;           // how much of `bytes`, or of that message when `bytes` is empty, has left
        std::string pong;               // then the answer to the last ping; the earlier ones need none (RFC 6455 section 5.5.3)
        std::string close_frame;        // then this one
    };

    void on_readable() override;
    void on_writable() override;

    template <class Turn>
    void with_memory(Turn turn) noexcept;
    void read();
    void go_on_writing();
    void process(char* bytes, std::size_t size);
    void take_frames(char* bytes, std::size_t size);
    bool take(const frame_decoder::event& event);
    void deliver(char* bytes, std::size_t size);
    void offer_tail();
    void answer_close(unsigned code);
    void refuse(unsigned code);
    void send_close(unsigned code);
    void send_pong(std::string_view payload);
    void send_bytes(std::string_view bytes);
    void keep_unsent(std::span<const std::string_view> pieces, std::size_t sent);
    void write_failed();
    void flush_unsent();
    void shut_and_drain();
    void drain();
    void end_input(input_end how);
    void finish();

    lane& lane_;
    std::unique_ptr<byte_stream> stream_;
    transport_events* events_ = nullptr;
    frame_decoder decoder_;
    byte_buffer tail_;    // hub bytes that were not taken yet
    std::string unread_;  // bytes that were read while reading was paused, still framed
    std::unique_ptr<unsent> outgoing_;
    clock_source::duration close_timeout_;
    clock_source::time_point deadline_{};
    std::size_t drained_ = 0;
    std::size_t taken_late_ = 0;
    state state_ = state::open;
    bool paused_ = false;
    bool broken_ = false;  // a write has failed
    bool input_ended_ = false;
    bool shut_after_flush_ = false;  // our half ends when all is sent: we answered the peer's Close, or refused
};

}  // namespace asignalr::detail
