// SPDX-License-Identifier: MIT
#include "transport/long_polling_transport.hpp"
#include "base/memory.hpp"

#include <cassert>
#include <new>
#include <utility>

namespace asignalr::detail {
namespace {

constexpr std::string_view hub_bytes = "application/octet-stream";
constexpr std::string_view nothing = "text/plain";

}  // namespace

long_polling_transport::long_polling_transport(
    lane& where, exchange& asked, std::unique_ptr<posted_input> input, time_limits limits)
    : lane_(where), input_(std::move(input)), limits_(limits), deadline_(where.now() + limits.absence) {
    asked.respond({.content_type = std::string(hub_bytes)});
}

long_polling_transport::~long_polling_transport() = default;

void long_polling_transport::start(transport_events& events) {
    events_ = &events;
    input_->start(*this, events);
}

// ---- polls

void long_polling_transport::on_get(std::shared_ptr<exchange> asked) {
    if (poll_) answer_poll(204, nothing);
    if (state_ == state::over) return asked->respond({.status = 404, .content_type = std::string(nothing)});
    poll_ = std::move(asked);
    if (state_ == state::closing) {
        answer_poll(204, nothing);
        return finish();
    }
    poll_->take_request();  // a parked poll keeps nothing of it
    poll_->when_peer_leaves([this] { poll_left(); });
    deadline_ = lane_.now() + limits_.poll;
    flush();
}

void long_polling_transport::poll_left() {
    poll_ = nullptr;
    deadline_ = lane_.now() + limits_.absence;
}

void long_polling_transport::answer_poll(int status, std::string_view content_type, std::string body) {
    deadline_ = lane_.now() + limits_.absence;
    std::exchange(poll_, nullptr)
        ->respond({.status = status, .body = std::move(body), .content_type = std::string(content_type)});
}

void long_polling_transport::say_what_waits() { answer_poll(200, hub_bytes, std::exchange(body_, {})); }

// Everything that one turn has to say leaves in one answer.
void long_polling_transport::flush() noexcept {
    with_memory_or([this] { say_what_is_there(); }, [this] {
        lane_.count().out_of_memory.add();
        abort();
    });
}

void long_polling_transport::say_what_is_there() {
    if (!poll_ || state_ != state::open) return;
    events_->on_writable();
    if (poll_ && !body_.empty()) say_what_waits();
}

// ---- writing

void long_polling_transport::write(char* message, std::size_t size, transfer_format) { gather({message, size}); }

void long_polling_transport::write(std::span<const payload> messages) {
    for (const payload& one : messages)
        gather(one.message());
}

void long_polling_transport::gather(std::string_view message) {
    assert(!blocked());
    if (!poll_) return;
    if (body_.empty()) lane_.flush_later(*this);
    body_ += message;
}

// ---- ending

// The last words first; that there will be no more is the answer to the next poll, if one will come.
void long_polling_transport::close(transport_close why) {
    if (state_ != state::open) return;
    state_ = state::closing;
    input_->end();
    const bool last_words = !body_.empty();
    if (poll_) last_words ? say_what_waits() : answer_poll(204, nothing);
    const bool comes_again = last_words && !deleted_ && why != transport_close::going_away;
    if (!comes_again) finish();
}

void long_polling_transport::abort() noexcept {
    if (state_ == state::over) return;
    try {
        if (poll_) answer_poll(204, nothing);
    } catch (const std::bad_alloc&) {
        // Its exchange is answered when it is let go.
    }
    finish();
}

void long_polling_transport::on_delete(std::shared_ptr<exchange> asked) {
    asked->respond({.status = 202, .content_type = std::string(nothing)});
    if (state_ == state::closing) return finish();
    if (state_ == state::over || std::exchange(deleted_, true)) return;
    input_->end();
    events_->on_input_ended(input_end::deleted);
    if (poll_) answer_poll(204, nothing);
    finish();
}

void long_polling_transport::on_sweep(clock_source::time_point now) {
    if (state_ == state::over || now < deadline_) return;
    if (poll_) return answer_poll(200, nothing);
    if (state_ == state::open) events_->on_input_ended(input_end::lost);
    finish();
}

void long_polling_transport::finish() {
    if (state_ == state::over) return;
    state_ = state::over;
    poll_ = nullptr;
    input_->end();
    events_->on_released();
}

}  // namespace asignalr::detail
