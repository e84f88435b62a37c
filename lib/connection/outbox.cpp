// SPDX-License-Identifier: MIT
#include "connection/outbox.hpp"

#include <asignalr/base/error.hpp>

#include "wire/websocket_frame.hpp"

#include <algorithm>
#include <array>
#include <span>

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

void outbox::uncork() {
    if (!corked()) return;
    if (!buffers_.corked.empty()) hand_over(buffers_.corked, false);
    buffers_.cork_owner = nullptr;
}

void outbox::send_now() {
    uncork();
    drain();
}

bool outbox::send_before(transport_close why) {
    send_now();
    return idle() || (why == transport_close::going_away && transport_->is_polled() && transport_->blocked());
}

std::string& outbox::begin() {
    std::string& buffer = corked() ? buffers_.corked.bytes() : buffers_.single.bytes();
    begun_at_ = buffer.size();
    return buffer;
}

bool outbox::commit() {
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

bool outbox::send(const payload& message) {
    if (transport_ == nullptr) return true;
    if (over_budget()) return false;
    lane_.count().messages_sent.add();
    if (corked()) {
        if (message.message().size() <= worth_copying) {
            buffers_.corked.bytes().append(message.message());
            if (buffers_.corked.size() >= most_gathered) hand_over(buffers_.corked, false);
            return true;
        }
        if (!buffers_.corked.empty()) hand_over(buffers_.corked, false);
    }
    if (transport_->blocked() || queue_ || sent_this_turn_) {
        enqueue(message);
        return true;
    }
    transport_->write(std::span(&message, 1));
    sent_this_turn_ = true;
    lane_.flush_later(*this);
    return true;
}

// Gives a buffer to the transport, or queues a copy behind what waits.
void outbox::hand_over(outgoing_buffer& buffer, bool counts_as_turn) {
    if (transport_ != nullptr) {
        if (transport_->blocked() || queue_ || (counts_as_turn && sent_this_turn_)) {
            enqueue(make_framed_payload({buffer.message(), buffer.size()}, format_));
        } else {
            transport_->write(buffer.message(), buffer.size(), format_);
            if (counts_as_turn) {
                sent_this_turn_ = true;
                lane_.flush_later(*this);
            }
        }
    }
    buffer.clear();
}

void outbox::enqueue(payload message) {
    if (!queue_) queue_ = std::make_unique<queue>();
    queue_->bytes += message.framed().size();
    lane_.count().queued_bytes.add(message.framed().size());
    queue_->messages.push_back(std::move(message));
    if (!transport_->blocked()) lane_.flush_later(*this);
}

void outbox::flush() {
    sent_this_turn_ = false;
    drain();
    tell_waiting();
}

void outbox::on_writable() {
    drain();
    tell_waiting();
}

void outbox::drain() {
    while (queue_ && transport_ != nullptr && !transport_->blocked()) {
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

void outbox::tell_waiting() {
    if (waiting_ && !waiting_->empty() && has_room()) waiting_->wake_all({});
}

}  // namespace asignalr::detail
