// SPDX-License-Identifier: MIT
#include "connection/registry.hpp"

#include "runtime/lane.hpp"

#include <utility>

namespace asignalr::detail {

void connection_registry::add_negotiated(std::string token, std::string id, places_by_address::place place) {
    by_age_.push_back({token, lane_.now()});
    entry& made = entries_[std::move(token)];
    made.id = std::move(id);
    made.place = std::move(place);
    lane_.count().connections.add();
    if (!is_swept()) lane_.sweep().add(*this, unclaimed_time_ < std::chrono::seconds(4));
}

void connection_registry::add_in_use(std::string token, places_by_address::place place) {
    entry& made = entries_[std::move(token)];
    made.in_use = true;
    made.place = std::move(place);
}

connection_registry::entry* connection_registry::find(std::string_view token) noexcept {
    const auto found = entries_.find(token);
    return found == entries_.end() ? nullptr : &found->second;
}

std::string connection_registry::claim(entry& negotiated) {
    negotiated.in_use = true;
    lane_.count().connections.subtract();  // the session counts itself from now on
    return std::exchange(negotiated.id, {});
}

void connection_registry::set_open(std::string_view token, transport_owner& open) noexcept {
    if (entry* const found = find(token)) found->open = &open;
}

void connection_registry::remove(std::string_view token) noexcept {
    const auto found = entries_.find(token);
    if (found != entries_.end()) entries_.erase(found);
}

void connection_registry::expire(const std::string& token) noexcept {
    const auto found = entries_.find(token);
    if (found == entries_.end() || found->second.in_use) return;
    // Out of the table first: to answer what was posted may bring the next request.
    const auto gone = entries_.extract(found);
    lane_.count().connections.subtract();
}

void connection_registry::on_sweep(clock_source::time_point now) {
    while (!by_age_.empty() && now - by_age_.front().since > unclaimed_time_) {
        const std::string token = std::move(by_age_.front().token);
        by_age_.pop_front();
        expire(token);
    }
    if (by_age_.empty()) stop_sweeping();
}

void connection_registry::forget_unclaimed() noexcept {
    for (const unclaimed& one : std::exchange(by_age_, {}))
        expire(one.token);
    if (by_age_.empty()) stop_sweeping();
}

}  // namespace asignalr::detail
