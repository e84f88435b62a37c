// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/server.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include <cstddef>
#include <string>

/// The BenchHub of the contract; `Post` is an echo that suspends once.
class bench_hub final : public asignalr::hub {
public:
    static void describe(asignalr::method_table<bench_hub>& methods) {
        methods.expose<&bench_hub::echo>("Echo");
        methods.expose<&bench_hub::post>("Post");
        methods.expose<&bench_hub::broadcast>("Broadcast");
        methods.expose<&bench_hub::broadcast>("Bcast");
        methods.expose<&bench_hub::stream>("Stream");
        methods.expose<&bench_hub::sum>("Sum");
    }

    /// Serves the hub on `/bench`, and `GET /bench/broadcast?count=N&size=S`.
    static void serve_on(asignalr::server& server, asignalr::hub_options options = {}) {
        auto& hub = server.add_hub<bench_hub>(std::move(options)).map("/bench");
        server.get("/bench/broadcast", [&hub](const asignalr::http_request& request) {
            const std::string count = request.query("count").value_or("1");
            const std::string text(std::stoul(request.query("size").value_or("100")), 'x');
            for (std::size_t left = std::stoul(count); left > 0; --left)
                hub.clients().all().send("receive", text);
            return asignalr::http_response{.body = count, .content_type = "application/json; charset=utf-8"};
        });
    }

private:
    asignalr::task<std::string> echo(std::string message) { co_return message; }
    asignalr::task<std::string> post(std::string message) {
        co_await asio::post(asio::use_awaitable);
        co_return message;
    }
    void broadcast(std::string message) { clients().all().send("receive", message); }
    asignalr::generator<std::string> stream(int count, int size) {
        const std::string item(static_cast<std::size_t>(size), 'x');
        for (int left = count; left > 0; --left)
            co_yield item;
    }
    asignalr::task<int> sum(asignalr::upload<int> items) {
        int total = 0;
        while (const auto item = co_await items.next())
            total += *item;
        co_return total;
    }
};
