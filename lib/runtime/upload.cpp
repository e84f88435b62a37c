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

    void fire(std::error_code error) {
        if (handler) handler(error);
    }
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

task<void> upload_core::wait(std::vector<std::shared_ptr<upload_core>> all) {
    auto waiter = std::make_shared<parked>();
    for (const std::shared_ptr<upload_core>& one : all)
        one->waiter_ = waiter;
    // As in waiting_list::wait(), nothing that waits owns its place.
    auto park = [given = std::move(waiter)](auto handler) mutable {
        const auto waiter = std::move(given);
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            auto executor = asio::get_associated_executor(handler);
            // Posted: completing in here, Asio would clear the slot that this handler stands in.
            slot.assign([weak = std::weak_ptr(waiter), executor](asio::cancellation_type) {
                asio::post(executor, [weak] {
                    if (const auto still_there = weak.lock()) still_there->fire(asio::error::operation_aborted);
                });
            });
        }
        waiter->handler.set(std::move(handler));
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::error_code)>(std::move(park), asio::use_awaitable);
}

task<std::optional<std::size_t>> upload_core::ready(std::vector<std::shared_ptr<upload_core>> all) {
    while (true) {
        upload_core& first = *all.front();
        for (std::size_t step = 1; step <= all.size(); ++step) {
            const std::size_t index = (first.turn_ + step) % all.size();
            if (!all[index]->has_news()) continue;
            first.turn_ = index;
            co_return index;
        }
        const bool over = std::all_of(all.begin(), all.end(), [](const auto& one) { return one->is_over(); });
        if (over) co_return std::nullopt;
        std::vector<std::shared_ptr<upload_core>> waited = all;
        co_await wait(std::move(waited));
    }
}

}  // namespace asignalr::detail
