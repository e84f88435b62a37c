// SPDX-License-Identifier: MIT
#pragma once

#include "http_client.hpp"

#include "connection/raw_endpoint.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace asignalr::detail {

/// A server in memory with a handler of bytes on `/raw`.
class raw_connection_fixture : public http_client_fixture {
protected:
    void serve(raw_connection_handler handler, raw_connection_options options = {}) {
        start();
        core_->add_raw("/raw", std::move(handler), std::move(options));
    }
    void serve_echo(raw_connection_options options = {}) {
        serve([this](raw_connection client) { return echo(std::move(client)); }, std::move(options));
    }
    task<void> echo(raw_connection client) {
        const event_at_end left(*world_, "handler left");
        while (auto bytes = co_await client.read())
            co_await client.write(std::move(*bytes));
    }
    /// What a frame of the server's holds; everything that came, one frame behind the other.
    std::string received(raw_client& client) {
        settle(client);
        return std::exchange(client.bytes, {});
    }
    raw_client open() { return connect_websocket(64 * 1024, "/raw"); }
    std::string raw_token() {
        return text_member(request("POST /raw/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n"), "connectionToken");
    }
    http_answer send(std::string_view method, std::string_view token, std::string_view body = {}) {
        std::string bytes = request_for(method, token, {}, body);
        bytes.replace(bytes.find("/hub"), 4, "/raw");
        return answered(bytes);
    }
};

}  // namespace asignalr::detail
