// SPDX-License-Identifier: MIT
// What a session tells of its calls: results and errors to the client, failures to the log.
#include "hub/hub_session.hpp"

#include <asignalr/base/error.hpp>

#include "hub/hub_core.hpp"
#include "protocol/error_text.hpp"

#include <algorithm>
#include <system_error>

namespace asignalr::detail {

void hub_session::call_finished(call_job& finished, std::exception_ptr failure) noexcept {
    const kept<hub_session> alive(this);
    close_uploads_of(finished);
    with_memory([&] {
        if (is_open()) answer(finished, failure);
    });
    if (failure) report(finished, failure);

    const auto found = std::find_if(running_.begin(), running_.end(), [&](const auto& job) { return job.get() == &finished; });
    std::unique_ptr<call_job> job = std::move(*found);
    *found = std::move(running_.back());
    running_.pop_back();
    if (job->holds_permit) --permits_in_use_;
    if (job->method().is_stream) --streams_;
    uploads_of_calls_ -= job->method().uploads;
    where().count().running_invocations.subtract();
    at_.call_ended();
    at_.give_back(std::move(job));
    if (!ended_) with_memory([&] { run_waiting(); });
}

void hub_session::answer(call_job& job, std::exception_ptr failure) {
    if (job.id().empty()) return;
    if (failure) return answer_failure(job, std::move(failure));
    if (job.method().is_stream) {
        protocol().write_stream_end(begin_message(), job.id());
        return commit_message();
    }
    std::string& out = begin_message();
    try {
        job.what().write_result(protocol().begin_result(out, job.id()));
        protocol().end_result();
        commit_message();
    } catch (...) {
        rollback_message();
        log_unserializable(at_.log(), &where().count(), job.method().name, protocol().name(), id());
        const client_details details = details_of(std::current_exception());
        answer_error(job.id(), with_details(unexpected_error(job.method().name), shown(details.text)));
    }
}

void hub_session::answer_failure(call_job& job, std::exception_ptr failure) {
    if (job.method().is_stream && job.was_cancelled() && !job.was_too_late()) {
        protocol().write_stream_end(begin_message(), job.id());
        return commit_message();
    }
    const client_details details = job.was_too_late()
                                       ? client_details{"TimeoutException: The deadline of the method has passed.", false}
                                   : job.was_cancelled()
                                       ? client_details{"OperationCanceledException: The operation was canceled.", false}
                                       : details_of(failure);
    std::string text = job.stream_had_begun() ? std::string(stream_failed) : unexpected_error(job.method().name);
    answer_error(job.id(), with_details(std::move(text), details.always ? details.text : shown(details.text)));
}

void hub_session::answer_error(std::string_view invocation_id, std::string_view error) {
    if (invocation_id.empty() || !is_open()) return;
    protocol().write_error(begin_message(), invocation_id, error);
    commit_message();
}

// A call that is wrong, as opposed to one that failed.
void hub_session::refuse_call(const hub_message& message, std::string_view error) {
    if (at_.log().enabled(log_level::debug))
        at_.log().write(
            log_level::debug, "a call was refused", {{"method", escaped(message.target)}, {"answer", escaped(error)}}, id());
    answer_error(message.invocation_id, error);
}

std::string hub_session::shown(std::string_view details) const {
    return std::string(options().detailed_errors ? details : std::string_view{});
}

// Never a file name or a text of the operating system, whatever was thrown.
hub_session::client_details hub_session::details_of(std::exception_ptr failure) {
    try {
        std::rethrow_exception(std::move(failure));
    } catch (const hub_error& error) {
        return {std::string("HubException: ") + error.what(), true};
    } catch (const named_error& error) {
        return {error.type_name() + ": " + error.what(), false};
    } catch (const std::system_error&) {
        return {"IOException: An input or output operation failed.", false};
    } catch (const std::exception& error) {
        return {"Exception: " + std::string(error.what()), false};
    } catch (...) {
        return {"Exception: An exception of an unknown type was thrown.", false};
    }
}

// What an upload throws when the client is gone: nothing that the method could have avoided.
bool hub_session::tells_of_the_end(std::exception_ptr failure) noexcept {
    try {
        std::rethrow_exception(std::move(failure));
    } catch (const std::system_error& error) {
        return error.code() == errc::connection_closed;
    } catch (...) {
        return false;
    }
}

void hub_session::report(const call_job& job, std::exception_ptr failure) noexcept {
    if (job.was_cancelled() || (!is_open() && tells_of_the_end(failure))) return;
    where().count().failed_invocations.add();
    log_failure(job.method().name, std::move(failure));
}

void hub_session::log_failure(std::string_view method, std::exception_ptr failure) noexcept try {
    if (!at_.log().enabled(log_level::error)) return;
    try {
        std::rethrow_exception(std::move(failure));
    } catch (...) {
        const exception_description what = describe_current_exception();
        at_.log().write(
            log_level::error, "a hub method failed",
            {{"hub", at_.name()}, {"method", method}, {"type", what.type}, {"text", escaped(what.text)}}, id());
    }
} catch (...) {
    // Out of memory while logging.
}

}  // namespace asignalr::detail
