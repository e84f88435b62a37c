// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/server.hpp>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

/// The command line of a host: `--urls "http://127.0.0.1:0;http://[::1]:0"`, `--lanes N`, `--allowed-origin ORIGIN`,
/// `--trusted-proxy ADDRESS`, and numbers of its own.
struct host_options {
    std::vector<std::string> urls;
    std::vector<std::string> allowed_origins;
    std::vector<std::string> trusted_proxies;
    std::size_t lanes = 1;
    std::size_t maximum_message_size = 32 * 1024;

    static host_options parse(int count, char** arguments) {
        host_options options;
        for (int index = 1; index + 1 < count; index += 2) {
            const std::string_view name = arguments[index];
            const std::string value = arguments[index + 1];
            if (name == "--urls") options.split(value);
            if (name == "--allowed-origin") options.allowed_origins.push_back(value);
            if (name == "--trusted-proxy") options.trusted_proxies.push_back(value);
            if (name == "--lanes") options.lanes = std::stoul(value);
            if (name == "--maximum-message-size") options.maximum_message_size = std::stoul(value);
        }
        if (options.urls.empty()) options.urls = {"http://127.0.0.1:0"};
        return options;
    }

private:
    void split(const std::string& list) {
        for (std::size_t start = 0; start <= list.size();) {
            const std::size_t end = std::min(list.find(';', start), list.size());
            if (end > start) urls.push_back(list.substr(start, end - start));
            start = end + 1;
        }
    }
};

/// Serves until SIGINT or SIGTERM: on one io_context, or on a runtime with a lane for each thread.
inline int serve(const host_options& options, const std::function<void(asignalr::server&)>& set_up) try {
    const auto run = [&](asignalr::server& server, asio::io_context& first, const std::function<void()>& wait) {
        set_up(server);
        for (const std::string& asked : options.urls) {
            const std::string url = server.listen(asked);
            std::cout << "Now listening on: " << url << std::endl;
        }
        asio::signal_set signals(first, SIGINT, SIGTERM);
        signals.async_wait([&](auto, int) { server.stop(std::chrono::milliseconds(500)); });
        wait();
    };
    if (options.lanes <= 1) {
        asio::io_context context(1);
        asignalr::server server(context, {.trusted_proxies = options.trusted_proxies});
        run(server, context, [&] { context.run(); });
    } else {
        asignalr::io_runtime runtime(options.lanes);
        asignalr::server server(runtime, {.trusted_proxies = options.trusted_proxies});
        run(server, runtime.context(0), [&] { runtime.run(); });
    }
    return 0;
} catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 1;
}
