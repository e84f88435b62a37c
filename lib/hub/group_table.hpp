// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

struct group;

/// A member's place in one group.
struct membership {
    group* in;
    std::size_t index;  // among its members
};

/// Base of what can be in groups.
struct group_member {
    std::vector<membership> groups;  ///< Kept by the group_table.
};

/// A group's members on one lane.
struct group {
    std::string name;
    std::vector<group_member*> members;
    std::vector<std::size_t> places;  // of each member: where in its own list of groups this one stands
};

/// The groups of one hub on one lane. Leaving costs as many steps as the member has groups, and empty groups are erased.
class group_table {
public:
    /// Null: nobody on this lane is in it.
    const group* find(std::string_view name) const;
    /// Who is in it already must not be added again.
    void add(group_member& member, std::string_view name);
    void remove(group_member& member, std::string_view name);
    void remove_from_all(group_member& member);
    static bool contains(const group_member& member, std::string_view name) noexcept;
    std::size_t size() const noexcept { return groups_.size(); }

private:
    void remove_at(group_member& member, std::size_t place);

    // By name, which is the group's own. No hash table: names come from clients, who could choose such as hash alike.
    std::map<std::string_view, std::unique_ptr<group>> groups_;
};

}  // namespace asignalr::detail
