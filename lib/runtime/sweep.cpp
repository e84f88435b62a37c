// SPDX-License-Identifier: MIT
#include "runtime/sweep.hpp"

#include <new>

namespace asignalr::detail {

void sweep_entry::stop_sweeping() noexcept {
    if (owner_ == nullptr) return;
    sweeper* owner = owner_;
    if (owner->upcoming_ == this) owner->upcoming_ = next_;
    *link_ = next_;
    if (next_ != nullptr) next_->link_ = link_;
    owner_ = nullptr;
    next_ = nullptr;
    owner->removed();
}

sweeper::~sweeper() {
    changed_ = nullptr;
    for (sweep_entry* first : first_)
        while (first != nullptr) {
            sweep_entry* entry = first;
            first = entry->next_;
            entry->owner_ = nullptr;
            entry->next_ = nullptr;
        }
}

void sweeper::add(sweep_entry& entry, bool every_tick) {
    entry.stop_sweeping();
    const std::size_t bucket = every_tick ? buckets : next_free_++ % buckets;  // spread, so that pings are
    entry.owner_ = this;
    entry.next_ = first_[bucket];
    entry.link_ = &first_[bucket];
    if (entry.next_ != nullptr) entry.next_->link_ = &entry.next_;
    first_[bucket] = &entry;
    if (++count_ == 1 && changed_ != nullptr) changed_(context_);
}

void sweeper::removed() noexcept {
    if (--count_ == 0 && changed_ != nullptr) changed_(context_);
}

void sweeper::tick(clock_source::time_point now) {
    visit(first_[buckets], now);
    visit(first_[next_bucket_++ % buckets], now);
}

void sweeper::tick_all(clock_source::time_point now) {
    for (sweep_entry* first : first_)
        visit(first, now);
}

// Entries may come and go meanwhile: what comes stands in front and is not visited, what goes moves `upcoming_` on.
void sweeper::visit(sweep_entry* first, clock_source::time_point now) {
    upcoming_ = first;
    while (upcoming_ != nullptr) {
        sweep_entry* entry = upcoming_;
        upcoming_ = entry->next_;
        try {
            entry->on_sweep(now);
        } catch (const std::bad_alloc&) {
            // It is asked again at its next turn.
        }
    }
}

}  // namespace asignalr::detail
