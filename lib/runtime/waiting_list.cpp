// SPDX-License-Identifier: MIT
#include "runtime/waiting_list.hpp"

#include "runtime/parked_handler.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <utility>

namespace asignalr::detail {

struct waiting_list::parked {
    parked_handler<std::error_code> handler;
    asio::any_io_executor executor;

    // Resuming is posted: whoever wakes may be deep inside something else.
    static void fire(const std::shared_ptr<parked>& self, std::error_code error) {
        asio::post(self->executor, [self, error] {
            if (self->handler) self->handler(error);
        });
    }
};

waiting_list::~waiting_list() = default;

asio::awaitable<void> waiting_list::wait() {
    auto place = std::make_shared<parked>();
    waiting_.push_back(place);
    // Nothing that waits may own its place: the two would keep each other alive. So the closure gives it up, and the slot only looks.
    auto park = [given = std::move(place)](auto handler) mutable {
        const auto here = std::move(given);
        here->executor = asio::get_associated_executor(handler);
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            slot.assign([weak = std::weak_ptr(here)](asio::cancellation_type) {
                if (const auto still_there = weak.lock()) parked::fire(still_there, asio::error::operation_aborted);
            });
        }
        here->handler.set(std::move(handler));
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::error_code)>(std::move(park), asio::use_awaitable);
}

void waiting_list::wake_all(std::error_code error) {
    const std::vector<std::shared_ptr<parked>> all = std::exchange(waiting_, {});
    for (const std::shared_ptr<parked>& one : all)
        parked::fire(one, error);
}

}  // namespace asignalr::detail
