// SPDX-License-Identifier: MIT
// What a session does with the client's streams: they begin with a call, take items, end, and hold up the reading when they are full.
#include "hub/hub_session.hpp"

#include <asignalr/base/error.hpp>

#include "protocol/error_text.hpp"

#include <algorithm>
#include <utility>

namespace asignalr::detail {

std::string hub_session::accept_uploads(const hub_message& message, call_job& job) {
    const token* next = message.stream_ids + 1;
    for (std::size_t position = 0; position < job.uploads().size(); ++position, ++next) {
        const std::string_view stream_id = next->as_text();
        const bool taken = std::any_of(
            uploads_.begin(), uploads_.end(), [&](const open_upload& one) { return one.id == stream_id; });
        if (taken) {
            close_uploads_of(job);
            return unexpected_error(job.method().name) + " HubException: The stream id is already in use.";
        }
        uploads_.push_back({std::string(stream_id), &job, std::move(job.uploads()[position])});
    }
    return {};
}

void hub_session::take_item(const hub_message& message) {
    const auto found = std::find_if(
        uploads_.begin(), uploads_.end(), [&](const open_upload& one) { return one.id == message.invocation_id; });
    if (found == uploads_.end()) return;
    if (std::exception_ptr failure = push(*found->input, message)) {
        // Only the stream ends: the method learns why, and the client from what the method answers.
        std::unique_ptr<upload_input> gone = std::move(found->input);
        uploads_.erase(found);
        gone->end(std::move(failure));
    }
    update_hold();
}

// Why an item was not taken; null: it was.
std::exception_ptr hub_session::push(upload_input& input, const hub_message& message) {
    try {
        value_reader reader(message.item, message.encoding, message.ignore_case);
        if (!message.has_broken_values && input.push(reader)) return nullptr;
    } catch (...) {
        return std::current_exception();  // the user's codec's
    }
    at_.log().write(log_level::debug, "an item of an upload does not fit its type", {}, id());
    std::string text = with_details(std::string(upload_binding_failed), shown(upload_binding_details));
    return std::make_exception_ptr(hub_error(std::move(text)));
}

void hub_session::end_upload(const hub_message& message) {
    const auto found = std::find_if(
        uploads_.begin(), uploads_.end(), [&](const open_upload& one) { return one.id == message.invocation_id; });
    if (found == uploads_.end()) return;
    std::unique_ptr<upload_input> input = std::move(found->input);
    uploads_.erase(found);
    input->end(message.has_error ? std::make_exception_ptr(hub_error(std::string(message.error))) : nullptr);
}

void hub_session::close_uploads_of(const call_job& job) {
    if (uploads_.empty()) return;
    std::erase_if(uploads_, [&](const open_upload& one) { return one.job == &job; });
    update_hold();
}

// Reading stops when one more waits than may: what is over has been taken already.
void hub_session::update_hold() {
    if (!is_open() || connecting_) return;
    const std::size_t limit = options().maximum_receive_message_size.value_or(waiting_bytes_);
    const bool too_many_calls =
        waiting_ && (waiting_->size() > options().maximum_waiting_invocations || waiting_bytes_ > limit);
    const bool full_upload =
        std::any_of(uploads_.begin(), uploads_.end(), [](const open_upload& one) { return one.input->over_full(); });
    if (!too_many_calls && !full_upload) return resume();
    if (!is_held()) where().count().reading_paused.add();
    hold();
}

}  // namespace asignalr::detail
