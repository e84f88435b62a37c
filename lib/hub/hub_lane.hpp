// SPDX-License-Identifier: MIT
#pragma once

#include "connection/connection.hpp"
#include "connection/endpoint.hpp"
#include "hub/group_table.hpp"
#include "hub/message_target.hpp"
#include "protocol/json_protocol.hpp"
#include "protocol/messagepack_protocol.hpp"

#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace asignalr::detail {

class call_job;
class hub_core;
class hub_session;

/// One hub on one lane: its sessions and its groups. On the lane only, the constructor excepted.
class hub_lane final : public endpoint_lane {
public:
    hub_lane(hub_core& core, std::shared_ptr<lane_workspace> workspace, std::shared_ptr<logger> log);
    ~hub_lane() override;

    lane& where() noexcept override { return around_.where; }
    hub_core& core() noexcept { return core_; }
    connection_surroundings& around() noexcept { return around_; }
    group_table& groups() noexcept { return groups_; }
    lane_log& log() noexcept override { return log_; }
    /// The hub's class, for the log.
    std::string_view name() const noexcept;

    connection_registry& registry() noexcept override { return registry_; }

    // From its construction to its destruction, which the transport may delay.
    void exists(hub_session& session);
    void is_gone(hub_session& session) noexcept;
    // From the handshake to the end of on_disconnected.
    void add(hub_session& session);
    void remove(hub_session& session);
    hub_session* find(std::string_view connection_id) const;

    /// Sends a message to those of the target that are here.
    void deliver(const message_target& target, const encoded_message& message);

    void open(std::unique_ptr<transport> by, std::string id, std::string token, http_request request) override;
    /// Close with `allowReconnect`, 1001.
    void end_all() override;
    void cancel_all() override;
    void abort_all() override;
    void drop_all() noexcept override;
    bool is_idle() const noexcept override { return all_.empty() && running_calls_ == 0; }

    // Calls are made of memory that is used again.
    std::unique_ptr<call_job> take_job();
    void give_back(std::unique_ptr<call_job> job) noexcept;
    void call_started() noexcept { ++running_calls_; }
    void call_ended() noexcept { --running_calls_; }

private:
    hub_core& core_;
    std::shared_ptr<lane_workspace> workspace_;
    json_protocol json_;
    messagepack_protocol messagepack_;
    lane_log log_;
    connection_surroundings around_;
    connection_registry registry_;
    std::vector<hub_session*> all_;
    std::vector<hub_session*> sessions_;
    std::unordered_map<std::string_view, hub_session*> by_id_;  // the keys live in the sessions
    group_table groups_;
    std::vector<std::unique_ptr<call_job>> spare_jobs_;
    std::size_t running_calls_ = 0;
};

}  // namespace asignalr::detail
