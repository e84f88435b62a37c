// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/runtime/task.hpp>
#include <asignalr/testing/test_client.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace asignalr {

namespace detail {
class test_world;
}

class server;

/// How a client connects in a unit test.
struct test_client_options {
    /// Whether it speaks MessagePack instead of JSON.
    bool messagepack = false;
    /// Headers of its requests, for example cookies.
    std::vector<std::pair<std::string, std::string>> headers = {};
    /// The address it seems to come from.
    std::string remote_address = "127.0.0.1";
};

/// A server on the bench of a unit test: clients in memory, nothing happens but what the test's thread runs, and time stands still until the
/// test moves it.
///
/// Made before the first connection, of a server that was made from an `io_context`. That context, the server and the bench are declared in
/// this order, and then the clients; all of them are used on one thread. Timeouts, pings and deadlines of the library go by the bench's
/// time; timers that the hub's own code waits for go by the clock on the wall.
class ASIGNALR_API test_bench {
public:
    /// @param patience how long, by the clock on the wall, a client waits for what does not come
    /// @throws std::logic_error if the server was not made from an `io_context`
    explicit test_bench(server& tested, std::chrono::milliseconds patience = std::chrono::seconds(5));
    test_bench(const test_bench&) = delete;
    test_bench& operator=(const test_bench&) = delete;
    ~test_bench();

    /// Connects a client as a real one does it: negotiate, the transport (`InMemory`, whatever the hub offers), and the handshake.
    /// @param target path and query of the hub, for example `/chat?room=lobby`
    /// @throws std::runtime_error with the server's answer if it refuses
    test_client connect(std::string_view target, const test_client_options& options = {});

    /// Runs everything that is ready, and what follows from it, until there is no more.
    /// @throws std::system_error `std::errc::timed_out` if it does not come to an end
    void settle();

    /// Moves the time on, and runs what is due, quarter by quarter of a second, and what follows from it.
    void advance(std::chrono::milliseconds time);

    /// Runs a coroutine on the server's lane to its end.
    /// @returns what it returns. Rethrows what it throws
    /// @throws std::system_error `std::errc::timed_out` if it does not end: then it is cancelled
    template <class Result>
    Result run(task<Result> coroutine) {
        if constexpr (std::is_void_v<Result>) {
            run_to_end(std::move(coroutine));
        } else {
            const auto result = std::make_shared<std::optional<Result>>();
            run_to_end(keep_result(std::move(coroutine), result));
            return std::move(**result);
        }
    }

private:
    template <class Result>
    static task<void> keep_result(task<Result> coroutine, std::shared_ptr<std::optional<Result>> into) {
        Result result = co_await std::move(coroutine);
        into->emplace(std::move(result));
    }
    void run_to_end(task<void> coroutine);

    std::shared_ptr<detail::test_world> world_;
};

}  // namespace asignalr
