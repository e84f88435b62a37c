// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/hub/hub.hpp>
#include <asignalr/runtime/generator.hpp>
#include <asignalr/runtime/invocation.hpp>
#include <asignalr/runtime/task.hpp>
#include <asignalr/runtime/upload.hpp>
#include <asignalr/serialize/codec.hpp>
#include <asignalr/serialize/value_reader.hpp>
#include <asignalr/serialize/value_writer.hpp>

#include <asio/this_coro.hpp>

#include <cstddef>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace asignalr::detail {

/// The client's end of an upload, whatever its item type: the dispatcher pushes what arrives.
class upload_input {
public:
    virtual ~upload_input() = default;
    /// Converts an item and hands it over; false: it does not fit the type.
    virtual bool push(value_reader& item) = 0;
    /// One more item would be one too many: the connection is not read until there is room.
    virtual bool over_full() const noexcept = 0;
    /// No more items; `why` is rethrown to the method, null for an orderly end.
    virtual void end(std::exception_ptr why) = 0;
    /// Destroys the method that waits for items, without resuming it.
    virtual void abandon() noexcept = 0;
};

/// What a call takes from the dispatcher while it reads its parameters.
class call_input {
public:
    virtual value_reader& arguments() noexcept = 0;
    virtual invocation describe() = 0;
    virtual std::size_t stream_buffer_capacity() const noexcept = 0;
    virtual upload_observer& on_upload_room() noexcept = 0;
    virtual void add_upload(std::unique_ptr<upload_input> upload) = 0;

protected:
    ~call_input() = default;
};

/// Where a stream's items go.
class stream_output {
public:
    /// The stream is to end: cancelled, or the connection is gone.
    virtual bool stopped() const noexcept = 0;
    /// Whether the caller is in the connection's turn; a generator body may have wandered off.
    virtual bool here() const noexcept = 0;
    /// Returns in the connection's turn.
    virtual task<void> return_here() = 0;
    /// Starts an item message; the item is written and end_item() called, or abandon_item().
    virtual value_writer& begin_item() = 0;
    /// Sends the item; false: wait for room() before the next one.
    virtual bool end_item() = 0;
    virtual void abandon_item() noexcept = 0;
    /// Waits until the outbox has room.
    virtual task<void> room() = 0;
    /// Lets others have the lane.
    virtual task<void> give_way() = 0;

protected:
    ~stream_output() = default;
};

/// A pointer to a member function of some hub, kept as bytes: calls of the same signature share one class whatever the hub.
struct method_pointer {
    alignas(void*) unsigned char bytes[2 * sizeof(void*)];

    template <class Pointer>
    static method_pointer of(Pointer pointer) noexcept {
        static_assert(sizeof(Pointer) == sizeof(bytes));
        method_pointer stored;
        std::memcpy(stored.bytes, &pointer, sizeof(bytes));
        return stored;
    }

    template <class Pointer>
    Pointer as() const noexcept {
        Pointer pointer;
        std::memcpy(&pointer, bytes, sizeof(bytes));
        return pointer;
    }
};

/// One call of one method: its parameters, its result, and how it is run.
///
/// The dispatcher makes it, read()s the parameters, then either run_now()s it (a plain function) or awaits run() on a runner, and
/// at the end, on the lane, asks it to write_result(). A stream writes its items itself and has no result.
class call {
public:
    call() = default;
    call(const call&) = delete;
    call& operator=(const call&) = delete;
    virtual ~call() = default;

    /// False: the arguments do not fit.
    virtual bool read(call_input& input) = 0;
    virtual void run_now() {}
    virtual task<void> run(stream_output& items) = 0;
    virtual void write_result(value_writer& out) { out.null(); }
};

// What a parameter of a method is stored as, and how it is read.
template <class Parameter>
struct parameter {
    static constexpr bool counts = true;  // as an argument of the client
    static constexpr bool is_upload = false;
    using stored = Parameter;

    static bool read(call_input& input, stored& into) { return codec<Parameter>::read(input.arguments(), into); }
};

template <>
struct parameter<invocation> {
    static constexpr bool counts = false;
    static constexpr bool is_upload = false;
    using stored = invocation;

    static bool read(call_input& input, stored& into) {
        into = input.describe();
        return true;
    }
};

template <class Item>
class typed_upload_input final : public upload_input {
public:
    explicit typed_upload_input(std::shared_ptr<upload_queue<Item>> queue) : queue_(std::move(queue)) {}
    ~typed_upload_input() override { queue_->forget_observer(); }

