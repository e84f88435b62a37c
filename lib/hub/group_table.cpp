// SPDX-License-Identifier: MIT
#include "hub/group_table.hpp"

#include <algorithm>
#include <new>

namespace asignalr::detail {
namespace {

std::size_t place_of(const std::vector<membership>& groups, std::string_view name) noexcept {
    const auto found =
        std::find_if(groups.begin(), groups.end(), [&](const membership& one) { return one.in->name == name; });
    return static_cast<std::size_t>(found - groups.begin());
}

}  // namespace

const group* group_table::find(std::string_view name) const {
    const auto found = groups_.find(name);
    return found == groups_.end() ? nullptr : found->second.get();
}

bool group_table::contains(const group_member& member, std::string_view name) noexcept {
    return place_of(member.groups, name) < member.groups.size();
}

void group_table::add(group_member& member, std::string_view name) {
    auto found = groups_.find(name);
    if (found == groups_.end()) {
        auto made = std::make_unique<group>();
        made->name = name;
        const std::string_view key = made->name;
        found = groups_.emplace(key, std::move(made)).first;
    }
    group& into = *found->second;
    const std::size_t index = into.members.size();
    try {
        into.members.push_back(&member);
        into.places.push_back(member.groups.size());
        member.groups.push_back({&into, index});
    } catch (const std::bad_alloc&) {
        into.members.resize(index);
        into.places.resize(index);
        if (index == 0) groups_.erase(found);
        throw;
    }
}

void group_table::remove(group_member& member, std::string_view name) {
    const std::size_t place = place_of(member.groups, name);
    if (place < member.groups.size()) remove_at(member, place);
}

void group_table::remove_from_all(group_member& member) {
    while (!member.groups.empty())
        remove_at(member, member.groups.size() - 1);
}

// The last one takes the place of what goes, on both sides.
void group_table::remove_at(group_member& member, std::size_t place) {
    const membership gone = member.groups[place];
    group& from = *gone.in;

    group_member* last_member = from.members.back();
    from.members[gone.index] = last_member;
    from.places[gone.index] = from.places.back();
    last_member->groups[from.places[gone.index]].index = gone.index;
    from.members.pop_back();
    from.places.pop_back();

    const membership last_group = member.groups.back();
    member.groups[place] = last_group;
    member.groups.pop_back();
    if (place < member.groups.size()) last_group.in->places[member.groups[place].index] = place;

    if (from.members.empty()) groups_.erase(groups_.find(from.name));
}

}  // namespace asignalr::detail
