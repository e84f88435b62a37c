// SPDX-License-Identifier: MIT
#include "transport/server_sent_events_transport.hpp"

#include "base/memory.hpp"
#include "runtime/lane.hpp"
#include "wire/server_sent_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace asignalr::detail {
namespace {

constexpr std::size_t most_bytes_per_turn = 16 * 1024;
constexpr std::size_t most_pieces_per_write = 64;
// Nothing is expected behind the request: this much is read and thrown away.
constexpr std::size_t most_thrown_away = 64 * 1024;
constexpr auto drain_time = std::chrono::seconds(1);

http_response head_of_stream() {
    return {.content_type = "text/event-stream",
            .headers = {{"Cache-Control", "no-cache,no-store"}, {"Pragma", "no-cache"}, {"Content-Encoding", "identity"}}};
}

}  // namespace

server_sent_events_transport::server_sent_events_transport(
    lane& where,
    exchange& asked,
    std::unique_ptr<posted_input> input,
    std::chrono::milliseconds unacknowledged_timeout)
    : lane_(where), input_(std::move(input)) {
    streamed_answer answer = asked.stream_response(head_of_stream());
    stream_ = std::move(answer.upgraded.stream);
    chunked_ = answer.chunked;
    stream_->set_unacknowledged_timeout(unacknowledged_timeout);
    stream_->attach(this);
    send(answer.head + chunk_head(event_stream_begin.size()) + std::string(event_stream_begin) + std::string(chunk_end()));
}

server_sent_events_transport::~server_sent_events_transport() = default;

void server_sent_events_transport::start(transport_events& events) {
    events_ = &events;
    stream_->wait_readable();
    input_->start(*this, events);
}

// ---- writing

std::string server_sent_events_transport::chunk_head(std::size_t size) const {
    return chunked_ ? fmt::format("{:x}\r\n", size) : std::string();
}

std::string_view server_sent_events_transport::chunk_end() const noexcept {
    return chunked_ ? std::string_view("\r\n") : std::string_view();
}

void server_sent_events_transport::write(char* message, std::size_t size, transfer_format) {
    assert(!blocked());
    const std::string_view bytes(message, size);
    if (!is_one_event_line(bytes)) {
        std::string event;
        append_event(event, bytes);
        const std::string head = chunk_head(event.size());
        const std::array<std::string_view, 3> pieces{head, event, chunk_end()};
        return send_pieces(pieces);
    }
    const std::string head = chunk_head(event_begin.size() + size + event_end.size());
    const std::array<std::string_view, 5> pieces{head, event_begin, bytes, event_end, chunk_end()};
    send_pieces(pieces);
}

// One event for all.
void server_sent_events_transport::write(std::span<const payload> messages) {
    assert(!blocked());
    std::size_t size = 0;
    bool one_line = true;
    for (const payload& one : messages) {
        size += one.message().size();
        one_line = one_line && is_one_event_line(one.message());
    }
    if (!one_line || messages.size() + 4 > most_pieces_per_write) {
        std::string all;
        all.reserve(size);
        for (const payload& one : messages)
            all += one.message();
        return write(all.data(), all.size(), transfer_format::text);
    }
    const std::string head = chunk_head(event_begin.size() + size + event_end.size());
    std::array<std::string_view, most_pieces_per_write> pieces;
    std::size_t count = 0;
    pieces[count++] = head;
    pieces[count++] = event_begin;
    for (const payload& one : messages)
        pieces[count++] = one.message();
    pieces[count++] = event_end;
    pieces[count++] = chunk_end();
    send_pieces({pieces.data(), count});
}

void server_sent_events_transport::send_pieces(std::span<const std::string_view> pieces) {
    if (state_ != state::open || broken_) return;
    if (blocked()) {
        for (const std::string_view piece : pieces)
            unsent_.append(piece);
        return;
    }
    const io_result written = stream_->write_some(pieces);
    lane_.count().writes.add();
    if (written.error && !written.would_block()) return lose();
    std::size_t sent = written.size;
    for (std::string_view piece : pieces) {
        const std::size_t of_this = std::min(sent, piece.size());
        sent -= of_this;
        unsent_.append(piece.substr(of_this));
    }
    if (blocked()) stream_->wait_writable();
}

void server_sent_events_transport::on_writable() {
    lane_.check_thread();
    with_memory([&] { go_on_writing(); });
}

template <class Turn>
void server_sent_events_transport::with_memory(Turn turn) noexcept {
    with_memory_or(std::move(turn), [this] {
        lane_.count().out_of_memory.add();
        abort();
    });
}

void server_sent_events_transport::go_on_writing() {
    if (state_ != state::open || !blocked()) return;
    const std::string_view rest = unsent_.view().substr(sent_);
    const io_result written = stream_->write_some({&rest, 1});
    lane_.count().writes.add();
    if (written.error && !written.would_block()) return lose();
    sent_ += written.size;
    taken_late_ += written.size;
    if (sent_ < unsent_.size()) return stream_->wait_writable();
    unsent_.release();
    sent_ = 0;
    if (events_ != nullptr) events_->on_writable();
}

// A write has failed. Who reads learns of it in a turn of its own.
void server_sent_events_transport::lose() {
    broken_ = true;
    unsent_.release();
    sent_ = 0;
    stream_->wait_readable();
}

// ---- ending

// A client that closes the stream, or its half of it, has left: nothing is expected from it here.
void server_sent_events_transport::on_readable() {
    lane_.check_thread();
    with_memory([&] { read(); });
}

void server_sent_events_transport::read() {
    if (state_ == state::over) return;
    const io_result read = stream_->read_some(lane_.read_buffer(), most_bytes_per_turn);
    thrown_away_ += read.size;
    const bool gone = (read.error && !read.would_block()) || broken_ || thrown_away_ > most_thrown_away;
    if (!gone) return stream_->wait_readable();
    if (state_ == state::open && events_ != nullptr) events_->on_input_ended(input_end::lost);
    finish();
}

void server_sent_events_transport::close(transport_close) {
    if (state_ != state::open) return;
    if (chunked_) send("0\r\n\r\n");
    if (broken_) return finish();
    state_ = state::draining;
    deadline_ = lane_.now() + drain_time;
    input_->end();
    stream_->shutdown_send();
    stream_->wait_readable();
}

void server_sent_events_transport::abort() noexcept { finish(); }

void server_sent_events_transport::on_sweep(clock_source::time_point now) {
    if (state_ == state::draining && now >= deadline_) finish();
}

void server_sent_events_transport::finish() {
    if (state_ == state::over) return;
    state_ = state::over;
    input_->end();
    stream_->attach(nullptr);
    stream_->close();
    if (events_ != nullptr) events_->on_released();
}

}  // namespace asignalr::detail
