// SPDX-License-Identifier: MIT
// Loads a SignalR server (or one of those it is compared with) and tells what that cost it. One thread, ends by
// itself.
#include "modes.hpp"

#include <sys/resource.h>

#include <cstdio>
#include <map>
#include <string>

namespace {

void allow_many_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

const std::map<std::string, void (*)(const benchmark::options&, benchmark::report&)> modes{
    {"echo", benchmark::run_echo},       {"broadcast", benchmark::run_broadcast}, {"idle", benchmark::run_idle},
    {"connect", benchmark::run_connect}, {"open-loop", benchmark::run_open_loop}, {"stream", benchmark::run_stream},
    {"upload", benchmark::run_upload},
};

}  // namespace

int main(int count, char** arguments) {
    try {
        allow_many_descriptors();
        const benchmark::options settings = benchmark::parse_options(count, arguments);
        const auto mode = modes.find(settings.mode);
        if (mode == modes.end()) {
            throw benchmark::generator_error("no such mode: " + settings.mode);
        }
        benchmark::report result(settings);
        mode->second(settings, result);
        result.print();
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "load-generator: %s\n", error.what());
        return 1;
    }
}
