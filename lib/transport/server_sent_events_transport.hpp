// SPDX-License-Identifier: MIT
#pragma once

#include "base/byte_buffer.hpp"
#include "net/byte_stream.hpp"
#include "net/exchange.hpp"
#include "transport/posted_input.hpp"
#include "transport/transport.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace asignalr::detail {

class lane;

/// Hub texts in the events of one endless answer (TransportProtocols specification, "Server-Sent Events"); the client sends by POST. If memory
/// runs out in a turn of its own, it is aborted.
class server_sent_events_transport final : public transport, private stream_events {
public:
    static constexpr std::string_view transport_name = "ServerSentEvents";

    /// @param asked the GET, which is answered with the head of the stream
    /// @param input what the client posted before
    /// @param unacknowledged_timeout how long the client may leave sent bytes unacknowledged
    server_sent_events_transport(lane& where, exchange& asked, std::unique_ptr<posted_input> input,
                                 std::chrono::milliseconds unacknowledged_timeout);
    ~server_sent_events_transport() override;

    std::string_view name() const noexcept override { return transport_name; }
    bool carries(transfer_format format) const noexcept override { return format == transfer_format::text; }

    void start(transport_events& events) override;
    bool blocked() const noexcept override { return !unsent_.empty(); }
    std::size_t pending() const noexcept override { return unsent_.size() - sent_; }
    std::size_t taken_late() const noexcept override { return taken_late_; }
    void write(char* message, std::size_t size, transfer_format format) override;
    void write(std::span<const payload> messages) override;
    void pause() noexcept override { input_->pause(); }
    void resume() override { input_->resume(); }
    void close(transport_close why) override;
    void abort() noexcept override;
    void on_post(std::shared_ptr<exchange> asked) override { input_->take(std::move(asked)); }
    void on_sweep(clock_source::time_point now) override;

private:
    enum class state : unsigned char {
        open,
        draining,  ///< The answer has ended and our half is shut; what the peer still sends is read and thrown away.
        over,
    };

    void on_readable() override;
    void on_writable() override;

    template <class Turn>
    void with_memory(Turn turn) noexcept;
    void read();
    void go_on_writing();
    void send(std::string_view bytes) { send_pieces({&bytes, 1}); }
    void send_pieces(std::span<const std::string_view> pieces);
    std::string chunk_head(std::size_t size) const;
    std::string_view chunk_end() const noexcept;
    void lose();
    void finish();

    lane& lane_;
    std::unique_ptr<byte_stream> stream_;
    std::unique_ptr<posted_input> input_;
    transport_events* events_ = nullptr;
    byte_buffer unsent_;    // what the peer did not take at once
    std::size_t sent_ = 0;  // how much of it has left
    clock_source::time_point deadline_{};
    std::size_t taken_late_ = 0;
    std::size_t thrown_away_ = 0;
    state state_ = state::open;
    bool chunked_ = false;
    bool broken_ = false;  // a write has failed
};

}  // namespace asignalr::detail
