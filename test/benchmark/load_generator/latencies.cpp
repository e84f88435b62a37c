// SPDX-License-Identifier: MIT
#include "latencies.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace benchmark {

double latencies::percentile(double percent) {
    const double rank = std::ceil(percent / 100 * static_cast<double>(all_.size()));
    const auto index = std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(rank), 1, std::ssize(all_)) - 1;
    std::nth_element(all_.begin(), all_.begin() + index, all_.end());
    return std::chrono::duration<double, std::micro>(all_[static_cast<std::size_t>(index)]).count();
}

}  // namespace benchmark
