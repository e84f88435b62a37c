// SPDX-License-Identifier: MIT
#include "transport/websocket_transport.hpp"

#include "base/memory.hpp"
#include "log/counters.hpp"
#include "runtime/lane.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <utility>

namespace asignalr::detail {
namespace {

constexpr std::size_t most_bytes_per_turn = 16 * 1024;
constexpr std::size_t most_pieces_per_write = 64;
constexpr std::size_t most_drained_bytes = 64 * 1024;
constexpr auto drain_time = std::chrono::seconds(1);

constexpr unsigned code_of(transport_close why) noexcept {
    switch (why) {
        case transport_close::normal: return 1000;
        case transport_close::going_away: return 1001;
        case transport_close::too_large: return 1009;
        case transport_close::failed: break;
    }
    return 1011;
}

constexpr opcode opcode_for(transfer_format format) noexcept {
    return format == transfer_format::text ? opcode::text : opcode::binary;
}

}  // namespace

websocket_transport::websocket_transport(
    lane& where,
    std::unique_ptr<byte_stream> stream,
    std::string head,
    std::string early_bytes,
    byte_buffer posted,
    clock_source::duration close_timeout)
    : lane_(where),
      stream_(std::move(stream)),
      decoder_(role::server),
      tail_(std::move(posted)),
      unread_(std::move(early_bytes)),
      close_timeout_(close_timeout) {
    stream_->attach(this);
    send_bytes(head);
}

websocket_transport::~websocket_transport() = default;

void websocket_transport::start(transport_events& events) {
    events_ = &events;
    resume();
}

// ---- reading

void websocket_transport::on_readable() {
    lane_.check_thread();
    with_memory([&] { read(); });
}

template <class Turn>
void websocket_transport::with_memory(Turn turn) noexcept {
    with_memory_or(std::move(turn), [this] {
        lane_.count().out_of_memory.add();
        abort();
    });
}

void websocket_transport::read() {
    if (state_ == state::draining) return drain();
    if (paused_ && broken_) {
        end_input(input_end::lost);
        return finish();
    }
    if (paused_ || state_ == state::over) return;
    char* buffer = lane_.read_buffer();
    const io_result read = stream_->read_some(buffer, most_bytes_per_turn);
    if (read.would_block()) return stream_->wait_readable();
    if (read.error) {
        end_input(input_end::lost);
        return finish();
    }
    process(buffer, read.size);
    if (state_ == state::draining || (!paused_ && state_ != state::over)) stream_->wait_readable();
}

void websocket_transport::resume() {
    paused_ = false;
    if (state_ == state::over) return;
    if (!tail_.empty() || !unread_.empty()) {
        std::string unread = std::move(unread_);
        unread_.clear();
        process(unread.data(), unread.size());
    }
    if (state_ == state::draining || (!paused_ && state_ != state::over)) stream_->wait_readable();
}

// Everything that one turn brings is bracketed, so that the answers leave together.
void websocket_transport::process(char* bytes, std::size_t size) {
    events_->on_read_begin();
    if (!tail_.empty() && state_ == state::open) offer_tail();
    take_frames(bytes, size);
    events_->on_read_end();
}

void websocket_transport::take_frames(char* bytes, std::size_t size) {
    char* cursor = bytes;
    char* const end = bytes + size;
    // Behind the peer's Close, or a frame against the rules, there is nothing to be taken apart, also if our own Close cannot leave yet.
    while (!paused_ && !shut_after_flush_ && (state_ == state::open || state_ == state::closing)) {
        if (!take(decoder_.next(cursor, end))) return;
    }
    if (paused_) unread_.append(cursor, end);
}

// Returns false when nothing more can be taken from these bytes.
bool websocket_transport::take(const frame_decoder::event& event) {
    switch (event.what) {
        case frame_decoder::event::kind::need_more: return false;
        case frame_decoder::event::kind::data:
            if (state_ == state::open) deliver(event.data, event.size);
            return true;
        case frame_decoder::event::kind::control_ping:
            if (state_ == state::open) send_pong({event.data, event.size});
            return true;
        case frame_decoder::event::kind::control_pong: return true;
        case frame_decoder::event::kind::control_close: answer_close(1000); return false;
        case frame_decoder::event::kind::failed: refuse(event.code); return false;
    }
    return false;
}

void websocket_transport::deliver(char* bytes, std::size_t size) {
    if (!tail_.empty()) {
        tail_.append({bytes, size});
        return offer_tail();
    }
    const std::size_t taken = events_->on_bytes(bytes, size);
    if (state_ == state::open && taken < size) tail_.append({bytes + taken, size - taken});
}

void websocket_transport::offer_tail() {
    const std::size_t taken = events_->on_bytes(tail_.data(), tail_.size());
    if (state_ != state::open || taken >= tail_.size())
        tail_.release();
    else
        tail_.erase_front(taken);
}

// ---- writing

std::size_t websocket_transport::pending() const noexcept {
    if (!outgoing_) return 0;
    std::size_t bytes = outgoing_->bytes.size() + outgoing_->pong.size() + outgoing_->close_frame.size();
    for (std::size_t index = outgoing_->next; index < outgoing_->messages.size(); ++index)
        bytes += outgoing_->messages[index].framed().size();
    return bytes - outgoing_->sent;
}

void websocket_transport::write(char* message, std::size_t size, transfer_format format) {
    assert(!blocked());
    std::array<char, header_room> header;
    const std::size_t header_size = write_frame_header(header.data(), opcode_for(format), size);
    char* frame = message - header_size;
    std::memcpy(frame, header.data(), header_size);
    send_bytes({frame, header_size + size});
}

void websocket_transport::write(std::span<const payload> messages) {
    assert(!blocked() && messages.size() <= most_pieces_per_write);
    if (state_ != state::open) return;
    std::array<std::string_view, most_pieces_per_write> pieces;
    std::size_t total = 0;
    for (std::size_t index = 0; index < messages.size(); ++index) {
        pieces[index] = messages[index].framed();
        total += pieces[index].size();
    }
    const io_result written = stream_->write_some({pieces.data(), messages.size()});
    lane_.count().writes.add();
    if (written.error && !written.would_block()) return write_failed();
    if (written.size == total) return;

    outgoing_ = std::make_unique<unsent>();
    outgoing_->messages.assign(messages.begin(), messages.end());
    outgoing_->sent = written.size;
    while (outgoing_->sent >= outgoing_->messages[outgoing_->next].framed().size())
        outgoing_->sent -= outgoing_->messages[outgoing_->next++].framed().size();
    stream_->wait_writable();
}

void websocket_transport::send_pong(std::string_view payload) {
    std::array<char, 16 + 125> frame;
    const std::size_t header = write_frame_header(frame.data(), opcode::pong, payload.size());
    std::memcpy(frame.data() + header, payload.data(), payload.size());
    const std::string_view bytes(frame.data(), header + payload.size());
    if (outgoing_)
        outgoing_->pong.assign(bytes);
    else
        send_bytes(bytes);
}

// Bytes of ours that are frames already, at a time when nothing waits.
void websocket_transport::send_bytes(std::string_view bytes) {
    if (state_ == state::over || state_ == state::draining) return;
    assert(!outgoing_);
    const io_result written = stream_->write_some({&bytes, 1});
    lane_.count().writes.add();
    if (written.error && !written.would_block()) return write_failed();
    if (written.size == bytes.size()) return;
    outgoing_ = std::make_unique<unsent>();
    outgoing_->bytes.append(bytes.substr(written.size));
    stream_->wait_writable();
}

void websocket_transport::on_writable() {
    lane_.check_thread();
    with_memory([&] { go_on_writing(); });
}

void websocket_transport::go_on_writing() {
    if (state_ == state::over || !outgoing_) return;
    flush_unsent();
    if (outgoing_ || state_ == state::over) return;
    if (shut_after_flush_) return shut_and_drain();
    if (events_ != nullptr && state_ == state::open) events_->on_writable();
}

// Who reads learns of it behind what still arrived, in a turn of its own; while reading is paused nobody else would.
void websocket_transport::write_failed() {
    broken_ = true;
    stream_->wait_readable();
}

void websocket_transport::flush_unsent() {
    unsent& waiting = *outgoing_;
    if (waiting.bytes.empty() && waiting.next == waiting.messages.size())
        waiting.bytes = byte_buffer(std::exchange(waiting.pong, {}) + std::exchange(waiting.close_frame, {}));
    std::array<std::string_view, most_pieces_per_write> pieces;
    std::size_t count = 0;
    if (!waiting.bytes.empty()) pieces[count++] = waiting.bytes.view();
    for (std::size_t index = waiting.next; index < waiting.messages.size() && count < pieces.size(); ++index)
        pieces[count++] = waiting.messages[index].framed();
    if (count == 0) return outgoing_.reset();
    pieces[0].remove_prefix(waiting.sent);

    const io_result written = stream_->write_some({pieces.data(), count});
    lane_.count().writes.add();
    if (written.error && !written.would_block()) {
        end_input(input_end::lost);
        return finish();
    }
    waiting.sent += written.size;
    taken_late_ += written.size;
    if (!waiting.bytes.empty() && waiting.sent >= waiting.bytes.size()) {
        waiting.sent -= waiting.bytes.size();
        waiting.bytes.release();
    }
    if (waiting.bytes.empty()) {
        while (waiting.next < waiting.messages.size() &&
               waiting.sent >= waiting.messages[waiting.next].framed().size())
            waiting.sent -= waiting.messages[waiting.next++].framed().size();
    }
    const bool all_sent = waiting.bytes.empty() && waiting.next == waiting.messages.size() && waiting.pong.empty() &&
                          waiting.close_frame.empty();
    if (all_sent)
        outgoing_.reset();
    else
        stream_->wait_writable();
}

// ---- ending

void websocket_transport::close(transport_close why) {
    if (state_ != state::open) return;
    state_ = state::closing;
    input_ended_ = true;
    paused_ = false;
    send_close(code_of(why));
    // What was kept while reading was paused stands in front of the peer's Close, or is it.
    std::string unread = std::exchange(unread_, {});
    take_frames(unread.data(), unread.size());
    stream_->wait_readable();
}

void websocket_transport::abort() noexcept {
    if (state_ == state::over) return;
    input_ended_ = true;
    finish();
}

// The peer's Close: answer it if it is the first, and let the peer read that before the socket goes. The end is told before the
// answer is sent, so that what is still to be said about earlier frames goes in front of it.
void websocket_transport::answer_close(unsigned code) {
    end_input(input_end::closed);
    if (state_ == state::open) send_close(code);
    shut_after_flush_ = true;
    if (!outgoing_) shut_and_drain();
}

void websocket_transport::refuse(unsigned code) {
    lane_.count().malformed_messages.add();
    end_input(input_end::malformed);
    if (state_ == state::open) send_close(code);
    shut_after_flush_ = true;
    if (!outgoing_) shut_and_drain();
}

void websocket_transport::send_close(unsigned code) {
    std::array<char, 4> frame;
    write_frame_header(frame.data(), opcode::close, 2);
    frame[2] = static_cast<char>(code >> 8);
    frame[3] = static_cast<char>(code & 0xff);
    if (outgoing_)
        outgoing_->close_frame.assign(frame.data(), frame.size());
    else
        send_bytes({frame.data(), frame.size()});
    if (state_ == state::open) state_ = state::closing;
    deadline_ = lane_.now() + close_timeout_;
}

// Closing a socket with unread bytes resets it, and the peer might never see our last frame: so the rest is read away first.
void websocket_transport::shut_and_drain() {
    if (state_ == state::over || state_ == state::draining) return;
    state_ = state::draining;
    deadline_ = lane_.now() + drain_time;
    stream_->shutdown_send();
    stream_->wait_readable();
}

void websocket_transport::drain() {
    const io_result read = stream_->read_some(lane_.read_buffer(), most_bytes_per_turn);
    drained_ += read.size;
    if ((read.error && !read.would_block()) || drained_ > most_drained_bytes) return finish();
    stream_->wait_readable();
}

void websocket_transport::on_post(std::shared_ptr<exchange> asked) {
    asked->respond({.status = 405, .body = "POST requests are not allowed for WebSocket connections.", .content_type = "text/plain"});
}

void websocket_transport::on_sweep(clock_source::time_point now) {
    if ((state_ == state::closing || state_ == state::draining) && now >= deadline_) finish();
}

void websocket_transport::end_input(input_end how) {
    const bool first = !std::exchange(input_ended_, true);
    if (first && events_ != nullptr) events_->on_input_ended(how);
}

void websocket_transport::finish() {
    if (state_ == state::over) return;
    state_ = state::over;
    outgoing_.reset();
    stream_->attach(nullptr);
    stream_->close();
    if (events_ != nullptr) events_->on_released();
}

}  // namespace asignalr::detail
