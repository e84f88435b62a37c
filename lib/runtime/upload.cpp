// SPDX-License-Identifier: MIT
#include <asignalr/runtime/upload.hpp>

#include "runtime/parked_handler.hpp"

#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <system_error>
#include <utility>

namespace asignalr::detail {

struct upload_core::parked {
    parked_handler<std::error_code> handler;
    std::size_t turn = 0;

    void fire(std::error_code error) {
        if (handler) handler(error);
    }
};

/// Several uploads wake the one who waits at the first of them, and none of them keeps him in mind afterwards.
class upload_core::shared_wait {
public:
    shared_wait(const std::vector<std::shared_ptr<upload_core>>& all, std::shared_ptr<parked> place) : all_(all) {
        for (const std::shared_ptr<upload_core>& one : all_)
            one->waiter_ = place;
    }
    shared_wait(const shared_wait&) = delete;
    shared_wait& operator=(const shared_wait&) = delete;
    ~shared_wait() {
        for (const std::shared_ptr<upload_core>& one : all_)
            one->waiter_.reset();
    }

private:
    const std::vector<std::shared_ptr<upload_core>>& all_;
};

upload_core::~upload_core() = default;

void upload_core::wake() {
    if (const std::shared_ptr<parked> waiter = std::exchange(waiter_, nullptr)) waiter->fire({});
}

void upload_core::end(std::exception_ptr why) {
    if (ended_) return;
    ended_ = true;
    failure_ = std::move(why);
    wake();
}

void upload_core::abandon() noexcept {
    observer_ = nullptr;
    ended_ = true;
    if (const std::shared_ptr<parked> waiter = std::exchange(waiter_, nullptr)) waiter->handler.drop();
}

void upload_core::count_item() {
    ++count_;
    wake();
}

void upload_core::begin_take() {
    if (count_ == 0) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void upload_core::end_take() {
    const bool was_over_full = over_full();
    --count_;
    if (was_over_full && !over_full() && observer_ != nullptr) observer_->on_upload_room();
}

task<void> upload_core::wait_here() {
    if (!place_) place_ = std::make_shared<parked>();
    waiter_ = place_;
    // As in waiting_list::wait(), nothing that waits owns its place.
    auto park = [place = place_.get(), weak = std::weak_ptr(place_)](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            auto executor = asio::get_associated_executor(handler);
            // Posted: completing in here, Asio would clear the slot that this handler stands in. By then somebody else may wait here.
            slot.assign([weak, executor, turn = ++place->turn](asio::cancellation_type) {
                asio::post(executor, [weak, turn] {
                    const auto still_there = weak.lock();
                    if (still_there && still_there->turn == turn) still_there->fire(asio::error::operation_aborted);
                });
            });
        }
        place->handler.set(std::move(handler));
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(std::error_code)>(std::move(park), asio::use_awaitable);
}

task<std::optional<std::size_t>> upload_core::ready(std::vector<std::shared_ptr<upload_core>> all) {
    upload_core& first = *all.front();
    while (true) {
        for (std::size_t step = 1; step <= all.size(); ++step) {
            const std::size_t index = (first.turn_ + step) % all.size();
            if (!all[index]->has_news()) continue;
            first.turn_ = index;
            co_return index;
        }
        const bool over = std::all_of(all.begin(), all.end(), [](const auto& one) { return one->is_over(); });
        if (over) co_return std::nullopt;
        auto waiting = first.wait_here();
        const shared_wait shared(all, first.place_);
        co_await std::move(waiting);
    }
}

}  // namespace asignalr::detail
