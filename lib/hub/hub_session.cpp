// SPDX-License-Identifier: MIT
#include "hub/hub_session.hpp"

#include <asignalr/base/error.hpp>

#include "hub/hub_core.hpp"
#include "net/http_request_access.hpp"
#include "protocol/error_text.hpp"

#include <algorithm>
#include <system_error>

namespace asignalr::detail {

// ---- life

/// Runs `on_connected` or `on_disconnected`, of which a session has one at a time.
class hub_session::life_job : public job {
public:
    explicit life_job(hub_session& session) : session_(&session) { session.life_ = this; }
    ~life_job() override {
        if (session_->life_ == this) session_->life_ = nullptr;
    }

    /// For the end of the server only: nobody else cancels these.
    void cancel_at_the_end() {
        cancelled_ = true;
        cancel();
    }

protected:
    hub_session& session() const noexcept { return *session_; }
    hub& target() { return *session_->hub_for_call(own_); }
    void log_unless_cancelled(std::string_view method, const std::exception_ptr& failure) const noexcept {
        if (failure && !cancelled_) session_->log_failure(method, failure);
    }

private:
    kept<hub_session> session_;
    std::unique_ptr<hub> own_;
    bool cancelled_ = false;
};

class hub_session::connecting_job final : public life_job {
public:
    using life_job::life_job;

    asio::awaitable<void> run() override { return target().on_connected(); }
    void done(std::exception_ptr failure) noexcept override {
        const std::unique_ptr<connecting_job> self(this);
        session().life_ = nullptr;
        log_unless_cancelled("on_connected", failure);
        session().connected(std::move(failure));
    }
};

class hub_session::disconnecting_job final : public life_job {
public:
    using life_job::life_job;

