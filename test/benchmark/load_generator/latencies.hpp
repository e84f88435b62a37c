// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <vector>

namespace benchmark {

// Every latency of a run, for exact percentiles.
class latencies {
public:
    using duration = std::chrono::steady_clock::duration;

    void add(duration one) { all_.push_back(one); }
    void clear() { all_.clear(); }

    // In microseconds: what `percent` of them are not above. There has to be one.
    double percentile(double percent);

private:
    std::vector<duration> all_;
};

}  // namespace benchmark
