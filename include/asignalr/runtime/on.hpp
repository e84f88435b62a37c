// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/runtime/task.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace asignalr {

namespace detail {

template <class>
struct task_result;
template <class Result>
struct task_result<task<Result>> {
    using type = Result;
};

// What a visit elsewhere brings home; written there, read here after it was posted back.
template <class Result>
struct visit_outcome {
    std::exception_ptr failure;
    std::optional<std::conditional_t<std::is_void_v<Result>, bool, Result>> result;
};

template <class Result, class Function>
task<void> visit(Function function, std::shared_ptr<visit_outcome<Result>> outcome) {
    try {
        if constexpr (std::is_void_v<Result>) {
            co_await function();
        } else {
            Result result = co_await function();
            outcome->result.emplace(std::move(result));
        }
    } catch (...) {
        outcome->failure = std::current_exception();
    }
}

// Starts the visit, and carries a cancel there and the end back: every object is touched by one side only. It may not throw, as a coroutine
// is being suspended: what there is no memory for is the failure of the visit.
template <class Result, class Function, class Handler>
void start_visit(
    asio::any_io_executor there, Function function, std::shared_ptr<visit_outcome<Result>> outcome, Handler handler) {
    auto here = asio::get_associated_executor(handler);
    auto slot = asio::get_associated_cancellation_slot(handler);
    std::shared_ptr<asio::cancellation_signal> signal;
    std::shared_ptr<Handler> shared_handler;
    try {
        signal = std::make_shared<asio::cancellation_signal>();
        shared_handler = std::make_shared<Handler>(std::move(handler));
    } catch (...) {
        outcome->failure = std::current_exception();
        return asio::post(here, std::move(handler));
    }
    if (slot.is_connected())
        slot.assign([signal, there](asio::cancellation_type kind) {
            asio::post(there, [signal, kind] { signal->emit(kind); });
        });
    asio::post(there, [there, signal, here, shared_handler, outcome, function = std::move(function)]() mutable {
        auto back = [signal, here, shared_handler](std::exception_ptr) {
            asio::post(here, [shared_handler] { std::move (*shared_handler)(); });
        };
        try {
            asio::co_spawn(there, visit<Result>(std::move(function), outcome), asio::bind_cancellation_slot(signal->slot(), back));
        } catch (...) {
            outcome->failure = std::current_exception();  // no memory to begin with
            back(nullptr);
        }
    });
}

}  // namespace detail

/// Runs code elsewhere: `co_await asignalr::on(executor, f)` awaits `f()` on `executor` and returns on the caller's own.
///
/// The way to leave a lane; Asio's own `co_await co_spawn(other, ...)` crashes under cancellation before Asio 1.24.
/// @param executor must run one thing at a time: wrap a pool of threads in a strand
/// @param function returns a `task`; it is moved there and must own what it uses
/// @returns what the task returns; rethrows what it throws. Cancellation reaches the task
template <class Function>
auto on(asio::any_io_executor executor, Function function) -> std::invoke_result_t<Function&> {
    using result_type = typename detail::task_result<std::invoke_result_t<Function&>>::type;
    auto outcome = std::make_shared<detail::visit_outcome<result_type>>();
    auto start = [executor, outcome](auto handler, Function moved) mutable {
        detail::start_visit<result_type>(std::move(executor), std::move(moved), std::move(outcome), std::move(handler));
    };
    auto waiting = asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        std::move(start), asio::use_awaitable, std::move(function));
    co_await std::move(waiting);
    if (outcome->failure) std::rethrow_exception(outcome->failure);
    if constexpr (!std::is_void_v<result_type>) co_return std::move(*outcome->result);
}

}  // namespace asignalr
