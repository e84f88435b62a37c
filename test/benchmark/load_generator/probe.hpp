// SPDX-License-Identifier: MIT
#pragma once

#include "options.hpp"

#include <chrono>
#include <cstdint>

namespace benchmark {

// Run time in nanoseconds of all threads of a process, as the scheduler counts it, and of those that have ended: a sum
// over /proc/PID/task loses the time of a thread that ends during the window. 0 stands for "no process given".
std::uint64_t process_cpu(int process);

// Resident bytes of a process.
std::uint64_t resident_bytes(int process);

// Who used the processors between begin() and end().
class cpu_window {
public:
    explicit cpu_window(int server_process) : server_process_(server_process) {}

    void begin();
    void end();

    double elapsed() const { return elapsed_; }
    std::uint64_t server_nanoseconds() const { return server_; }
    double server_share() const { return static_cast<double>(server_) / 1e9 / elapsed_; }
    double own_share() const { return static_cast<double>(own_) / 1e9 / elapsed_; }

    // What neither the server nor we used, in parts of one processor. The machine's counters tick in hundredths of a
    // second.
    double foreign_share() const;

private:
    int server_process_;
    std::chrono::steady_clock::time_point started_;
    double elapsed_ = 0;
    std::uint64_t server_ = 0;
    std::uint64_t own_ = 0;
    std::uint64_t machine_ = 0;
};

}  // namespace benchmark
