// SPDX-License-Identifier: MIT
#include <asignalr/runtime/generator.hpp>

namespace asignalr::detail {

task<void> run_step(generator_step& step) {
    if (step.is_query) {
        auto& query = static_cast<query_step&>(step);
        query.throws = co_await asio::this_coro::throw_if_cancelled();
        co_await asio::this_coro::throw_if_cancelled(false);
        co_await query.run();
        co_await asio::this_coro::throw_if_cancelled(query.throws);
        co_return;
    }
    try {
        co_await step.run();
    } catch (...) {
        step.failure = std::current_exception();
    }
}

}  // namespace asignalr::detail
