// SPDX-License-Identifier: MIT
#include "raw_connection_fixture.hpp"

#include "server/server_core.hpp"

#include <utility>

namespace asignalr::detail {

raw_connection_fixture::raw_connection_fixture() = default;
raw_connection_fixture::~raw_connection_fixture() = default;

void raw_connection_fixture::serve(raw_connection_handler handler, raw_connection_options options) {
    start();
    core_->add_raw("/raw", std::move(handler), std::move(options));
}

void raw_connection_fixture::serve_echo(raw_connection_options options) {
    serve([this](raw_connection client) { return echo(std::move(client)); }, std::move(options));
}

task<void> raw_connection_fixture::echo(raw_connection client) {
    const event_at_end left(*world_, "handler left");
    while (auto bytes = co_await client.read())
        co_await client.write(std::move(*bytes));
}

std::string raw_connection_fixture::received(raw_client& client) {
    settle(client);
    return std::exchange(client.bytes, {});
}

raw_client raw_connection_fixture::open() { return connect_websocket(64 * 1024, "/raw"); }

std::string raw_connection_fixture::raw_token() {
    return text_member(request("POST /raw/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n"), "connectionToken");
}

http_answer raw_connection_fixture::send(std::string_view method, std::string_view token, std::string_view body) {
    std::string bytes = request_for(method, token, {}, body);
    bytes.replace(bytes.find("/hub"), 4, "/raw");
    return answered(bytes);
}

}  // namespace asignalr::detail
