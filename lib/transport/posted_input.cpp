// SPDX-License-Identifier: MIT
#include "transport/posted_input.hpp"

#include "runtime/lane.hpp"

#include <new>
#include <string>
#include <utility>

namespace asignalr::detail {
namespace {

// As much as ASP.NET Core's pipe takes before a POST has to wait.
constexpr std::size_t most_kept = 64 * 1024;

http_response taken() { return {.content_type = "text/plain"}; }

}  // namespace

// Without memory for that, the exchange answers for itself when it is let go.
void posted_input::answer_gone(exchange& asked) noexcept try {
    asked.respond({.status = 404, .body = "No Connection with that ID", .content_type = "text/plain"});
} catch (const std::bad_alloc&) {
}

void posted_input::take(std::shared_ptr<exchange> asked) {
    if (ended_) return answer_gone(*asked);
    waiting_.push_back(std::move(asked));
    if (!current_) read_next();
}

void posted_input::read_next() {
    if (waiting_.empty()) return;
    current_ = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    if (waiting_.empty()) waiting_ = {};
    hold_back();
    kept_before_ = kept_.size();
    const std::shared_ptr<exchange> kept_alive = current_;
    kept_alive->read_body(*this);
}

// While nobody takes what was kept, not much more may come.
void posted_input::hold_back() {
    if (current_ && paused_ && kept_.size() >= most_kept) current_->pause_body();
}

void posted_input::on_body(char* bytes, std::size_t size) {
    if (ended_) return answer_gone(*std::exchange(current_, nullptr));
    if (events_ == nullptr && kept_.size() + size > early_.bytes) return refuse_early();
    deliver(bytes, size);
    hold_back();
}

// Nothing of that body is kept: what others brought still makes sense.
void posted_input::refuse_early() {
    kept_.truncate(kept_before_);
    const std::shared_ptr<exchange> asked = std::exchange(current_, nullptr);
    lane& where = asked->where();
    where.count().http_requests_refused.add();
    if (early_.log != nullptr)
        early_.log->refused(
            refusal::request, where.now(), "A client posted too much before it opened a transport.",
            {{"option", std::string(early_.options_name) + "::maximum_early_post"}, {"limit", std::to_string(early_.bytes)}});
    asked->respond_and_close({.status = 413, .body = "Too much was posted before a transport was opened.", .content_type = "text/plain"});
    read_next();
}

void posted_input::on_body_end() {
    std::exchange(current_, nullptr)->respond(taken());
    read_next();
}

void posted_input::on_body_lost() {
    current_ = nullptr;
    read_next();
}

void posted_input::deliver(char* bytes, std::size_t size) {
    if (paused_ || delivering_) {
        kept_.append({bytes, size});
        return;
    }
    delivering_ = true;
    events_->on_read_begin();
    try {
        offer(bytes, size);
    } catch (const std::bad_alloc&) {
        owner_->abort();  // what comes next would not fit to what came before
    }
    events_->on_read_end();
    delivering_ = false;
}

void posted_input::offer(char* bytes, std::size_t size) {
    if (!kept_.empty()) {
        kept_.append({bytes, size});
        byte_buffer all = std::exchange(kept_, {});
        const std::size_t taken = events_->on_bytes(all.data(), all.size());
        all.erase_front(taken);
        kept_ = std::move(all);
    } else if (size > 0) {
        const std::size_t taken = events_->on_bytes(bytes, size);
        if (taken < size) kept_.append({bytes + taken, size - taken});
    }
}

void posted_input::start(transport& owner, transport_events& events) {
    owner_ = &owner;
    events_ = &events;
    resume();
}

void posted_input::resume() {
    if (ended_) return;
    paused_ = false;
    if (!kept_.empty()) deliver(nullptr, 0);
    if (paused_ || ended_ || !current_) return;
    const std::shared_ptr<exchange> kept_alive = current_;
    kept_alive->resume_body();
}

// The body that is being read may be over already: then its POST has arrived, and is answered as such.
void posted_input::end() {
    if (std::exchange(ended_, true)) return;
    kept_.release();
    for (auto& one : std::exchange(waiting_, {}))
        answer_gone(*one);
    if (current_) current_->resume_body();
}

posted_input::~posted_input() {
    end();
    if (current_) answer_gone(*std::exchange(current_, nullptr));
}

byte_buffer posted_input::take_kept() {
    byte_buffer kept = std::exchange(kept_, {});
    end();
    return kept;
}

}  // namespace asignalr::detail
