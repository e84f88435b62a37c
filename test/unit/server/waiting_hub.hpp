// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/connection/raw_connection.hpp>
#include <asignalr/hub/context.hpp>
#include <asignalr/hub/hub.hpp>
#include <asignalr/net/http.hpp>
#include <asignalr/runtime/generator.hpp>
#include <asignalr/runtime/task.hpp>
#include <asignalr/runtime/upload.hpp>

#include <asio/any_io_executor.hpp>

#include <functional>
#include <optional>
#include <string>

namespace asignalr {

template <class Hub>
class method_table;

}  // namespace asignalr

namespace asignalr::detail {

/// What a test of cancellation and its coroutines have in common.
struct waiting_world {
    std::function<void()> pass_point = [] {};  ///< Called between two suspensions of a coroutine.
    asio::any_io_executor elsewhere;           ///< For `on`.
    std::string stranger;                      ///< The id of a connection on another lane, if there is one.
    int alive = 0;                             ///< Coroutines whose frames exist.
    int connected = 0;
    int disconnected = 0;
    std::optional<connection_context> here;    ///< The hub's connection, as long as there is one.
};

/// One in each coroutine.
class frame_count {
public:
    explicit frame_count(waiting_world& world) noexcept : world_(world) { ++world_.alive; }
    frame_count(const frame_count&) = delete;
    frame_count& operator=(const frame_count&) = delete;
    ~frame_count() { --world_.alive; }

private:
    waiting_world& world_;
};

/// Coroutines that wait for everything there is to wait for, and pass a point before and behind each wait.
class waiting_hub final : public hub {
public:
    explicit waiting_hub(waiting_world& world) noexcept : world_(world) {}
    ~waiting_hub() override;

    static void describe(method_table<waiting_hub>& methods);

    task<void> on_connected() override;
    task<void> on_disconnected(close_reason) override;

    int quick(int number);
    task<int> wait();
    generator<int> stream();
    task<int> sum(upload<int> numbers);
    task<int> merge(upload<int> numbers, upload<std::string> words);

private:
    waiting_world& world_;
};

/// The same for a connection of bytes.
task<void> echo_with_points(waiting_world& world, raw_connection client);

/// The same for a route.
task<http_response> answer_with_points(waiting_world& world);

}  // namespace asignalr::detail
