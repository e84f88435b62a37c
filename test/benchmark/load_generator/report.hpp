// SPDX-License-Identifier: MIT
#pragma once

#include "pool.hpp"
#include "probe.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace benchmark {

// One JSON object on one line.
class report {
public:
    explicit report(const options& settings);

    void add(std::string_view name, std::string_view value);
    void add(std::string_view name, double value);
    template <std::integral Number>
    void add(std::string_view name, Number value) {
        add_raw(name, std::to_string(value));
    }

    // The window's figures, and the server's CPU time for each of `messages`.
    void add_window(const cpu_window& window, std::uint64_t messages);

    // Failed completions, with the text of the first.
    void add_errors(pool& connections);

    void print() const;

private:
    void add_raw(std::string_view name, std::string_view value);

    std::string text_;
};

}  // namespace benchmark
