// SPDX-License-Identifier: MIT
#include "connection/registry.hpp"

#include "runtime/lane.hpp"

#include <utility>

namespace asignalr::detail {

void connection_registry::add_negotiated(std::string token, std::string id) {
    by_age_.push_back({token, lane_.now()});
    entries_.emplace(std::move(token), entry{std::move(id), false});
    lane_.count().connections.add();
    if (!is_swept()) lane_.sweep().add(*this, unclaimed_time_ < std::chrono::seconds(4));
}

void connection_registry::add_in_use(std::string token) { entries_.emplace(std::move(token), entry{{}, true}); }

connection_registry::standing connection_registry::find(std::string_view token) const noexcept {
    const auto found = entries_.find(token);
    if (found == entries_.end()) return standing::unknown;
    return found->second.in_use ? standing::in_use : standing::negotiated;
}

std::string connection_registry::claim(std::string_view token) {
    entry& claimed = entries_.find(token)->second;
    claimed.in_use = true;
    lane_.count().connections.subtract();  // the session counts itself from now on
    return std::exchange(claimed.id, {});
}

void connection_registry::remove(std::string_view token) noexcept {
    const auto found = entries_.find(token);
    if (found != entries_.end()) entries_.erase(found);
}

void connection_registry::expire(const std::string& token) noexcept {
    const auto found = entries_.find(token);
    if (found == entries_.end() || found->second.in_use) return;
    entries_.erase(found);
    lane_.count().connections.subtract();
}

void connection_registry::on_sweep(clock_source::time_point now) {
    while (!by_age_.empty() && now - by_age_.front().since > unclaimed_time_) {
        expire(by_age_.front().token);
        by_age_.pop_front();
    }
    if (by_age_.empty()) stop_sweeping();
}

void connection_registry::forget_unclaimed() noexcept {
    for (const unclaimed& one : by_age_)
        expire(one.token);
    by_age_.clear();
    stop_sweeping();
}

}  // namespace asignalr::detail
