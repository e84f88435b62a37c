// SPDX-License-Identifier: MIT
#include "hub/call_job.hpp"

#include "hub/hub_session.hpp"

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

namespace asignalr::detail {

call_job::call_job() = default;

call_job::~call_job() { reset(); }

bool call_job::prepare(
    hub_session& session, const method_entry& method, const hub_message& message, std::size_t message_size) {
    session_ = kept<hub_session>(&session);
    method_ = &method;
    id_.clear();
    id_.append(message.invocation_id);  // half the price of an assignment
    message_size_ = message_size;
    if (method.options.deadline.count() > 0) deadline_ = session.where().now() + method.options.deadline;
    call_ = method.make(storage_, *session.hub_for_call(own_hub_), method.method);
    if (message.has_broken_values) return false;
    value_reader reader(message.arguments + 1, message.encoding, message.ignore_case);
    reader_ = &reader;
    const bool fits = call_->read(*this);
    reader_ = nullptr;
    return fits;
}

void call_job::reset() noexcept {
    stop_sweeping();
    if (call_ != nullptr) {
        if (static_cast<void*>(call_) == static_cast<void*>(storage_))
            call_->~call();
        else
            delete call_;
        call_ = nullptr;
    }
    own_hub_.reset();
    uploads_.clear();
    state_.reset();
    holds_permit = cancelled_ = too_late_ = stream_begun_ = false;
    session_ = {};
}

void call_job::begin() {
    if (method_->options.deadline.count() <= 0) return;
    deadline_ = session_->where().now() + method_->options.deadline;
    if (state_) state_->deadline = deadline_;
    session_->where().sweep().add(*this, true);
}

void call_job::on_sweep(clock_source::time_point now) {
    if (now < deadline_) return;
    stop_sweeping();
    too_late_ = true;
    cancel_call();
}

void call_job::cancel_call() {
    cancelled_ = true;
    if (state_) state_->cancelled = true;
    cancel();
}

asio::awaitable<void> call_job::run() {
    asio::awaitable<void> body = call_->run(*this);
    stream_begun_ = method_->is_stream;
    return body;
}

void call_job::done(std::exception_ptr failure) noexcept { session_->call_finished(*this, std::move(failure)); }

// ---- what a call takes

invocation call_job::describe() {
    state_ = std::make_shared<invocation_state>();
    state_->id = id_;
    if (method_->options.deadline.count() > 0) state_->deadline = deadline_;
    return invocation(state_);
}

std::size_t call_job::stream_buffer_capacity() const noexcept { return session_->options().stream_buffer_capacity; }

upload_observer& call_job::on_upload_room() noexcept { return session_->upload_room(); }

// ---- where a stream's items go

bool call_job::stopped() const noexcept { return cancelled_ || !session_->is_open(); }

bool call_job::here() const noexcept { return session_->where().here(); }

task<void> call_job::return_here() {
    return asio::post(session_->where().executor(), asio::use_awaitable);
}

value_writer& call_job::begin_item() {
    return session_->protocol().begin_stream_item(session_->begin_message(), id_);
}

bool call_job::end_item() {
    session_->protocol().end_stream_item();
    session_->commit_message();
    return session_->out().has_room();
}

void call_job::abandon_item() noexcept { session_->rollback_message(); }

task<void> call_job::room() { return outbox::room(session_->out().waiting(), session_->out()); }

task<void> call_job::give_way() { return asio::post(session_->where().executor(), asio::use_awaitable); }

}  // namespace asignalr::detail
