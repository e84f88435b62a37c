// SPDX-License-Identifier: MIT
#include <asignalr/hub/clients.hpp>

#include <asignalr/base/error.hpp>

#include "connection/counted.hpp"
#include "hub/hub_core.hpp"
#include "hub/hub_session.hpp"

namespace asignalr {

using detail::hub_session;
using detail::message_target;

// ---- from outside a call

client_target hub_clients::all() const { return {core_, client_target::kind::all}; }

client_target hub_clients::all_except(std::vector<std::string> connection_ids) const {
    client_target target(core_, client_target::kind::all);
    target.excluded_ = std::move(connection_ids);
    return target;
}

client_target hub_clients::client(std::string_view connection_id) const {
    return clients({std::string(connection_id)});
}

client_target hub_clients::clients(std::vector<std::string> connection_ids) const {
    client_target target(core_, client_target::kind::connections);
    target.names_ = std::move(connection_ids);
    return target;
}

client_target hub_clients::group(std::string_view name) const {
    client_target target(core_, client_target::kind::groups);
    target.names_.emplace_back(name);
    return target;
}

client_target hub_clients::groups(std::vector<std::string> names) const {
    for (const std::string& name : names)
        if (name.empty()) throw named_error("InvalidOperationException", "Cannot send to an empty group name.");
    client_target target(core_, client_target::kind::groups);
    target.names_ = std::move(names);
    return target;
}

client_target hub_clients::group_except(std::string_view name, std::vector<std::string> connection_ids) const {
    client_target target = group(name);
    target.excluded_ = std::move(connection_ids);
    return target;
}

// ---- from a call

caller_clients::caller_clients(hub_session& session) : hub_clients(session.core()), session_(&session) {}

client_target caller_clients::caller() const {
    client_target target(core_, client_target::kind::session);
    target.session_ = session_;
    return target;
}

client_target caller_clients::others() const { return all_except({std::string(session_->id())}); }

client_target caller_clients::others_in_group(std::string_view name) const {
    return group_except(name, {std::string(session_->id())});
}

// ---- sending

namespace {

// To one connection of this lane: straight into its outbox.
void send_to_session(hub_session& session, std::string_view method, const detail::outgoing_arguments& arguments) {
    if (!session.is_open()) return;
    std::string& out = session.begin_message();
    try {
        arguments.write(arguments.values, session.protocol().begin_invocation(out, method, arguments.count));
        session.protocol().end_invocation();
    } catch (...) {
        session.rollback_message();
        return log_unserializable(session.at().log(), &session.where().count(), method, session.protocol().name(), session.id());
    }
    session.commit_message();
}

task<void> nothing_to_wait_for() { co_return; }

task<void> wait_for_room(detail::kept<hub_session> session) {
    auto room = detail::outbox::room(session->out().waiting(), session->out());
    co_await std::move(room);
}

}  // namespace

void client_target::send_arguments(std::string_view method, detail::outgoing_arguments arguments) const {
    if (whom_ == kind::session) return send_to_session(*session_, method, arguments);
    message_target target;
    target.whom = whom_ == kind::all           ? message_target::kind::all
                  : whom_ == kind::connections ? message_target::kind::connections
                                               : message_target::kind::groups;
    target.names = names_;
    target.excluded = excluded_;
    core_->send(std::move(target), method, arguments);
}

task<void> client_target::writable() const {
    hub_session* session = session_;
    if (whom_ == kind::connections && names_.size() == 1) {
        for (std::size_t lane = 0; lane < core_->lane_count() && session == nullptr; ++lane)
            if (core_->at(lane).where().here()) session = core_->at(lane).find(names_.front());
    }
    return session != nullptr ? wait_for_room(detail::kept<hub_session>(session)) : nothing_to_wait_for();
}

}  // namespace asignalr
