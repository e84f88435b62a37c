// SPDX-License-Identifier: MIT
#include "hub/memory_lifetime_manager.hpp"

#include <asignalr/base/error.hpp>
#include <asignalr/runtime/on.hpp>

#include "connection/identifier.hpp"
#include "hub/hub_core.hpp"
#include "hub/hub_session.hpp"

#include <fmt/format.h>

namespace asignalr::detail {
namespace {

void join(hub_lane& at, const std::string& connection_id, const std::string& name) {
    hub_session* session = at.find(connection_id);
    if (session == nullptr || group_table::contains(*session, name)) return;
    const hub_options& options = at.core().options();
    const bool long_name = name.size() > options.maximum_group_name;
    if (long_name || session->groups.size() >= options.maximum_groups) {
        at.where().count().groups_refused.add();
        at.log().refused(
            refusal::groups, at.where().now(),
            "a connection may not join a group; hub_options::maximum_group_name and maximum_groups set the limits", {},
            connection_id);
        throw hub_error(long_name ? "The name of the group is too long." : "The connection is in too many groups.");
    }
    at.groups().add(*session, name);
}

void leave(hub_lane& at, const std::string& connection_id, const std::string& name) {
    if (hub_session* session = at.find(connection_id)) at.groups().remove(*session, name);
}

using group_action = void (*)(hub_lane&, const std::string&, const std::string&);

task<void> act(std::shared_ptr<hub_core> core, std::size_t lane, group_action action, std::string connection_id, std::string name) {
    action(core->at(lane), connection_id, name);
    co_return;
}

// On the connection's own lane, which is where most calls come from, nothing is posted.
task<void> act_on_owner(std::shared_ptr<hub_core> core, group_action action, std::string connection_id, std::string name) {
    const auto owner = owner_of(connection_id, core->lane_count());
    if (!owner) co_return;
    hub_lane& at = core->at(*owner);
    if (at.where().here()) {
        action(at, connection_id, name);
        co_return;
    }
    auto there = [core, lane = *owner, action, id = std::move(connection_id), group = std::move(name)]() mutable {
        return act(core, lane, action, std::move(id), std::move(group));
    };
    auto visit = on(at.where().executor(), std::move(there));
    co_await std::move(visit);
}

}  // namespace

void memory_lifetime_manager::publish(std::shared_ptr<const message_target> target, encoded_message message) {
    std::vector<bool> wanted(core_.lane_count(), target->whom != message_target::kind::connections);
    if (target->whom == message_target::kind::connections)
        for (const std::string& id : target->names)
            if (const auto owner = owner_of(id, core_.lane_count())) wanted[*owner] = true;
    lane* from = nullptr;
    for (std::size_t index = 0; index < core_.lane_count(); ++index)
        if (core_.at(index).where().here()) from = &core_.at(index).where();
    for (std::size_t index = 0; index < core_.lane_count(); ++index) {
        if (!wanted[index]) continue;
        hub_lane& to = core_.at(index);
        if (&to.where() == from) {
            to.deliver(*target, message);
            continue;
        }
        if (from != nullptr) from->count().lane_posts.add();
        to.where().post([&to, core = core_.shared_from_this(), target, message] {
            to.where().check_thread();
            to.deliver(*target, message);
        });
    }
}

task<void> memory_lifetime_manager::add_to_group(std::string connection_id, std::string group) {
    return act_on_owner(core_.shared_from_this(), &join, std::move(connection_id), std::move(group));
}

task<void> memory_lifetime_manager::remove_from_group(std::string connection_id, std::string group) {
    return act_on_owner(core_.shared_from_this(), &leave, std::move(connection_id), std::move(group));
}

void memory_lifetime_manager::abort(std::string connection_id) {
    const auto owner = owner_of(connection_id, core_.lane_count());
    if (!owner) return;
    hub_lane& at = core_.at(*owner);
    at.where().post([&at, core = core_.shared_from_this(), id = std::move(connection_id)] {
        if (hub_session* session = at.find(id)) session->end({}, std::nullopt);
    });
}

}  // namespace asignalr::detail
