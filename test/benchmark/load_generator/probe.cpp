// SPDX-License-Identifier: MIT
#include "probe.hpp"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace benchmark {
namespace {

std::string process_folder(int process) { return "/proc/" + std::to_string(process); }

// Busy time of all processors: everything but idle and waiting for a disk, and with what the hypervisor took away.
std::uint64_t machine_cpu() {
    std::ifstream file("/proc/stat");
    std::string name;
    std::uint64_t user = 0, nice = 0, system = 0, idle = 0, wait = 0, interrupt = 0, soft_interrupt = 0, stolen = 0;
    file >> name >> user >> nice >> system >> idle >> wait >> interrupt >> soft_interrupt >> stolen;
    const auto tick = 1'000'000'000u / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    return (user + nice + system + interrupt + soft_interrupt + stolen) * tick;
}

}  // namespace

std::uint64_t process_cpu(int process) {
    clockid_t clock{};
    timespec time{};
    if (process == 0) {
        return 0;
    }
    if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &time) != 0) {
        throw generator_error("cannot read the CPU time of process " + std::to_string(process));
    }
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(time.tv_nsec);
}

std::uint64_t resident_bytes(int process) {
    std::ifstream file(process_folder(process) + "/smaps_rollup");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("Rss:")) {
            std::uint64_t kilobytes = 0;
            std::istringstream(line.substr(4)) >> kilobytes;
            return kilobytes * 1024;
        }
    }
    throw generator_error("cannot read the memory of process " + std::to_string(process));
}

void cpu_window::begin() {
    machine_ = machine_cpu();
    server_ = process_cpu(server_process_);
    own_ = process_cpu(::getpid());
    started_ = std::chrono::steady_clock::now();
}

void cpu_window::end() {
    elapsed_ = seconds(std::chrono::steady_clock::now() - started_).count();
    own_ = process_cpu(::getpid()) - own_;
    server_ = process_cpu(server_process_) - server_;
    machine_ = machine_cpu() - machine_;
}

double cpu_window::foreign_share() const {
    const double known = static_cast<double>(server_) + static_cast<double>(own_);
    return std::max(0.0, (static_cast<double>(machine_) - known) / 1e9 / elapsed_);
}

}  // namespace benchmark
