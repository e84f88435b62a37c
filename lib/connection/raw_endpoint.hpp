// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/connection/raw_connection.hpp>
#include <asignalr/log/logger.hpp>

#include "connection/endpoint.hpp"

#include <memory>
#include <string>
#include <vector>

namespace asignalr::detail {

class raw_endpoint;
class raw_session;

/// The raw connections of one handler on one lane.
class raw_lane final : public endpoint_lane {
public:
    raw_lane(raw_endpoint& owner, std::shared_ptr<lane_workspace> workspace, std::shared_ptr<logger> log);
    ~raw_lane() override;

    raw_endpoint& owner() noexcept { return owner_; }
    outgoing_buffers& buffers() noexcept { return workspace_->buffers; }
    lane& where() noexcept override { return *workspace_->where; }
    lane_log& log() noexcept override { return log_; }
    connection_registry& registry() noexcept override { return registry_; }

    void open(std::unique_ptr<transport> by, std::string id, std::string token, http_request request) override;
    void end_all() override;
    void cancel_all() override;
    void abort_all() override;
    void drop_all() noexcept override;
    bool is_idle() const noexcept override { return all_.empty(); }

    // From its construction to its destruction.
    void exists(raw_session& session);
    void is_gone(raw_session& session) noexcept;

private:
    std::vector<std::shared_ptr<raw_session>> copy() const;

    raw_endpoint& owner_;
    std::shared_ptr<lane_workspace> workspace_;
    lane_log log_;
    connection_registry registry_;
    std::vector<raw_session*> all_;
};

/// A handler of bytes: what its lanes share.
class raw_endpoint final : public endpoint, public std::enable_shared_from_this<raw_endpoint> {
public:
    raw_endpoint(raw_connection_handler handler, raw_connection_options options);
    ~raw_endpoint() override;

    const raw_connection_options& options() const noexcept { return options_; }
    const raw_connection_handler& handler() const noexcept { return handler_; }

    void add_lane(std::shared_ptr<lane_workspace> workspace, std::shared_ptr<logger> log) override;
    const endpoint_options& common() const noexcept override { return common_; }
    std::size_t lane_count() const noexcept override { return lanes_.size(); }
    raw_lane& at(std::size_t lane) noexcept override { return *lanes_[lane]; }

private:
    raw_connection_handler handler_;
    raw_connection_options options_;
    endpoint_options common_;
    std::vector<std::unique_ptr<raw_lane>> lanes_;
};

}  // namespace asignalr::detail
