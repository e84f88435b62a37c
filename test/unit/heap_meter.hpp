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

/// Lets allocations of this thread fail, for as long as it exists. Those of Asio for its operations never do: awaiting one that finds no
/// memory ends the program before Asio 1.24, which suspends in a function that may not throw.
class heap_fault {
public:
    enum class kind : unsigned char {
        one,       ///< One allocation fails.
        lasting,   ///< And so do all behind it.
        of_frame,  ///< One of Asio's that is too large for an operation: the frame of a coroutine.
    };

    /// @param after how many allocations succeed before
    heap_fault(kind what, std::size_t after) noexcept;
    heap_fault(const heap_fault&) = delete;
    heap_fault& operator=(const heap_fault&) = delete;
    ~heap_fault();

    bool happened() const noexcept { return happened_; }
    /// Nothing fails while it is paused.
    void pause(bool does) noexcept { paused_ = does; }

    /// For the allocation functions.
    static bool fails_now(std::size_t size) noexcept;

private:
    kind what_;
    std::size_t left_;
    bool happened_ = false;
    bool paused_ = false;
};

}  // namespace asignalr::detail