    asio::awaitable<void> run() override { return target().on_disconnected({session().ended_with_}); }
    void done(std::exception_ptr failure) noexcept override {
        const std::unique_ptr<disconnecting_job> self(this);
        session().life_ = nullptr;
        log_unless_cancelled("on_disconnected", failure);
        session().leave();
    }
};

hub_session::hub_session(
    std::shared_ptr<hub_core> core, hub_lane& at, std::string id, std::string token, http_request request)
    : connection(core, at.around(), std::move(id)),
      core_(std::move(core)),
      at_(at),
      token_(std::move(token)),
      request_(std::move(request)) {
    http_request_access::shrink(request_);
    at_.exists(*this);
    at_.where().count().connections.add();
}

hub_session::~hub_session() {
    at_.registry().remove(token_);
    at_.where().count().connections.subtract();
    at_.is_gone(*this);
}

std::map<std::string, std::any>& hub_session::items() {
    if (!items_) items_ = std::make_unique<std::map<std::string, std::any>>();
    return *items_;
}

std::unique_ptr<hub> hub_session::make_hub() {
    std::unique_ptr<hub> made = core_->make_hub();
    if (!made) throw named_error("InvalidOperationException", "The hub's factory made no hub.");
    made->session_ = this;
    return made;
}

hub* hub_session::hub_for_call(std::unique_ptr<hub>& own) {
    if (hub_) return hub_.get();
    own = make_hub();
    return own.get();
}

void hub_session::on_opened() {
    at_.add(*this);
    retain();  // until leave()
    present_ = connecting_ = true;
    try {
        if (options().lifetime == hub_lifetime::connection) hub_ = make_hub();
        where().start(std::make_unique<connecting_job>(*this));
    } catch (...) {
        log_failure("on_connected", std::current_exception());
        connected(std::current_exception());
    }
}

void hub_session::connected(std::exception_ptr failure) noexcept {
    connecting_ = false;
    if (failure) {
        end_with(std::move(failure));
        if (ended_) leave();
        return;
    }
    connected_ = true;
    if (dropped_) return leave();
    if (ended_) return disconnect();
    update_hold();
}

void hub_session::end_with(std::exception_ptr failure) noexcept try {
    const client_details details = details_of(std::move(failure));
    end({.details = details.text, .error = true, .always_show_details = details.always}, details.text);
} catch (const std::bad_alloc&) {
    out_of_memory();
}

std::exception_ptr hub_session::client_is_gone() noexcept try {
    throw std::system_error(errc::connection_closed);
} catch (...) {
    return std::current_exception();  // or there is no memory to say so
}

void hub_session::on_ended(std::optional<std::string> error) noexcept {
    if (dropped_) return;
    ended_ = true;
    ended_with_ = std::move(error);
    waiting_.reset();
    waiting_bytes_ = 0;
    // Ending an upload or cancelling a call may resume it in place, and it may end: so by index, and the lists first.
    std::vector<open_upload> uploads = std::exchange(uploads_, {});
    const std::exception_ptr gone = client_is_gone();
    for (const open_upload& upload : uploads)
        upload.input->end(gone);
    for (std::size_t index = running_.size(); index-- > 0;) {
        if (index >= running_.size()) continue;
        call_job& job = *running_[index];
        const bool cancels = job.method().options.when_client_leaves == when_client_leaves::cancel;
        if (job.method().is_stream || cancels) job.cancel_call();
    }
    if (connected_)
        disconnect();
    else if (!connecting_)
        leave();
}

void hub_session::disconnect() noexcept {
    disconnecting_ = true;
    try {
        where().start(std::make_unique<disconnecting_job>(*this));
    } catch (...) {
        log_failure("on_disconnected", std::current_exception());
        leave();
    }
}

void hub_session::leave() noexcept {
    if (!std::exchange(present_, false)) return;
    at_.remove(*this);
    release();
}

void hub_session::drop() noexcept {
    const kept<hub_session> alive(this);
    connection::drop();
    ended_ = dropped_ = true;
    waiting_.reset();
    const std::vector<open_upload> uploads = std::exchange(uploads_, {});
    for (const open_upload& upload : uploads)
        upload.input->abandon();
    cancel_all();
    // A job that is under way does it otherwise, when it ends.
    if (present_ && !connecting_ && !disconnecting_) leave();
}

void hub_session::cancel_all() {
    const kept<hub_session> alive(this);
    for (std::size_t index = running_.size(); index-- > 0;)
        if (index < running_.size()) running_[index]->cancel_call();
    if (life_ != nullptr) life_->cancel_at_the_end();
}

// ---- messages

void hub_session::on_message(const hub_message& message, std::string_view raw) {
    switch (message.type) {
        case message_type::invocation:
        case message_type::stream_invocation: begin_call(message, raw.size()); break;
        case message_type::stream_item: take_item(message); break;
        case message_type::completion: end_upload(message); break;
        case message_type::cancel_invocation: cancel_call(message.invocation_id); break;
        case message_type::ping:
        case message_type::close:
        case message_type::ack:
        case message_type::sequence: break;
    }
}

void hub_session::begin_call(const hub_message& message, std::size_t message_size) {
    const method_entry* method = core_->methods().find(message.target);
    if (method == nullptr) return refuse_call(message, failed_to_invoke(message.target) + " " + std::string(no_such_method));
    const token* const arguments = message.arguments;
    if (arguments == nullptr || arguments->size != method->parameters) {
        const std::string details = arguments == nullptr ? std::string(no_arguments)
                                                         : wrong_argument_count(arguments->size, method->parameters);
        return refuse_call(message, with_details(failed_to_invoke(method->name), shown(details)));
    }
    std::unique_ptr<call_job> job = at_.take_job();
    bool fits = false;
    std::string failure;
    try {
        fits = job->prepare(*this, *method, message, message_size);
        if (!fits) failure = with_details(failed_to_invoke(method->name), shown(binding_details));
    } catch (...) {
        // Of the hub's factory or a codec: as if the method had thrown it.
        where().count().failed_invocations.add();
        log_failure(method->name, std::current_exception());
        const client_details details = details_of(std::current_exception());
        failure = with_details(unexpected_error(method->name), details.always ? details.text : shown(details.text));
    }
    if (fits) failure = check_call(message, *method);
    if (failure.empty() && !job->uploads().empty()) failure = accept_uploads(message, *job);
    if (!failure.empty()) {
        at_.give_back(std::move(job));
        return refuse_call(message, failure);
    }
    const bool needs_permit = !method->is_stream && method->uploads == 0;
    if (needs_permit && permits_in_use_ >= options().maximum_parallel_invocations) {
        if (!waiting_) waiting_ = std::make_unique<std::deque<std::unique_ptr<call_job>>>();
        waiting_bytes_ += message_size;
        waiting_->push_back(std::move(job));
        return update_hold();
    }
    job->holds_permit = needs_permit;
    run(std::move(job));
}

// What is wrong with a call whose arguments fit; empty: nothing.
std::string hub_session::check_call(const hub_message& message, const method_entry& method) {
    const bool wants_stream = message.type == message_type::stream_invocation;
    if (method.is_stream && !wants_stream) return streaming_method_invoked(method.name);
    if (!method.is_stream && wants_stream) return plain_method_streamed(method.name);
    const std::size_t uploads = message.stream_ids != nullptr ? message.stream_ids->size : 0;
    if (uploads != method.uploads) return wrong_stream_count(method.name, uploads, method.uploads);
    // As in ASP.NET Core, a plain call that has the id is no hindrance.
    const call_job* namesake = wants_stream ? running(message.invocation_id) : nullptr;
    if (namesake != nullptr && namesake->method().is_stream) return invocation_in_use(message.invocation_id);
    const bool too_many_streams = wants_stream && streams_ >= options().maximum_streams;
    if (!too_many_streams && uploads_of_calls_ + uploads <= options().maximum_uploads) return {};
    where().count().streams_refused.add();
    at_.log().refused(
        refusal::streams, where().now(),
        "a client has too many streams open; hub_options::maximum_streams and maximum_uploads set the limits", {}, id());
    return unexpected_error(method.name) +
           (too_many_streams ? " HubException: Too many streams are open." : " HubException: Too many uploads are open.");
}

void hub_session::run(std::unique_ptr<call_job> job) {
    call_job& started = *job;
    running_.push_back(std::move(job));
    if (started.holds_permit) ++permits_in_use_;
    if (started.method().is_stream) ++streams_;
    uploads_of_calls_ += started.method().uploads;
    where().count().invocations.add();
    where().count().running_invocations.add();
    at_.call_started();
    started.begin();
    std::exception_ptr failure;
    try {
        if (!started.method().is_plain) return where().start(started);
        started.what().run_now();
    } catch (...) {
        failure = std::current_exception();
    }
    started.done(std::move(failure));
}

void hub_session::run_waiting() {
    if (!waiting_ || run_waiting_active_) return;  // further up on this stack somebody does
    run_waiting_active_ = true;
    while (waiting_ && !waiting_->empty() && permits_in_use_ < options().maximum_parallel_invocations) {
        std::unique_ptr<call_job> next = std::move(waiting_->front());
        waiting_->pop_front();
        waiting_bytes_ -= next->message_size();
        if (waiting_->empty()) waiting_.reset();
        next->holds_permit = true;
        run(std::move(next));
    }
    run_waiting_active_ = false;
    update_hold();
}

void hub_session::cancel_call(std::string_view invocation_id) {
    if (call_job* job = running(invocation_id)) return job->cancel_call();
    if (!waiting_) return;
    const auto found = std::find_if(
        waiting_->begin(), waiting_->end(), [&](const auto& job) { return job->id() == invocation_id; });
    if (found == waiting_->end()) return;
    std::unique_ptr<call_job> job = std::move(*found);
    waiting_->erase(found);
    waiting_bytes_ -= job->message_size();
    answer_error(
        job->id(), with_details(unexpected_error(job->method().name), shown("OperationCanceledException: The operation was canceled.")));
    at_.give_back(std::move(job));
    update_hold();
}

call_job* hub_session::running(std::string_view invocation_id) const noexcept {
    if (invocation_id.empty()) return nullptr;
    for (const auto& job : running_)
        if (job->id() == invocation_id) return job.get();
    return nullptr;
}

}  // namespace asignalr::detail
