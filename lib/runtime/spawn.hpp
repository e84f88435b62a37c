// SPDX-License-Identifier: MIT
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/cancellation_signal.hpp>

namespace asignalr::detail {

/// Starts a coroutine of the library's own, which deals with its exceptions itself; one that escapes all the same ends the program,
/// since it would be lost. The only callers of `asio::co_spawn` in here.
void spawn(const asio::any_io_executor& executor, asio::awaitable<void> coroutine);
void spawn_with_slot(
    const asio::any_io_executor& executor, asio::cancellation_slot slot, asio::awaitable<void> coroutine);

}  // namespace asignalr::detail
