// SPDX-License-Identifier: MIT
#include "hub/method_index.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <stdexcept>

namespace asignalr::detail {
namespace {

// Shorter names first: most comparisons are one of sizes.
bool stands_before(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size()) return left.size() < right.size();
    for (std::size_t index = 0; index < left.size(); ++index) {
        const char a = lower(left[index]), b = lower(right[index]);
        if (a != b) return a < b;
    }
    return false;
}

}  // namespace

void method_index::add(method_entry entry) {
    if (entry.name.empty()) throw std::logic_error("asignalr: a hub method cannot be exposed under an empty name");
    const auto place = std::lower_bound(
        entries_.begin(), entries_.end(), entry.name,
        [](const method_entry& row, std::string_view name) { return stands_before(row.name, name); });
    if (place != entries_.end() && equals_ignoring_case(place->name, entry.name))
        throw std::logic_error(
            "asignalr: the hub method '" + entry.name + "' is exposed twice; SignalR has no overloads, and case does not matter");
    entries_.insert(place, std::move(entry));
}

const method_entry* method_index::find(std::string_view name) const noexcept {
    const auto place = std::lower_bound(
        entries_.begin(), entries_.end(), name,
        [](const method_entry& row, std::string_view wanted) { return stands_before(row.name, wanted); });
    return place != entries_.end() && equals_ignoring_case(place->name, name) ? &*place : nullptr;
}

}  // namespace asignalr::detail
