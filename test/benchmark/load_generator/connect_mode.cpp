// SPDX-License-Identifier: MIT
#include "measure.hpp"
#include "modes.hpp"

namespace benchmark {

// What is counted are whole lives, from the first connection of TCP to the last good-bye: what a server does later for
// one that has come, or has gone, is in the window too.
void run_connect(const options& settings, report& result) {
    std::uint64_t lives = 0;
    pool connections(settings);
    connections.open(settings.connections);
    for (std::size_t index = 0; index < connections.size(); ++index) {
        connections.at(index).close();
    }
    cpu_window window(settings.server_process);
    const std::uint64_t counted = measure(
        settings, connections, window,
        [&lives](peer& one) {
            if (one.is_open()) {
                one.close();
            } else if (one.is_closed()) {
                ++lives;
                one.start();
            }
        },
        [&lives] { return lives; });
    result.add_window(window, counted);
    result.add_errors(connections);
}

}  // namespace benchmark
