// SPDX-License-Identifier: MIT
#include "bench_hub.hpp"
#include "chat.hpp"
#include "functional_test_pipeline.hpp"
#include "host_options.hpp"
#include "hubs/limits_hub.hpp"
#include "hubs/rooms_hub.hpp"
#include "hubs/spec_hub.hpp"
#include "hubs/test_hub.hpp"
#include "hubs/visitor_hub.hpp"
#include "message_echo.hpp"
#include "own_routes.hpp"
#include "whole_echo.hpp"

namespace {

asignalr::hub_options with_details() { return {.detailed_errors = true}; }

asignalr::hub_options tight_limits() {
    asignalr::hub_options options;
    options.handshake_timeout = 1s;
    options.keep_alive_interval = 1s;
    options.client_timeout = 2s;
    options.maximum_receive_message_size = 1024;
    options.stream_buffer_capacity = 2;
    options.write_deadline = 2s;
    options.disconnect_timeout = 2s;
    options.poll_timeout = 2s;
    return options;
}

// Over plain HTTP only with a cookie, which the tests of clients send.
asignalr::task<void> echo_bytes(asignalr::raw_connection client) {
    if (client.transport_name() != "WebSockets" && !client.request().cookie("testCookie")) co_return;
    while (auto bytes = co_await client.read())
        co_await client.write(std::move(*bytes));
}

asignalr::hub_options without_websockets() {
    return {.detailed_errors = true, .transports = asignalr::transport_types::server_sent_events | asignalr::transport_types::long_polling};
}

// In the words of the server whose contract this is.
std::unique_ptr<test_hub> make_nothing() {
    throw asignalr::named_error(
        "InvalidOperationException",
        "Unable to resolve service for type 'System.Object' while attempting to activate 'FunctionalTests.UncreatableHub'.");
}

void set_up(asignalr::server& server, const host_options& command_line) {
    record_requests(server);
    use_functional_test_pipeline(server, command_line.allowed_origins.empty());
    refuse_later_work(server);
    server.add_hub<test_hub>(with_details()).map("/testhub");
    server.add_hub<test_hub>({.allowed_origins = command_line.allowed_origins}).map("/friendly");
    server.add_hub<test_hub>(without_websockets()).map("/testhub-nowebsockets");
    server.add_hub<test_hub>(make_nothing, with_details()).map("/uncreatable");
    server.add_hub<test_hub>().map("/quiet");
    server.add_hub<rooms_hub>(with_details()).map("/rooms");
    server.add_hub<chat>(with_details()).map("/chat");
    server.add_hub<limits_hub>(tight_limits()).map("/limits");
    server.add_hub<limits_hub>({.detailed_errors = true, .maximum_parallel_invocations = 4}).map("/parallel");
    server.add_hub<spec_hub>({.keep_alive_interval = 2s}).map("/hub");
    server.add_hub<visitor_hub>().map("/visitor");
    server.serve_connections("/echo", echo_bytes);
    server.serve_connections("/whole", echo_whole);
    add_message_echo(server);
    bench_hub::serve_on(server);
    add_own_routes(server);
}

}  // namespace

int main(int argument_count, char** arguments) {
    const host_options command_line = host_options::parse(argument_count, arguments);
    return serve(command_line, [&](asignalr::server& server) { set_up(server, command_line); });
}
