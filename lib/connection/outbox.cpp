// SPDX-License-Identifier: MIT
#include "connection/outbox.hpp"

#include <asignalr/base/error.hpp>

#include "base/memory.hpp"
#include "wire/websocket_frame.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace asignalr::detail {
namespace {

// A shared message up to this size is copied behind what is gathered already: cheaper than a write of its own.
constexpr std::size_t worth_copying = 2 * 1024;
// What is gathered leaves at this size at the latest.
constexpr std::size_t most_gathered = 16 * 1024;
constexpr std::size_t most_messages_per_write = 64;
constexpr std::size_t most_bytes_per_write = 64 * 1024;

}  // namespace

payload make_framed_payload(std::string_view message, transfer_format format) {
    std::array<char, payload::header_room> header;
    const std::size_t size =
        write_frame_header(header.data(), format == transfer_format::text ? opcode::text : opcode::binary, message.size());
    return payload::make({header.data(), size}, message, format);
}

outbox::~outbox() {
    if (queue_) lane_.count().queued_bytes.subtract(queue_->bytes);
    if (corked()) buffers_.cork_owner = nullptr;
}

void outbox::close() noexcept {
    transport_ = nullptr;
    if (queue_) lane_.count().queued_bytes.subtract(queue_->bytes);
    queue_.reset();
    if (corked()) buffers_.corked.clear();
    if (waiting_) waiting_->wake_all(errc::connection_closed);
}

void outbox::cork() noexcept { buffers_.cork_owner = this; }

void outbox::uncork() noexcept {
    if (!corked()) return;
    if (!buffers_.corked.empty()) hand_over(buffers_.corked, false);
    buffers_.cork_owner = nullptr;
}

void outbox::send_now() noexcept {
    uncork();
    drain();
}

bool outbox::send_before(transport_close why) noexcept {
    send_now();
    return idle() || (why == transport_close::going_away && transport_->is_polled() && transport_->blocked());
}

// Who cannot be told something for want of memory is told nothing any more.
template <class Action>
void outbox::with_memory(Action action) noexcept {
    with_memory_or(std::move(action), [this] {
        lane_.count().out_of_memory.add();
        if (transport_ != nullptr) transport_->abort();
    });
}

std::string& outbox::begin() {
    outgoing_buffer& buffer = corked() ? buffers_.corked : buffers_.single;
    if (!corked() && !buffer.empty()) buffer.clear();  // a message for which memory ran out in the middle
    begun_at_ = buffer.bytes().size();
    return buffer.bytes();
}

bool outbox::commit() noexcept {
    if (over_budget()) {
        rollback();
        return false;
    }
    lane_.count().messages_sent.add();
    if (!corked())
        hand_over(buffers_.single, true);
    else if (buffers_.corked.size() >= most_gathered)
        hand_over(buffers_.corked, false);
    return true;
}

void outbox::rollback() noexcept { (corked() ? buffers_.corked : buffers_.single).bytes().resize(begun_at_); }

bool outbox::send(const payload& message) noexcept {
    if (transport_ == nullptr) return true;
    if (over_budget()) return false;
    lane_.count().messages_sent.add();
    with_memory([&] {
        if (corked()) {
            if (message.message().size() <= worth_copying) {
                buffers_.corked.bytes().append(message.message());
                if (buffers_.corked.size() >= most_gathered) hand_over(buffers_.corked, false);
                return;
            }
            if (!buffers_.corked.empty()) hand_over(buffers_.corked, false);
        }
        if (!is_open()) return;
        if (transport_->blocked() || queue_ || sent_this_turn_) return enqueue(message);
        transport_->write(std::span(&message, 1));
        expect_more();
    });
    return true;
}

// Gives a buffer to the transport, or queues a copy behind what waits.
void outbox::hand_over(outgoing_buffer& buffer, bool counts_as_turn) noexcept {
    with_memory([&] {
        if (!is_open()) return;
        if (transport_->blocked() || queue_ || (counts_as_turn && sent_this_turn_))
            return enqueue(make_framed_payload({buffer.message(), buffer.size()}, format_));
        transport_->write(buffer.message(), buffer.size(), format_);
        if (counts_as_turn) expect_more();
    });
    buffer.clear();
}

// Something was sent in this turn: what follows leaves at its end.
void outbox::expect_more() {
    sent_this_turn_ = true;
    lane_.flush_later(*this);
}

void outbox::enqueue(payload message) {
    if (!queue_) queue_ = std::make_unique<queue>();
    const std::size_t size = message.framed().size();
    queue_->messages.push_back(std::move(message));
    queue_->bytes += size;
    lane_.count().queued_bytes.add(size);
    if (!transport_->blocked()) lane_.flush_later(*this);
}

void outbox::flush() noexcept {
    sent_this_turn_ = false;
    drain();
    tell_waiting();
}

void outbox::on_writable() noexcept {
    drain();
    tell_waiting();
}

void outbox::drain() noexcept {
    with_memory([&] {
        while (queue_ && is_open() && !transport_->blocked())
            write_some_of_queue();
    });
}

void outbox::write_some_of_queue() {
    const std::size_t first = queue_->next;
    std::size_t bytes = 0, last = first;
    while (last < queue_->messages.size() && last - first < most_messages_per_write && bytes < most_bytes_per_write)
        bytes += queue_->messages[last++].framed().size();
    transport_->write(std::span(queue_->messages).subspan(first, last - first));
    queue_->next = last;
    queue_->bytes -= bytes;
    lane_.count().queued_bytes.subtract(bytes);
    if (last == queue_->messages.size())
        queue_.reset();
    else if (last > 1024)  // what is sent is not kept, however long the queue lasts
        queue_->messages.erase(queue_->messages.begin(), queue_->messages.begin() + static_cast<std::ptrdiff_t>(std::exchange(queue_->next, 0)));
}

std::size_t outbox::queued() const noexcept {
    const std::size_t in_transport = transport_ != nullptr ? transport_->pending() : 0;
    return in_transport + (queue_ ? queue_->bytes : 0);
}

std::shared_ptr<waiting_list> outbox::waiting() {
    if (!waiting_) waiting_ = std::make_shared<waiting_list>();
    return waiting_;
}

asio::awaitable<void> outbox::room(std::shared_ptr<waiting_list> waiting, const outbox& self) {
    while (true) {
        if (!self.is_open()) throw std::system_error(errc::connection_closed);
        if (self.has_room()) co_return;
        co_await waiting->wait();
    }
}

void outbox::tell_waiting() noexcept {
    if (waiting_ && !waiting_->empty() && has_room()) waiting_->wake_all({});
}

}  // namespace asignalr::detail
