// SPDX-License-Identifier: MIT
#include <asignalr/testing/detail/test_link.hpp>

#include <asignalr/base/error.hpp>

#include "log/log.hpp"
#include "testing/test_session.hpp"

#include <stdexcept>

namespace asignalr::detail {
namespace {

bool read_arguments(const hub_message& call, const incoming_values& into) {
    value_reader reader(call.arguments, call.encoding, call.ignore_case);
    std::size_t count = 0;
    return reader.enter_list(count) && count == into.count && (count == 0 || into.read(reader, into.into));
}

bool read_value(const token* value, const hub_message& from, const incoming_values& into) {
    if (into.count == 0) return true;
    if (value == nullptr) return false;
    value_reader reader(value, from.encoding, from.ignore_case);
    return into.read(reader, into.into);
}

bool read_message(const hub_message& from, const incoming_values& into) {
    if (from.has_broken_values) return false;
    switch (from.type) {
        case message_type::invocation: return read_arguments(from, into);
        case message_type::stream_item: return read_value(from.item, from, into);
        default: return read_value(from.result, from, into);
    }
}

}  // namespace

std::string test_link::call(
    wants what, std::string_view method, const outgoing_arguments& arguments, const std::vector<std::string>& uploads) const {
    const std::string id = what == wants::nothing ? std::string() : session_->next_id();
    const outgoing_call call{
        .type = what == wants::items ? message_type::stream_invocation : message_type::invocation,
        .invocation_id = id,
        .target = method,
        .argument_count = arguments.count,
        .stream_ids = uploads};
    std::string message;
    arguments.write(arguments.values, session_->protocol().begin_call(message, call));
    session_->protocol().end_call(call);
    session_->send_call(std::move(message), uploads);
    if (what != wants::nothing)
        session_->box(answers_to(id)) = {"an answer to '" + std::string(method) + "'", what == wants::items};
    return id;
}

void test_link::cancel(std::string_view id) const {
    std::string message;
    session_->protocol().write_cancel(message, id);
    session_->send(message);
}

std::string test_link::begin_upload() const {
    std::string id = session_->next_id();
    session_->hold_upload(id);
    return id;
}

void test_link::send_item(std::string_view upload, const outgoing_arguments& item) const {
    std::string message;
    item.write(item.values, session_->protocol().begin_stream_item(message, upload));
    session_->protocol().end_stream_item();
    session_->send_for_upload(upload, message);
}

void test_link::end_upload(std::string_view upload, const std::string* error) const {
    std::string message;
    if (error != nullptr)
        session_->protocol().write_error(message, upload, *error);
    else
        session_->protocol().write_stream_end(message, upload);
    session_->send_for_upload(upload, message);
}

std::string test_link::calls_of(std::string_view method) const { return session_->box_of_calls(method); }

std::size_t test_link::count(const std::string& box) const { return session_->box(box).messages.size(); }

void test_link::wait(const std::string& box) const {
    const test_box& waited_for = session_->box(box);
    session_->world().run_until([&] { return session_->has_news(waited_for); }, waited_for.what);
}

task<void> test_link::async_wait(test_link link, std::string box) {
    const std::shared_ptr<test_session> session = link.session_;
    const test_box& waited_for = session->box(box);
    while (!session->has_news(waited_for)) {
        auto news = session->news();
        co_await std::move(news);
    }
}

bool test_link::take(const std::string& box, const incoming_values& into) const {
    test_box& from = session_->box(box);
    const std::string raw = from.messages.front();
    const hub_message& message = session_->parse(raw);
    const bool is_end = message.type == message_type::completion;
    if (!is_end) from.messages.pop_front();
    if (is_end && message.has_error) throw hub_error(std::string(message.error));
    if (is_end && from.is_stream) return false;
    if (!read_message(message, into))
        throw std::runtime_error("asignalr: " + from.what + " is not of the type asked for: " + escaped(raw));
    return true;
}

}  // namespace asignalr::detail
