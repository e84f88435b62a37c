// SPDX-License-Identifier: MIT
#include "waiting_hub.hpp"


#include <asignalr/hub/method_table.hpp>
#include <asignalr/runtime/on.hpp>

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <utility>

namespace asignalr::detail {

namespace {

task<void> wait_for_turn() { co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable); }

task<void> wait_for_timer() {
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::min());
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace

waiting_hub::~waiting_hub() { world_.here.reset(); }

void waiting_hub::describe(method_table<waiting_hub>& methods) {
    methods.expose<&waiting_hub::wait>("Wait");
    methods.expose<&waiting_hub::stream>("Stream");
    methods.expose<&waiting_hub::sum>("Sum");
    methods.expose<&waiting_hub::merge>("Merge");
    methods.expose<&waiting_hub::quick>("Quick");
}

task<void> waiting_hub::on_connected() {
    const frame_count alive(world_);
    world_.here = context();
    world_.pass_point();
    co_await groups().add(context().connection_id(), "everybody");
    world_.pass_point();
    if (!world_.stranger.empty()) co_await groups().add(world_.stranger, "strangers");
    world_.pass_point();
    co_await wait_for_turn();
    world_.pass_point();
    ++world_.connected;
}

task<void> waiting_hub::on_disconnected(close_reason) {
    const frame_count alive(world_);
    ++world_.disconnected;
    world_.pass_point();
    co_await wait_for_turn();
    world_.pass_point();
}

int waiting_hub::quick(int number) {
    world_.pass_point();
    return number;
}

task<int> waiting_hub::wait() {
    const frame_count alive(world_);
    world_.pass_point();
    co_await wait_for_timer();
    world_.pass_point();
    co_await wait_for_turn();
    world_.pass_point();
    auto far = [&world = world_]() -> task<int> {
        const frame_count alive_there(world);
        world.pass_point();
        co_await wait_for_turn();
        world.pass_point();
        co_return 42;
    };
    auto visit = on(world_.elsewhere, std::move(far));
    const int found = co_await std::move(visit);
    world_.pass_point();
    // More than the client takes at once, so that there is something to wait for.
    clients().caller().send("filled", std::string(40'000, 'x'));
    co_await clients().caller().writable();
    world_.pass_point();
    co_return found;
}

generator<int> waiting_hub::stream() {
    const frame_count alive(world_);
    world_.pass_point();
    for (int number = 0; number < 3; ++number) {
        co_yield number;
        world_.pass_point();
        co_await wait_for_turn();
        world_.pass_point();
    }
    co_await wait_for_timer();
    world_.pass_point();
    for (int number = 0; number < 40; ++number)  // gives way to others
        co_yield number;
}

task<int> waiting_hub::sum(upload<int> numbers) {
    const frame_count alive(world_);
    int total = 0;
    world_.pass_point();
    while (const auto number = co_await numbers.next()) {
        world_.pass_point();
        total += *number;
    }
    world_.pass_point();
    co_return total;
}

task<int> waiting_hub::merge(upload<int> numbers, upload<std::string> words) {
    const frame_count alive(world_);
    int items = 0;
    world_.pass_point();
    while (const auto item = co_await next_of(numbers, words)) {
        world_.pass_point();
        ++items;
    }
    co_await wait_for_turn();
    world_.pass_point();
    co_return items;
}

task<void> echo_with_points(waiting_world& world, raw_connection client) {
    const frame_count alive(world);
    world.pass_point();
    while (auto bytes = co_await client.read()) {
        world.pass_point();
        co_await client.write(std::move(*bytes));
        world.pass_point();
        co_await wait_for_turn();
        world.pass_point();
    }
}

task<http_response> answer_with_points(waiting_world& world) {
    const frame_count alive(world);
    world.pass_point();
    co_await wait_for_turn();
    world.pass_point();
    co_await wait_for_timer();
    world.pass_point();
    co_return http_response{.body = "answered"};
}

}  // namespace asignalr::detail
