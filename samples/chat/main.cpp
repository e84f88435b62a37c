// SPDX-License-Identifier: MIT
#include "chat.hpp"

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>

#include <csignal>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

int main(int argument_count, char** arguments) try {
    std::string port = "8100", page = "page";
    for (int index = 1; index < argument_count; index += 2) {
        const std::string_view name = arguments[index];
        if ((name != "--port" && name != "--page") || index + 1 == argument_count)
            throw std::invalid_argument("the options are --port N and --page FOLDER");
        (name == "--port" ? port : page) = arguments[index + 1];
    }

    asio::io_context context(1);
    asignalr::server server(context);
    server.add_hub<chat>({.detailed_errors = true}).map("/chat");
    server.serve_files("/", page);
    const std::string url = server.listen("http://*:" + port);
    std::cout << "Now listening on: " << url << "\nThe page: http://localhost" << url.substr(url.rfind(':'))
              << "/ (Ctrl-C ends the server)" << std::endl;

    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](auto, int) { server.stop(std::chrono::milliseconds(300)); });
    context.run();
    return 0;
} catch (const std::exception& error) {
    std::cerr << "chat: " << error.what() << std::endl;
    return 1;
}
