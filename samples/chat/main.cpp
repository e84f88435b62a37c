// SPDX-License-Identifier: MIT
#include "chat.hpp"

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>

#include <csignal>
#include <iostream>
#include <string>
#include <string_view>

int main(int argument_count, char** arguments) try {
    std::string port = "8100", page = "page";
    for (int index = 1; index + 1 < argument_count; index += 2)
        (arguments[index] == std::string_view("--port") ? port : page) = arguments[index + 1];

    asio::io_context context(1);
    asignalr::server server(context);
    server.add_hub<chat>({.detailed_errors = true}).map("/chat");
    server.serve_files("/", page);
    std::cout << "Now listening on: " << server.listen("http://*:" + port) << std::endl;

    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](auto, int) { server.stop(std::chrono::milliseconds(300)); });
    context.run();
    return 0;
} catch (const std::exception& error) {
    std::cerr << "chat: " << error.what() << std::endl;
    return 1;
}
