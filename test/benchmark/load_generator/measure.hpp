// SPDX-License-Identifier: MIT
#pragma once

#include "pool.hpp"
#include "probe.hpp"

#include <cstdint>
#include <functional>

namespace benchmark {

// Lets what is under way go on for the warm-up, and then for the window. How much was `done` in the window.
std::uint64_t measure(
    const options& settings, pool& connections, cpu_window& window, const pool::listener& on_progress,
    const std::function<std::uint64_t()>& done);

// One call before all others. A server that answers something else would be measured doing something else.
void verify_echo(const options& settings, pool& connections);

}  // namespace benchmark
