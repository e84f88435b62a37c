// SPDX-License-Identifier: MIT
#include "heap_meter.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

#ifdef __has_feature
#if __has_feature(thread_sanitizer)
#define ASIGNALR_COUNTS_NOTHING 1
#endif
#endif

namespace {

std::atomic<std::size_t> live{0};
std::atomic<std::size_t> peak{0};
std::atomic<std::size_t> taken{0};

constinit thread_local asignalr::detail::heap_fault* fault = nullptr;

[[maybe_unused]] void* take(std::size_t size) noexcept {
    if (fault != nullptr && asignalr::detail::heap_fault::fails_now(size)) return nullptr;
    void* const memory = std::malloc(size == 0 ? 1 : size);
    if (!memory) return nullptr;
    taken.fetch_add(1, std::memory_order_relaxed);
    const std::size_t now = live.fetch_add(malloc_usable_size(memory), std::memory_order_relaxed) + malloc_usable_size(memory);
    // Two threads may lose a peak to each other; whoever asks for peaks has one.
    if (now > peak.load(std::memory_order_relaxed)) peak.store(now, std::memory_order_relaxed);
    return memory;
}

[[maybe_unused]] void give_back(void* memory) noexcept {
    if (memory) live.fetch_sub(malloc_usable_size(memory), std::memory_order_relaxed);
    std::free(memory);
}

}  // namespace

// Clang's thread sanitizer has its own, which cannot be replaced; the tests that count do not run with it.
#if !ASIGNALR_COUNTS_NOTHING
void* operator new(std::size_t size) {
    if (void* const memory = take(size)) return memory;
    throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete[](void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { give_back(memory); }
void operator delete[](void* memory, std::size_t) noexcept { give_back(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { give_back(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { give_back(memory); }
#endif

namespace asignalr::detail {

std::size_t heap_meter::live_bytes() noexcept { return live.load(std::memory_order_relaxed); }
std::size_t heap_meter::peak_bytes() noexcept { return peak.load(std::memory_order_relaxed); }
void heap_meter::reset_peak() noexcept { peak.store(live_bytes(), std::memory_order_relaxed); }
std::size_t heap_meter::allocations() noexcept { return taken.load(std::memory_order_relaxed); }

heap_fault::heap_fault(kind what, std::size_t after) noexcept : what_(what), left_(after) { fault = this; }

heap_fault::~heap_fault() { fault = nullptr; }

bool heap_fault::fails_now(std::size_t size) noexcept {
    constexpr std::size_t largest_operation = 320;
    const bool is_of_asio = size % 4 == 1;  // it asks for chunks of four bytes, and one byte more
    heap_fault& now = *fault;
    const bool fits = now.what_ == kind::of_frame ? is_of_asio && size > largest_operation : !is_of_asio;
    if (now.paused_ || !fits) return false;
    if (now.left_ > 0) {
        --now.left_;
        return false;
    }
    if (now.happened_ && now.what_ != kind::lasting) return false;
    return now.happened_ = true;
}

}  // namespace asignalr::detail
