// SPDX-License-Identifier: MIT
// What a user writes on the first day: the server header and one hub. counts.py times its compilation; nobody runs it.
#include <asignalr/server.hpp>

#include <asio/io_context.hpp>

#include <memory>
#include <string>
#include <utility>

inline constexpr asignalr::client_method<std::string> receive{"receive"};

class rooms final : public asignalr::hub {
public:
    static void describe(asignalr::method_table<rooms>& methods) {
        methods.expose<&rooms::say>("Say");
        methods.expose<&rooms::length>("Length");
        methods.expose<&rooms::count>("Count");
        methods.expose<&rooms::total>("Total");
    }

    asignalr::task<void> on_connected() override { co_await groups().add(context().connection_id(), "everybody"); }

    void say(std::string text) { clients().group("everybody").send(receive, std::move(text)); }

    asignalr::task<int> length(std::string text) { co_return static_cast<int>(text.size()); }

    asignalr::generator<int> count(int until) {
        for (int number = 0; number < until; ++number) {
            co_yield number;
        }
    }

    asignalr::task<int> total(asignalr::upload<int> numbers) {
        int sum = 0;
        while (const auto number = co_await numbers.next()) {
            sum += *number;
        }
        co_return sum;
    }
};

int main() {
    asio::io_context context;
    asignalr::server server{context};
    server.add_hub<rooms>([] { return std::make_unique<rooms>(); }).map("/rooms");
    server.listen("http://127.0.0.1:8100");
    context.run();
}