    bool push(value_reader& item) override {
        Item value{};
        if (!codec<Item>::read(item, value)) return false;
        queue_->push(std::move(value));
        return true;
    }
    bool over_full() const noexcept override { return queue_->over_full(); }
    void end(std::exception_ptr why) override { queue_->end(std::move(why)); }
    void abandon() noexcept override { queue_->abandon(); }

private:
    std::shared_ptr<upload_queue<Item>> queue_;
};

template <class Item>
struct parameter<upload<Item>> {
    static constexpr bool counts = false;
    static constexpr bool is_upload = true;
    using stored = upload<Item>;

    static bool read(call_input& input, stored& into) {
        auto queue = std::make_shared<upload_queue<Item>>(input.stream_buffer_capacity(), &input.on_upload_room());
        into = upload<Item>(queue);
        input.add_upload(std::make_unique<typed_upload_input<Item>>(std::move(queue)));
        return true;
    }
};

/// Reads and keeps the parameters; every kind of call derives from it.
template <class Pointer, class... Parameters>
class call_with : public call {
public:
    call_with(hub& target, method_pointer method) : target_(target), method_(method) {}

    bool read(call_input& input) override { return read_each(input, std::index_sequence_for<Parameters...>{}); }

protected:
    // A member template over an index sequence and no closure: GCC 12 miscompiles and its UBSan mistrusts the alternatives.
    template <std::size_t... Index>
    decltype(auto) invoke(std::index_sequence<Index...>) {
        return (target_.*method_.template as<Pointer>())(std::move(std::get<Index>(parameters_))...);
    }
    decltype(auto) invoke() { return invoke(std::index_sequence_for<Parameters...>{}); }

private:
    template <std::size_t... Index>
    bool read_each([[maybe_unused]] call_input& input, std::index_sequence<Index...>) {
        return (parameter<Parameters>::read(input, std::get<Index>(parameters_)) && ...);
    }

    hub& target_;
    method_pointer method_;
    std::tuple<typename parameter<Parameters>::stored...> parameters_;
};

/// A plain function: runs in place, without a coroutine.
template <class Result, class Pointer, class... Parameters>
class plain_call final : public call_with<Pointer, Parameters...> {
public:
    using call_with<Pointer, Parameters...>::call_with;

    void run_now() override {
        if constexpr (std::is_void_v<Result>)
            this->invoke();
        else
            result_.emplace(this->invoke());
    }
    task<void> run(stream_output&) override {
        run_now();
        co_return;
    }
    void write_result(value_writer& out) override {
        if constexpr (std::is_void_v<Result>)
            out.null();
        else
            codec<Result>::write(out, *result_);
    }

private:
    // A reference is refused by its codec, in words.
    std::optional<std::conditional_t<std::is_void_v<Result>, bool, std::remove_reference_t<Result>>> result_;
};

/// A coroutine with a result.
template <class Result, class Pointer, class... Parameters>
class task_call final : public call_with<Pointer, Parameters...> {
public:
    using call_with<Pointer, Parameters...>::call_with;

    // The result is kept and written later: a method may end on a foreign thread.
    task<void> run(stream_output&) override {
        Result result = co_await this->invoke();
        result_.emplace(std::move(result));
    }
    void write_result(value_writer& out) override { codec<Result>::write(out, *result_); }

private:
    std::optional<std::remove_reference_t<Result>> result_;
};

/// A coroutine without a result.
template <class Pointer, class... Parameters>
class task_call<void, Pointer, Parameters...> final : public call_with<Pointer, Parameters...> {
public:
    using call_with<Pointer, Parameters...>::call_with;

    task<void> run(stream_output&) override { return this->invoke(); }
};

/// Drives a generator and sends what it yields.
template <class Item>
task<void> pump(generator<Item> items, stream_output& out) {
    constexpr unsigned items_per_turn = 16;
    for (unsigned count = 1;; ++count) {
        while (generator_step* step = generator_access::advance(items)) {
            if (step->is_query) {
                auto& query = static_cast<query_step&>(*step);
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
        if (!out.here()) co_await out.return_here();
        const Item* item = generator_access::take(items);
        if (item == nullptr || out.stopped()) co_return;
        value_writer& writer = out.begin_item();
        try {
            codec<Item>::write(writer, *item);
        } catch (...) {
            out.abandon_item();
            throw;
        }
        if (!out.end_item())
            co_await out.room();
        else if (count % items_per_turn == 0)
            co_await out.give_way();
    }
}

/// A stream from the server.
template <class Item, class Pointer, class... Parameters>
class stream_call final : public call_with<Pointer, Parameters...> {
public:
    using call_with<Pointer, Parameters...>::call_with;

    task<void> run(stream_output& items) override { return pump<Item>(this->invoke(), items); }
};

}  // namespace asignalr::detail
