// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/runtime/task.hpp>

#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <concepts>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace asignalr {

template <class Item>
class generator;

namespace detail {

struct generator_access;

/// Something that a generator's body awaits. It lies in the body's frame; whoever drives the generator awaits it there, so that
/// executor, cancellation and destruction are those of an ordinary task.
struct generator_step {
    generator_step() = default;
    generator_step(const generator_step&) = delete;
    generator_step& operator=(const generator_step&) = delete;

    virtual task<void> run() = 0;

    std::exception_ptr failure;  // of run(), for the body
    bool is_query = false;       // a query_step

protected:
    ~generator_step() = default;
};

template <class Result>
class await_step final : public generator_step {
public:
    explicit await_step(task<Result> operation) : operation_(std::move(operation)) {}

    task<void> run() override {
        Result result = co_await std::move(operation_);
        result_.emplace(std::move(result));
    }

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> body) noexcept {
        body.promise().step = this;
    }
    Result await_resume() {
        if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
        return std::move(*result_);
    }

private:
    task<Result> operation_;
    std::optional<Result> result_;
};

template <>
class await_step<void> final : public generator_step {
public:
    explicit await_step(task<void> operation) : operation_(std::move(operation)) {}

    task<void> run() override { return std::move(operation_); }

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> body) noexcept {
        body.promise().step = this;
    }
    void await_resume() {
        if (failure) std::rethrow_exception(std::exchange(failure, nullptr));
    }

private:
    task<void> operation_;
};

/// A question or an order to `this_coro`. It must work in a cancelled coroutine, too, so the driver lifts the rule that a cancelled
/// coroutine throws at each co_await; `throws` is what it found, and what it leaves behind.
struct query_step : generator_step {
    query_step() { is_query = true; }
    bool throws = true;

protected:
    ~query_step() = default;
};

template <class Query, class Result>
class ask_step final : public query_step {
public:
    explicit ask_step(Query query) : query_(std::move(query)) {}

    task<void> run() override {
        if constexpr (std::is_void_v<Result>) {
            co_await std::move(query_);
        } else {
            Result result = co_await std::move(query_);
            result_.emplace(std::move(result));
        }
    }

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> body) noexcept {
        body.promise().step = this;
    }
    Result await_resume() {
        if constexpr (!std::is_void_v<Result>) return std::move(*result_);
    }

private:
    Query query_;
    std::optional<std::conditional_t<std::is_void_v<Result>, bool, Result>> result_;
};

/// `co_await this_coro::throw_if_cancelled()`, and with a bool to change it.
class throw_step final : public query_step {
public:
    throw_step() = default;
    explicit throw_step(bool wanted) : wanted_(wanted) {}

    task<void> run() override {
        found_ = throws;
        if (wanted_) throws = *wanted_;
        co_return;
    }

    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> body) noexcept {
        body.promise().step = this;
    }
    bool await_resume() const noexcept { return found_; }

private:
    std::optional<bool> wanted_;
    bool found_ = true;
};

// GCC before 13 destroys an aggregate temporary twice when it stands in the operand of co_yield.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
template <class Item>
inline constexpr bool unsafe_temporary = std::is_aggregate_v<Item> && !std::is_trivially_destructible_v<Item>;
#else
template <class Item>
inline constexpr bool unsafe_temporary = false;
#endif

}  // namespace detail

/// A stream of items: a coroutine that `co_yield`s them and may `co_await` whatever a task may.
///
/// As the result of a hub method it is a stream to the client: its body runs only while the client's outbox is less than half full, and a
/// cancel or a disconnect ends it at its next suspension with ordinary clean-up. Anybody else takes items with `next()`.
/// On one executor; destroying it destroys the body where it stands.
template <class Item>
class [[nodiscard]] generator {
public:
    static_assert(!std::is_reference_v<Item>, "asignalr: a reference cannot travel; yield values");

    class promise_type;

    generator(generator&& other) noexcept : body_(std::exchange(other.body_, nullptr)) {}
    generator& operator=(generator&& other) noexcept {
        if (this != &other) {
            destroy();
            body_ = std::exchange(other.body_, nullptr);
        }
        return *this;
    }
    ~generator() { destroy(); }

