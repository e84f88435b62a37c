// SPDX-License-Identifier: MIT
#include <asignalr/hub/hub.hpp>

#include "hub/hub_core.hpp"
#include "hub/hub_session.hpp"

#include <stdexcept>

namespace asignalr {
namespace {

detail::hub_session& checked(detail::hub_session* session) {
    if (session == nullptr)
        throw std::logic_error("asignalr: context(), clients() and groups() are not there yet in the constructor of a hub");
    return *session;
}

}  // namespace

hub::~hub() = default;

task<void> hub::on_connected() { co_return; }

task<void> hub::on_disconnected(close_reason) { co_return; }

connection_context hub::context() const { return connection_context(checked(session_)); }

caller_clients hub::clients() const { return caller_clients(checked(session_)); }

group_manager hub::groups() const { return group_manager(checked(session_).core()); }

// ---- the context

std::string_view connection_context::connection_id() const noexcept { return session_->id(); }

void connection_context::abort() { session_->end({}, std::nullopt); }

bool connection_context::aborted() const noexcept { return !session_->is_open(); }

std::map<std::string, std::any>& connection_context::items() { return session_->items(); }

const http_request& connection_context::request() const noexcept { return session_->request(); }

std::string_view connection_context::transport_name() const noexcept { return session_->transport_name(); }

std::string_view connection_context::protocol_name() const noexcept { return session_->protocol().name(); }

// ---- groups

task<void> group_manager::add(std::string_view connection_id, std::string_view group) const {
    return core_->lifetime().add_to_group(std::string(connection_id), std::string(group));
}

task<void> group_manager::remove(std::string_view connection_id, std::string_view group) const {
    return core_->lifetime().remove_from_group(std::string(connection_id), std::string(group));
}

}  // namespace asignalr
