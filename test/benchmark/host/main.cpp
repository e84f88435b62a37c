// SPDX-License-Identifier: MIT
#include "bench_hub.hpp"
#include "host_options.hpp"

int main(int argument_count, char** arguments) {
    const host_options options = host_options::parse(argument_count, arguments);
    return serve(options, [&](asignalr::server& server) {
        bench_hub::serve_on(server, {.maximum_receive_message_size = options.maximum_message_size});
    });
}
