// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace asignalr::detail {

/// What this program has on the heap, counted by its own operator new: it repeats from run to run, as resident memory does not.
class heap_meter {
public:
    /// Bytes that are allocated now.
    static std::size_t live_bytes() noexcept;
    /// The most there were since the last reset_peak().
    static std::size_t peak_bytes() noexcept;
    static void reset_peak() noexcept;
    /// How often something was allocated since the program began.
    static std::size_t allocations() noexcept;
    /// How much more there is now than when the meter was made.
    std::ptrdiff_t growth() const noexcept { return static_cast<std::ptrdiff_t>(live_bytes() - begin_); }

private:
    std::size_t begin_ = live_bytes();
};

}  // namespace asignalr::detail
