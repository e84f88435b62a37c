// SPDX-License-Identifier: MIT
#include "net/memory_stream.hpp"

#include <asio/error.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <array>

namespace asignalr::detail {

/// What the two ends share. A direction belongs to the end that reads it.
struct memory_pipe : std::enable_shared_from_this<memory_pipe> {
    struct end {
        asio::any_io_executor executor;
        stream_events* events = nullptr;
        std::string arrived = {};  // not read yet
        bool arrived_all = false;  // the other end has shut its half
        bool open = true;
        bool wants_readable = false;
        bool wants_writable = false;
        bool told_readable = false;  // an event is posted
        bool told_writable = false;
    };

    std::array<end, 2> ends;
    std::size_t capacity = 0;
    bool broken = false;

    bool is_readable(std::size_t side) const noexcept {
        return broken || ends[side].arrived_all || !ends[side].arrived.empty();
    }
    bool is_writable(std::size_t side) const noexcept {
        const end& other = ends[1 - side];
        return broken || !other.open || other.arrived.size() < capacity;
    }

    // Posts what has become true since.
    void notify() {
        for (std::size_t side = 0; side < ends.size(); ++side) {
            if (ends[side].wants_readable && is_readable(side)) post(side, &end::told_readable);
            if (ends[side].wants_writable && is_writable(side)) post(side, &end::told_writable);
        }
    }

    void post(std::size_t side, bool end::*told) {
        if (std::exchange(ends[side].*told, true)) return;
        asio::post(ends[side].executor, [self = shared_from_this(), side, told] {
            end& mine = self->ends[side];
            mine.*told = false;
            bool end::*const wanted = told == &end::told_readable ? &end::wants_readable : &end::wants_writable;
            if (!std::exchange(mine.*wanted, false) || mine.events == nullptr) return;
            if (told == &end::told_readable)
                mine.events->on_readable();
            else
                mine.events->on_writable();
        });
    }
};

std::pair<std::unique_ptr<memory_stream>, std::unique_ptr<memory_stream>> memory_stream::make_pair(
    const asio::any_io_executor& executor, std::size_t capacity) {
    auto pipe = std::make_shared<memory_pipe>();
    pipe->ends[0].executor = pipe->ends[1].executor = executor;
    pipe->capacity = capacity;
    return {
        std::unique_ptr<memory_stream>(new memory_stream(pipe, 0)),
        std::unique_ptr<memory_stream>(new memory_stream(pipe, 1))};
}

memory_stream::memory_stream(std::shared_ptr<memory_pipe> pipe, std::size_t side) noexcept
    : pipe_(std::move(pipe)), side_(side) {}

memory_stream::~memory_stream() { close(); }

void memory_stream::attach(stream_events* events) noexcept {
    if (pipe_) pipe_->ends[side_].events = events;
}

void memory_stream::wait_readable() {
    if (!pipe_) return;
    pipe_->ends[side_].wants_readable = true;
    pipe_->notify();
}

void memory_stream::wait_writable() {
    if (!pipe_) return;
    pipe_->ends[side_].wants_writable = true;
    pipe_->notify();
}

io_result memory_stream::read_some(char* buffer, std::size_t size) noexcept {
    if (!pipe_) return {.error = asio::error::bad_descriptor};
    if (pipe_->broken) return {.error = asio::error::connection_reset};
    memory_pipe::end& mine = pipe_->ends[side_];
    if (mine.arrived.empty()) {
        if (mine.arrived_all) return {.error = asio::error::eof};
        return {.error = asio::error::would_block};
    }
    const std::size_t count = mine.arrived.copy(buffer, std::min(size, most_));
    mine.arrived.erase(0, count);
    pipe_->notify();
    return {.size = count};
}

io_result memory_stream::write_some(std::span<const std::string_view> pieces) noexcept {
    if (!pipe_) return {.error = asio::error::bad_descriptor};
    memory_pipe::end& other = pipe_->ends[1 - side_];
    if (pipe_->broken) return {.error = asio::error::connection_reset};
    if (!other.open || other.arrived_all) return {.error = asio::error::broken_pipe};
    const std::size_t free = pipe_->capacity - std::min(pipe_->capacity, other.arrived.size());
    const std::size_t room = std::min(free, most_);
    std::size_t written = 0;
    for (const std::string_view piece : pieces.first(std::min<std::size_t>(pieces.size(), 64))) {
        const std::string_view part = piece.substr(0, room - written);
        other.arrived.append(part);
        written += part.size();
    }
    if (written == 0 && room == 0) return {.error = asio::error::would_block};
    pipe_->notify();
    return {.size = written};
}

std::size_t memory_stream::untaken() noexcept { return pipe_ ? pipe_->ends[1 - side_].arrived.size() : 0; }

void memory_stream::shutdown_send() noexcept {
    if (!pipe_) return;
    pipe_->ends[1 - side_].arrived_all = true;
    pipe_->notify();
}

void memory_stream::close() noexcept {
    if (!pipe_) return;
    memory_pipe::end& mine = pipe_->ends[side_];
    mine.open = false;
    mine.events = nullptr;
    mine.wants_readable = mine.wants_writable = false;  // its context may be gone when the other end closes
    pipe_->ends[1 - side_].arrived_all = true;
    // As TCP does: who closes with bytes unread breaks the connection.
    if (!mine.arrived.empty()) pipe_->broken = true;
    pipe_->notify();
    pipe_.reset();
    let_go();
}

void memory_stream::reset() noexcept {
    if (!pipe_) return;
    pipe_->broken = true;
    pipe_->notify();
}

void memory_stream::reserve() {
    for (memory_pipe::end& each : pipe_->ends)
        each.arrived.reserve(pipe_->capacity);
}

std::unique_ptr<byte_stream> memory_stream::move_to(const asio::any_io_executor& executor) {
    memory_pipe::end& mine = pipe_->ends[side_];
    mine.executor = executor;
    mine.events = nullptr;
    mine.wants_readable = mine.wants_writable = false;
    std::unique_ptr<memory_stream> moved(new memory_stream(std::move(pipe_), side_));
    moved->take_over(*this);
    moved->most_ = most_;
    moved->remote_address_ = std::move(remote_address_);
    return moved;
}

}  // namespace asignalr::detail
