// SPDX-License-Identifier: MIT
#include "runtime/spawn.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/co_spawn.hpp>

#include <exception>

namespace asignalr::detail {
namespace {

struct nothing_escapes {
    void operator()(std::exception_ptr failure) const noexcept {
        if (failure) std::rethrow_exception(failure);
    }
};

}  // namespace

void spawn(const asio::any_io_executor& executor, asio::awaitable<void> coroutine) {
    asio::co_spawn(executor, std::move(coroutine), nothing_escapes{});
}

void spawn_with_slot(
    const asio::any_io_executor& executor, asio::cancellation_slot slot, asio::awaitable<void> coroutine) {
    asio::co_spawn(executor, std::move(coroutine), asio::bind_cancellation_slot(slot, nothing_escapes{}));
}

}  // namespace asignalr::detail
