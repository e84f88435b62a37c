// SPDX-License-Identifier: MIT
#pragma once

#include "base/byte_buffer.hpp"
#include "base/memory.hpp"
#include "net/byte_stream.hpp"
#include "net/exchange.hpp"
#include "net/minimum_rate.hpp"
#include "runtime/sweep.hpp"
#include "wire/http_body.hpp"
#include "wire/http_request_parser.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace asignalr::detail {

class http_connections;
class http_exchange;
class lane;

/// HTTP/1.1 on one byte stream (RFC 9112), the server's side: reads a request, hands it out as an exchange, writes the
/// answer, and so on. At rest it holds neither a buffer nor what reading takes. Requests that arrive early wait until the one before is answered.
///
/// Made and kept by http_connections: start(), then it lives from events until finish().
class http_connection final : public std::enable_shared_from_this<http_connection>,
                              private stream_events,
                              private sweep_entry {
public:
    http_connection(http_connections& owner, std::unique_ptr<byte_stream> stream);
    ~http_connection();

    /// @param decided for a connection from elsewhere, whose first request was decided about there: the headers of its answer
    void start(std::string bytes_read, std::optional<http_headers> decided);
    void close_if_idle();
    /// Closes the stream and leaves the set, which may destroy this.
    void finish() noexcept;

private:
    friend class http_exchange;

    enum class state : unsigned char {
        idle,      ///< No byte of the next request has been seen.
        head,      ///< Within its head.
        body,      ///< Within its body; its exchange is out already if that is streamed.
        complete,  ///< It is whole, and about to be handed out.
        handling,  ///< Its exchange is out.
        writing,   ///< The answer did not leave at once.
        draining,  ///< We said our last; what the peer still sends is thrown away, so that it can read the answer.
        over,
    };

    // What it takes to read one request: from its first byte until it is handed out, or its body has come.
    struct reading {
        explicit reading(http_limits limits) noexcept : parser(limits) {}

        http_request_parser parser;
        std::optional<http_request> request;
        std::optional<body_decoder> decoder;
        std::string body;              // what has come of it and was not handed on
        std::string_view body_option;  // what limits it
        minimum_rate rate;
    };

    // How the end of an answer's body is found.
    enum class framing : unsigned char { length, chunks, end_of_stream, no_body };

    void on_readable() override;
    void on_writable() override;
    void on_sweep(clock_source::time_point now) override;

    /// Does something that the connection ends with if memory runs out.
    template <class Turn>
    void with_memory(Turn turn) noexcept {
        with_memory_or(std::move(turn), [this] { out_of_memory(); });
    }
    void out_of_memory() noexcept;
    void read();
    void write();
    void look_at_time(clock_source::time_point now);
    void take_input(std::string_view bytes);
    std::size_t take(std::string_view bytes);
    std::size_t take_head(std::string_view bytes);
    std::size_t take_body(std::string_view bytes);
    void end_head(bool body_has_arrived);
    bool answered_by_decision();
    void input_ended();
    void go_on();
    void go_on_later();
    void hand_out();
    void wait();

    void begin_body();
    void read_body();
    void pause_body() noexcept;
    void resume_body();
    void hand_on_body();
    void end_streamed_body();
    void fail_body(int status, std::string_view text, std::string_view option);
    void forget_body() noexcept;
    bool body_held() const noexcept { return streaming_ && body_paused_; }
    bool has_body_bytes() const noexcept { return reading_ && !reading_->body.empty(); }

    void refuse(int status, std::string_view text, std::string_view option);
    void answer(http_response response, bool close);
    std::string head_of(const http_response& response, framing by, bool close) const;
    void send(std::string_view head, std::string_view body);
    void count_answer(std::size_t size);
    std::size_t untaken() const noexcept { return output_.size() - output_position_ + stream_->untaken(); }
    bool takes_too_slowly(clock_source::time_point now);
    void answered();
    void drain();
    upgraded_stream give_away();
    void enter(state next);
    void arm(clock_source::duration from_now) noexcept;
    lane& where() noexcept;

    http_connections& owner_;
    std::unique_ptr<byte_stream> stream_;
    std::unique_ptr<reading> reading_;
    http_headers added_headers_;      // of the answer that is next
    std::string input_;               // arrived, but belongs to later requests
    std::size_t input_position_ = 0;  // how much of it has been taken
    byte_buffer output_;              // what the peer did not take at once
    std::size_t output_position_ = 0;
    http_exchange* exchange_ = nullptr;  // the one that is out
    clock_source::time_point deadline_{};
    minimum_rate response_rate_;
    std::size_t left_ = 0;  // what the peer had not taken when we last looked; 0: nothing that is worth looking at
    std::size_t drained_ = 0;
    state state_ = state::idle;
    bool going_on_ = false;
    bool input_ended_ = false;  // the peer has shut its half
    bool close_after_answer_ = false;
    bool decided_ = false;  // about the next request, before it came here
    bool body_wanted_ = true;  // the request is not a HEAD
    bool body_unread_ = false;   // a streamed body that nobody has asked for yet
    bool streaming_ = false;     // a body goes to the exchange as it arrives
    bool body_paused_ = false;
    bool continue_wanted_ = false;
};

}  // namespace asignalr::detail
