// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace benchmark {

// What ends a run early: told on standard error, exit code 1.
class generator_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

using seconds = std::chrono::duration<double>;

// What is spoken: bare bytes over TCP, WebSocket frames without a hub, Socket.IO, or SignalR.
enum class wire { signalr, raw, websocket, socket_io };
enum class transport { websockets, server_sent_events, long_polling };

// The command line; `usage` in options.cpp says what each is for.
struct options {
    std::string mode;
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    std::string path = "/bench";
    benchmark::wire wire = benchmark::wire::signalr;
    benchmark::transport transport = benchmark::transport::websockets;
    bool negotiate = false;
    std::string order = "javascript";
    std::string protocol = "json";
    std::string target = "Echo";
    std::size_t connections = 64;
    std::size_t depth = 1;
    std::size_t size = 100;
    std::uint64_t messages = 0;
    double rate = 5000;
    seconds pause{0};
    seconds warm_up{1};
    seconds duration{1};
    seconds settle{1};
    seconds time_limit{120};
    int server_process = 0;
    std::size_t carry = 0;
    std::size_t burst = 64;
};

// Throws generator_error with the usage text.
options parse_options(int count, char** arguments);

// As they are written on the command line.
std::string name_of(wire which);
std::string name_of(transport which);

}  // namespace benchmark
