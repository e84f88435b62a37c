// SPDX-License-Identifier: MIT
#include "hub_world.hpp"

#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <system_error>
#include <utility>

namespace asignalr::detail {

hub_world::hub_world(asio::io_context& context) : gate(std::in_place, context, asio::steady_timer::time_point::max()) {}
hub_world::~hub_world() = default;

void hub_world::open_gate() { gate->cancel(); }
std::size_t hub_world::times(std::string_view event) const {
    return static_cast<std::size_t>(std::count(events.begin(), events.end(), event));
}

task<void> wait_at_gate(hub_world& world) {
    std::error_code error;
    co_await world.gate->async_wait(asio::redirect_error(asio::use_awaitable, error));
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) throw std::system_error(asio::error::operation_aborted);
}

event_at_end::event_at_end(hub_world& world, std::string event) : world_(world), event_(std::move(event)) {}
event_at_end::~event_at_end() { world_.events.push_back(event_); }

}  // namespace asignalr::detail
