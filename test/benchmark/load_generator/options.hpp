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

// The command line; `usage` in options.cpp says what each is for.
struct options {
    std::string mode;
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    std::string path = "/bench";
    bool raw = false;
    bool negotiate = false;
    std::string order = "javascript";
    std::string protocol = "json";
    std::string target = "Echo";
    std::size_t connections = 64;
    std::size_t depth = 1;
    std::size_t size = 100;
    std::uint64_t messages = 0;
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

}  // namespace benchmark
