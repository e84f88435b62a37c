// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>

#include <asio/awaitable.hpp>

namespace asignalr {

/// A coroutine that ends with a `Result`: what hub methods are written as, and what this library's waits are.
///
/// It is Asio's own type, so whatever can be awaited with `asio::use_awaitable` can be awaited in it, and it can be awaited in any
/// `asio::awaitable`. It starts when it is awaited.
template <class Result = void>
using task = asio::awaitable<Result>;

}  // namespace asignalr
