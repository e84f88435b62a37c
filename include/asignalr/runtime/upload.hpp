// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/runtime/task.hpp>

#include <array>
#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace asignalr {

template <class Item>
class upload;

namespace detail {

/// Who wants to know that an upload that was too full has room again.
class upload_observer {
public:
    virtual void on_upload_room() = 0;

protected:
    ~upload_observer() = default;
};

/// What all uploads have in common: how many items wait, whether the end came, and the one coroutine that waits for either.
/// On the connection's lane.
class ASIGNALR_API upload_core : public std::enable_shared_from_this<upload_core> {
public:
    explicit upload_core(std::size_t capacity, upload_observer* observer) noexcept
        : capacity_(capacity), observer_(observer) {}
    upload_core(const upload_core&) = delete;
    upload_core& operator=(const upload_core&) = delete;

    /// More than the capacity waits: the sender must not go on.
    bool over_full() const noexcept { return count_ > capacity_; }
    /// No more items come. Those that wait are delivered first, then the end or, once, `why`. Wakes whoever waits.
    void end(std::exception_ptr why);
    /// The server is dropped: whoever waits is destroyed, not resumed.
    void abandon() noexcept;
    /// Nobody is to be told of room any more.
    void forget_observer() noexcept { observer_ = nullptr; }

    /// Which of these has an item or a failure to take: its index, fairly in turn. Empty: all have ended.
    static task<std::optional<std::size_t>> ready(std::vector<std::shared_ptr<upload_core>> all);

protected:
    ~upload_core();

    bool has_news() const noexcept { return count_ > 0 || (ended_ && failure_); }
    bool is_over() const noexcept { return ended_ && count_ == 0 && !failure_; }
    void count_item();
    /// Throws the failure if the items are used up; else counts one as taken.
    void begin_take();
    /// Tells the observer, if the sender was held up. Called when the item is out.
    void end_take();
    /// Waits until this one has news. Nobody else may wait for it meanwhile.
    task<void> wait_here();

    std::size_t count_ = 0;

private:
    struct parked;
    class shared_wait;

    void wake();

    std::size_t capacity_;
    upload_observer* observer_;
    std::exception_ptr failure_;
    std::shared_ptr<parked> place_;   // for who waits at this one
    std::shared_ptr<parked> waiter_;  // the place of who is to be woken: shared by all uploads that one coroutine waits for
    std::size_t turn_ = 0;
    bool ended_ = false;
};

/// The items of one upload.
template <class Item>
class upload_queue final : public upload_core {
public:
    upload_queue(std::size_t capacity, upload_observer* observer) : upload_core(capacity, observer), ring_(capacity + 1) {}

    /// Adds an item. The one beyond the capacity is taken, too: the sender holds it in its hand, so to say, and waits.
    /// Dropped when the upload has been closed from the inside.
    void push(Item item) {
        if (count_ == ring_.size()) return;
        ring_[(first_ + count_) % ring_.size()].emplace(std::move(item));
        count_item();
    }

    /// The next item; empty at the end.
    std::optional<Item> pop() {
        if (count_ == 0 && is_over()) return std::nullopt;
        begin_take();
        std::optional<Item> item = std::exchange(ring_[first_], std::nullopt);
        first_ = (first_ + 1) % ring_.size();
        end_take();
        return item;
    }

    static task<std::optional<Item>> next(std::shared_ptr<upload_queue> self) {
        if (!self->has_news() && !self->is_over()) co_await self->wait_here();
        std::optional<Item> item = self->pop();
        co_return item;
    }

private:
    std::vector<std::optional<Item>> ring_;
    std::size_t first_ = 0;
};

struct upload_access {
    template <class Item>
    static const std::shared_ptr<upload_queue<Item>>& queue(const upload<Item>& from) noexcept {
        return from.queue_;
    }
};

template <class Variant, std::size_t Index, class... Items>
void take_from(
    std::size_t wanted, std::optional<Variant>& into, const std::tuple<std::shared_ptr<upload_queue<Items>>...>& queues) {
    if constexpr (Index < sizeof...(Items)) {
        if (wanted != Index) return take_from<Variant, Index + 1>(wanted, into, queues);
        if (auto item = std::get<Index>(queues)->pop()) into.emplace(std::in_place_index<Index>, std::move(*item));
    }
}

template <class... Items>
task<std::optional<std::variant<Items...>>> next_of_queues(std::shared_ptr<upload_queue<Items>>... queues) {
    std::tuple<std::shared_ptr<upload_queue<Items>>...> kept(queues...);
    std::optional<std::variant<Items...>> taken;
    std::vector<std::shared_ptr<upload_core>> all{queues...};
    const std::optional<std::size_t> which = co_await upload_core::ready(std::move(all));
    if (which) take_from<std::variant<Items...>, 0>(*which, taken, kept);
    co_return taken;
}

}  // namespace detail

/// A stream from the client, as a parameter of a hub method. A handle; on the connection's lane.
///
/// Up to `hub_options::stream_buffer_capacity` items wait for the method; with more, nothing is read from this client until the method
/// takes one. What the method leaves is dropped when it ends.
template <class Item>
class upload {
public:
    upload() = default;
    /// For the dispatcher.
    explicit upload(std::shared_ptr<detail::upload_queue<Item>> queue) noexcept : queue_(std::move(queue)) {}

    /// Waits for the next item.
    ///
    /// @returns the item, or empty when the client ended the stream
    /// @throws hub_error           with the client's text, when it ended the stream with an error
    /// @throws std::system_error   `errc::connection_closed`, when the connection ended first
    /// Cancellation: terminal; no item is lost.
    task<std::optional<Item>> next() { return detail::upload_queue<Item>::next(queue_); }

private:
    friend struct detail::upload_access;
    std::shared_ptr<detail::upload_queue<Item>> queue_;
};

/// Waits for an item of any of several uploads, fairly in turn when more than one has some; none is lost.
///
/// @returns the item as the alternative of its upload, or empty when all have ended
/// Throws and is cancelled as `upload::next`.
template <class... Items>
task<std::optional<std::variant<Items...>>> next_of(upload<Items>&... uploads) {
    return detail::next_of_queues<Items...>(detail::upload_access::queue(uploads)...);
}

}  // namespace asignalr
