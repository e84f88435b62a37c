// SPDX-License-Identifier: MIT
#include "hub/method_index.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace asignalr::detail {
namespace {

// Cheap, and the same for every spelling: length, first and last letter. A hub's names differ in these more often than not.
std::size_t hash_of(std::string_view name) noexcept {
    const auto letter = [](char character) { return static_cast<std::size_t>(static_cast<unsigned char>(lower(character))); };
    return name.size() * 7 + letter(name.front()) * 31 + letter(name.back());
}

// Clients nearly always write a name as it is exposed.
bool is_same(std::string_view left, std::string_view right) noexcept { return left == right || equals_ignoring_case(left, right); }

}  // namespace

void method_index::add(method_entry entry) {
    if (entry.name.empty()) throw std::logic_error("asignalr: a hub method cannot be exposed under an empty name");
    if (find(entry.name) != nullptr)
        throw std::logic_error(
            "asignalr: the hub method '" + entry.name + "' is exposed twice; SignalR has no overloads, and case does not matter");
    entries_.push_back(std::move(entry));
    places_.assign(std::bit_ceil(2 * entries_.size()), 0);
    for (std::size_t index = 0; index < entries_.size(); ++index)
        places_[free_place(entries_[index].name)] = index + 1;
}

std::size_t method_index::free_place(std::string_view name) const noexcept {
    std::size_t place = hash_of(name) & (places_.size() - 1);
    while (places_[place] != 0)
        place = (place + 1) & (places_.size() - 1);
    return place;
}

const method_entry* method_index::find(std::string_view name) const noexcept {
    if (name.empty() || places_.empty()) return nullptr;
    const std::size_t last = places_.size() - 1;
    for (std::size_t place = hash_of(name) & last; places_[place] != 0; place = (place + 1) & last)
        if (const method_entry& entry = entries_[places_[place] - 1]; is_same(entry.name, name)) return &entry;
    return nullptr;
}

}  // namespace asignalr::detail
