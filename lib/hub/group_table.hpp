// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace asignalr::detail {

class hub_session;

/// A group's members on one lane.
struct group {
    std::string name;
    std::vector<hub_session*> members;
    std::vector<std::size_t> places;  // of each member: where in its own list of groups this one stands
};

/// A session's place in one group.
struct membership {
    group* in;
    std::size_t index;  // among its members
};

/// The groups of one hub on one lane. Leaving costs as many steps as the session has groups, and empty groups are erased.
class group_table {
public:
    /// Null: nobody on this lane is in it.
    const group* find(std::string_view name) const;
    void add(hub_session& session, std::string_view name);
    void remove(hub_session& session, std::string_view name);
    void remove_from_all(hub_session& session);
    static bool contains(const hub_session& session, std::string_view name) noexcept;

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };

    void remove_at(hub_session& session, std::size_t place);

    std::unordered_map<std::string, std::unique_ptr<group>, hash, std::equal_to<>> groups_;
};

}  // namespace asignalr::detail
