// SPDX-License-Identifier: MIT
#include "messages.hpp"
#include "modes.hpp"

#include <algorithm>

namespace benchmark {
namespace {

constexpr std::size_t carrying_at_once = 16;

// The server's growth since `before` for each of `connections`.
double growth(const options& settings, std::uint64_t before, std::size_t connections) {
    const double now = static_cast<double>(resident_bytes(settings.server_process));
    return (now - static_cast<double>(before)) / static_cast<double>(connections);
}

// `calls` go out at once on each connection of [begin, end); returns when all are answered.
void call_on(pool& connections, std::size_t begin, std::size_t end, std::string_view calls, std::size_t count) {
    std::uint64_t missing = (end - begin) * count;
    for (std::size_t index = begin; index < end; ++index) {
        connections.at(index).seen = connections.at(index).counts().completions;
        connections.at(index).send(calls);
    }
    connections.run(
        [&missing](peer& from) {
            missing -= from.counts().completions - from.seen;
            from.seen = from.counts().completions;
        },
        [&missing](steady::time_point) { return missing == 0; });
}

void carry(const options& settings, pool& connections) {
    options big = settings;
    big.size = settings.carry;
    const std::string message = on_the_wire(settings, padded_call(big, "100", settings.target));
    const call_ring ring(settings, settings.target, settings.burst);
    for (std::size_t begin = connections.size() - settings.connections; begin < connections.size();
         begin += carrying_at_once) {
        const std::size_t end = std::min(begin + carrying_at_once, connections.size());
        call_on(connections, begin, end, message, 1);
        call_on(connections, begin, end, ring.take(0, settings.burst), settings.burst);
    }
}

// A server may refuse the big message with its limit: that is told, not an error of the run.
void measure_carry(const options& settings, pool& connections, std::uint64_t before, report& result) {
    try {
        carry(settings, connections);
    } catch (const generator_error& error) {
        result.add("carry_refused", error.what());
        return;
    }
    connections.rest(settings.settle);
    result.add("bytes_per_connection_after_carry", growth(settings, before, settings.connections));
}

}  // namespace

void run_idle(const options& settings, report& result) {
    pool connections(settings);
    // The first ones bring what every server has once: code pages, pools, tables.
    connections.open(std::max<std::size_t>(50, settings.connections / 20));
    connections.rest(settings.settle);
    const std::uint64_t before = resident_bytes(settings.server_process);
    cpu_window window(settings.server_process);
    window.begin();
    connections.open(settings.connections);
    window.end();
    result.add(
        "connect_cpu_ns", static_cast<double>(window.server_nanoseconds()) / static_cast<double>(settings.connections));
    result.add("connect_foreign_share", window.foreign_share());
    connections.rest(settings.settle);
    result.add("bytes_per_connection", growth(settings, before, settings.connections));
    window.begin();
    connections.rest(settings.duration);
    window.end();
    result.add("idle_server_share", window.server_share());
    if (settings.carry > 0) {
        measure_carry(settings, connections, before, result);
    }
    result.add_errors(connections);
}

}  // namespace benchmark
