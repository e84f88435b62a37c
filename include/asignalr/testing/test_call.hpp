// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/runtime/task.hpp>
#include <asignalr/testing/detail/test_link.hpp>

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace asignalr {

class test_client;

/// A call of a hub's method that is under way, as `test_client::start` begins it.
template <class Result = void>
class test_call {
public:
    /// Runs the server until the call is answered. May be asked again.
    /// @throws hub_error         with the text of the server's error
    /// @throws std::system_error `errc::connection_closed` if the connection ended first, `std::errc::timed_out` if no answer came
    Result result() {
        link_.wait(box_);
        return take(link_, box_);
    }
    /// The same for a coroutine, which lets the server run meanwhile. Cancellation: terminal; it does not cancel the call.
    task<Result> async_result() const { return wait_for_result(link_, box_); }

    /// Whether the answer has come. Runs nothing.
    bool is_answered() const { return link_.count(box_) > 0; }
    /// Asks the server to cancel it (HubProtocol, CancelInvocation).
    void cancel() { link_.cancel(id_); }

private:
    friend class test_client;
    test_call(detail::test_link link, std::string id)
        : link_(std::move(link)), id_(std::move(id)), box_(detail::test_link::answers_to(id_)) {}

    static Result take(const detail::test_link& link, const std::string& box) {
        if constexpr (std::is_void_v<Result>) {
            link.take(box, {0, nullptr, nullptr});
        } else {
            Result result{};
            link.take(box, detail::one_value(result));
            return result;
        }
    }
    static task<Result> wait_for_result(detail::test_link link, std::string box) {
        co_await detail::test_link::async_wait(link, box);
        co_return take(link, box);
    }

    detail::test_link link_;
    std::string id_;
    std::string box_;
};

/// The items of a stream from a hub, as `test_client::stream` begins it.
template <class Item>
class test_stream {
public:
    /// Runs the server until an item comes, or the end: nothing.
    /// @throws hub_error         if the server ended the stream with an error
    /// @throws std::system_error as `test_call::result`
    std::optional<Item> next() {
        link_.wait(box_);
        return take(link_, box_);
    }
    /// The same for a coroutine.
    task<std::optional<Item>> async_next() const { return wait_for_item(link_, box_); }

    /// All items up to the end.
    std::vector<Item> all() {
        std::vector<Item> items;
        while (std::optional<Item> item = next()) items.push_back(std::move(*item));
        return items;
    }

    /// Asks the server to end it; what was sent before still comes.
    void cancel() { link_.cancel(id_); }

private:
    friend class test_client;
    test_stream(detail::test_link link, std::string id)
        : link_(std::move(link)), id_(std::move(id)), box_(detail::test_link::answers_to(id_)) {}

    static std::optional<Item> take(const detail::test_link& link, const std::string& box) {
        std::optional<Item> item(std::in_place);
        if (!link.take(box, detail::one_value(*item))) item.reset();
        return item;
    }
    static task<std::optional<Item>> wait_for_item(detail::test_link link, std::string box) {
        co_await detail::test_link::async_wait(link, box);
        co_return take(link, box);
    }

    detail::test_link link_;
    std::string id_;
    std::string box_;
};

/// A stream to a hub: made by `test_client::upload`, and given to a call as one of its arguments. Items that come before the call are kept for it.
template <class Item>
class test_upload {
public:
    /// Sends an item.
    void push(const Item& item) {
        detail::with_arguments([&](const detail::outgoing_arguments& packed) { link_.send_item(id_, packed); }, item);
    }
    /// Ends the stream.
    void end() { link_.end_upload(id_, nullptr); }
    /// Ends it with an error: the method's wait throws `hub_error` with this text.
    void fail(const std::string& text) { link_.end_upload(id_, &text); }

private:
    friend class test_client;
    explicit test_upload(detail::test_link link) : link_(std::move(link)), id_(link_.begin_upload()) {}

    detail::test_link link_;
    std::string id_;
};

}  // namespace asignalr