    /// Resumes the body until it yields.
    /// @returns the item, or empty at the end. Rethrows what the body throws. Cancellation: terminal; seen by the body
    task<std::optional<Item>> next() {
        // As in the dispatcher's pump: a helper could not do it, because in a cancelled coroutine its call would throw, here and not
        // in the body.
        while (detail::generator_step* step = advance()) {
            if (step->is_query) {
                auto& query = static_cast<detail::query_step&>(*step);
                query.throws = co_await asio::this_coro::throw_if_cancelled();
                co_await asio::this_coro::throw_if_cancelled(false);
                co_await query.run();
                co_await asio::this_coro::throw_if_cancelled(query.throws);
                continue;
            }
            try {
                co_await step->run();
            } catch (...) {
                step->failure = std::current_exception();
            }
        }
        const Item* item = take();
        if (item == nullptr) co_return std::nullopt;
        std::optional<Item> taken;
        if constexpr (std::copy_constructible<Item>) {
            if (!body_.promise().is_temporary) taken.emplace(*item);
        }
        if (!taken) taken.emplace(std::move(*const_cast<Item*>(item)));  // the body yielded a temporary of its own
        co_return taken;
    }

private:
    friend struct detail::generator_access;

    // Resumes the body. Null: it yielded or ended, see take(); else what to await before resuming again.
    detail::generator_step* advance() {
        promise_type& promise = body_.promise();
        promise.step = nullptr;
        promise.item = nullptr;
        if (!body_.done()) body_.resume();
        return promise.step;
    }
    // What was yielded, valid until advance(); null at the end. Rethrows what escaped the body.
    const Item* take() {
        if (body_.promise().failure) std::rethrow_exception(std::exchange(body_.promise().failure, nullptr));
        return body_.promise().item;
    }
    explicit generator(std::coroutine_handle<promise_type> body) noexcept : body_(body) {}
    void destroy() noexcept {
        if (body_) body_.destroy();
    }

    std::coroutine_handle<promise_type> body_;
};

/// The other side of a generator; for the compiler.
template <class Item>
class generator<Item>::promise_type {
public:
    generator get_return_object() noexcept {
        return generator(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { failure = std::current_exception(); }

    // Nothing is moved: the operand lives as long as the body is suspended.
    std::suspend_always yield_value(Item&& value) noexcept
        requires(!detail::unsafe_temporary<Item>)
    {
        item = std::addressof(value);
        is_temporary = true;
        return {};
    }
    std::suspend_always yield_value(Item&& value) noexcept
        requires(detail::unsafe_temporary<Item>)
    = delete;  // GCC 12 destroys such a temporary twice: give the item a name and yield that
    std::suspend_always yield_value(const Item& value) noexcept
        requires std::copy_constructible<Item>
    {
        item = std::addressof(value);
        is_temporary = false;
        return {};
    }

    template <class Result>
    detail::await_step<Result> await_transform(task<Result> operation) {
        return detail::await_step<Result>(std::move(operation));
    }
    template <class Operation>
        requires std::invocable<Operation, const asio::use_awaitable_t<>&>
    auto await_transform(Operation operation) {
        return await_transform(std::move(operation)(asio::use_awaitable));
    }
    auto await_transform(asio::this_coro::executor_t query) {
        return detail::ask_step<asio::this_coro::executor_t, asio::any_io_executor>(query);
    }
    auto await_transform(asio::this_coro::cancellation_state_t query) {
        return detail::ask_step<asio::this_coro::cancellation_state_t, asio::cancellation_state>(query);
    }
    auto await_transform(asio::this_coro::reset_cancellation_state_0_t query) {
        return detail::ask_step<asio::this_coro::reset_cancellation_state_0_t, void>(query);
    }
    template <class Filter>
    auto await_transform(asio::this_coro::reset_cancellation_state_1_t<Filter> query) {
        return detail::ask_step<asio::this_coro::reset_cancellation_state_1_t<Filter>, void>(std::move(query));
    }
    auto await_transform(asio::this_coro::throw_if_cancelled_0_t) { return detail::throw_step(); }
    auto await_transform(asio::this_coro::throw_if_cancelled_1_t query) { return detail::throw_step(query.value); }

    detail::generator_step* step = nullptr;
    const Item* item = nullptr;
    std::exception_ptr failure;
    bool is_temporary = false;
};

namespace detail {

/// The way in for who drives a generator's body.
struct generator_access {
    template <class Item>
    static generator_step* advance(generator<Item>& items) {
        return items.advance();
    }
    template <class Item>
    static const Item* take(generator<Item>& items) {
        return items.take();
    }
};

}  // namespace detail

}  // namespace asignalr
