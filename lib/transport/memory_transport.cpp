// SPDX-License-Identifier: MIT
#include "transport/memory_transport.hpp"

#include "runtime/lane.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <string>

namespace asignalr::detail {

/// What the two ends share. A direction belongs to the end that reads it.
struct memory_link : std::enable_shared_from_this<memory_link> {
    struct end {
        transport_events* events = nullptr;
        std::string tail = {};                     // was delivered and not taken
        std::string arrived = {};                  // was not delivered yet
        std::optional<input_end> over_there = {};  // how the other end has ended
        std::size_t taken_late = 0;                // of what this end wrote
        bool paused = false;
        bool turn_posted = false;
        bool closing = false;
        bool over = false;
    };

    explicit memory_link(std::shared_ptr<lane> on) : where(std::move(on)) {}

    std::size_t unread(std::size_t side) const noexcept { return ends[side].arrived.size(); }
    std::size_t beyond_capacity(std::size_t side) const noexcept { return unread(side) - std::min(unread(side), capacity); }

    void write(std::size_t to, std::string_view bytes) {
        if (!is_reading(to)) return;
        ends[to].arrived += bytes;
        post_turn(to);
    }
    bool is_reading(std::size_t side) const noexcept { return !ends[side].over && !ends[side].closing; }
    void post_turn(std::size_t side) {
        if (!is_reading(side) || std::exchange(ends[side].turn_posted, true)) return;
        post([side](memory_link& self) {
            self.ends[side].turn_posted = false;
            self.take_turn(side);
        });
    }
    template <class Function>
    void post(Function function) {
        where->post([self = shared_from_this(), function] {
            self->where->check_thread();
            function(*self);
        });
    }
    void take_turn(std::size_t side) {
        end& mine = ends[side];
        if (!is_reading(side) || mine.paused || mine.events == nullptr) return;
        if (!mine.arrived.empty() || !mine.tail.empty()) deliver(side);
        if (!is_reading(side) || mine.paused || !mine.over_there || !mine.arrived.empty()) return;
        mine.events->on_input_ended(*mine.over_there);
        finish(side);
    }
    void deliver(std::size_t side) {
        end& mine = ends[side];
        transport_events& events = *mine.events;  // which stay, whatever they make of the transport
        const std::size_t late = beyond_capacity(side);
        std::string bytes = std::exchange(mine.tail, {}) + std::exchange(mine.arrived, {});
        events.on_read_begin();
        const std::size_t taken = events.on_bytes(bytes.data(), bytes.size());
        if (is_reading(side)) mine.tail = bytes.substr(taken);
        events.on_read_end();
        if (late > 0) tell_writable(1 - side, late);
    }
    void tell_writable(std::size_t side, std::size_t taken_late) {
        ends[side].taken_late += taken_late;
        post([side](memory_link& self) {
            const end& writer = self.ends[side];
            if (self.is_reading(side) && writer.events != nullptr && self.beyond_capacity(1 - side) == 0) writer.events->on_writable();
        });
    }
    /// Who reads learns of it behind what was written.
    void leave(std::size_t side, input_end how) {
        ends[1 - side].over_there = how;
        ends[side].arrived = ends[side].tail = {};
        post_turn(1 - side);
    }
    void finish(std::size_t side) {
        end& mine = ends[side];
        if (std::exchange(mine.over, true)) return;
        if (transport_events* const events = std::exchange(mine.events, nullptr)) events->on_released();
    }

    std::shared_ptr<lane> where;
    std::array<end, 2> ends;
    std::size_t capacity = 0;
};

std::pair<std::unique_ptr<memory_transport>, std::unique_ptr<memory_transport>> memory_transport::make_pair(
    lane& where, std::size_t capacity) {
    auto link = std::make_shared<memory_link>(where.shared_from_this());
    link->capacity = capacity;
    return {
        std::unique_ptr<memory_transport>(new memory_transport(link, 0)),
        std::unique_ptr<memory_transport>(new memory_transport(link, 1))};
}

memory_transport::memory_transport(std::shared_ptr<memory_link> link, std::size_t side) noexcept
    : link_(std::move(link)), side_(side) {}

memory_transport::~memory_transport() {
    link_->ends[side_].events = nullptr;
    abort();
}

void memory_transport::start(transport_events& events) {
    link_->ends[side_].events = &events;
    link_->post_turn(side_);
}

std::size_t memory_transport::pending() const noexcept { return link_->beyond_capacity(1 - side_); }

std::size_t memory_transport::taken_late() const noexcept { return link_->ends[side_].taken_late; }

void memory_transport::write(char* message, std::size_t size, transfer_format) {
    assert(!blocked());
    link_->write(1 - side_, {message, size});
}

void memory_transport::write(std::span<const payload> messages) {
    assert(!blocked());
    for (const payload& one : messages)
        link_->write(1 - side_, one.message());
}

void memory_transport::pause() noexcept { link_->ends[side_].paused = true; }

void memory_transport::resume() {
    link_->ends[side_].paused = false;
    link_->post_turn(side_);
}

// Whoever uses it is told in a later turn, as with any other transport.
void memory_transport::close(transport_close) {
    memory_link::end& mine = link_->ends[side_];
    if (mine.over || std::exchange(mine.closing, true)) return;
    link_->leave(side_, input_end::closed);
    link_->post([side = side_](memory_link& self) { self.finish(side); });
}

void memory_transport::abort() noexcept {
    const memory_link::end& mine = link_->ends[side_];
    if (mine.over) return;
    if (!mine.closing) link_->leave(side_, input_end::lost);
    link_->finish(side_);
}

void memory_transport::on_post(std::shared_ptr<exchange> asked) {
    asked->respond({.status = 405, .body = "POST requests are not allowed for connections in memory.", .content_type = "text/plain"});
}

}  // namespace asignalr::detail
