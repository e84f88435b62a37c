// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <array>
#include <chrono>
#include <cstddef>

namespace asignalr::detail {

class sweeper;

/// Something with deadlines that a lane looks at again and again, instead of a timer of its own.
class sweep_entry {
public:
    sweep_entry() = default;
    sweep_entry(const sweep_entry&) = delete;
    sweep_entry& operator=(const sweep_entry&) = delete;

    virtual void on_sweep(clock_source::time_point now) = 0;

    bool is_swept() const noexcept { return owner_ != nullptr; }
    void stop_sweeping() noexcept;

protected:
    virtual ~sweep_entry() { stop_sweeping(); }

private:
    friend class sweeper;
    sweeper* owner_ = nullptr;
    sweep_entry* next_ = nullptr;
    sweep_entry** link_ = nullptr;  // what points to this
};

/// Visits its entries in turn: a quarter of them at each tick, four ticks a second, and those in a hurry at each.
class sweeper {
public:
    static constexpr std::chrono::milliseconds tick_interval{250};

    sweeper() = default;
    sweeper(const sweeper&) = delete;
    sweeper& operator=(const sweeper&) = delete;
    ~sweeper();

    /// @param every_tick for options of less than four seconds
    void add(sweep_entry& entry, bool every_tick);
    void tick(clock_source::time_point now);
    /// Visits everybody at once.
    void tick_all(clock_source::time_point now);
    bool empty() const noexcept { return count_ == 0; }

    /// Told when the first entry comes and when the last one goes.
    void on_change(void (*changed)(void*), void* context) noexcept {
        changed_ = changed;
        context_ = context;
    }

private:
    friend class sweep_entry;

    static constexpr std::size_t buckets = 4;

    void visit(sweep_entry* first, clock_source::time_point now);
    void removed() noexcept;

    std::array<sweep_entry*, buckets + 1> first_{};  // the last one is for every tick
    sweep_entry* upcoming_ = nullptr;                // of the visit that is under way
    std::size_t next_bucket_ = 0;
    std::size_t next_free_ = 0;
    std::size_t count_ = 0;
    void (*changed_)(void*) = nullptr;
    void* context_ = nullptr;
};

}  // namespace asignalr::detail
