// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/connection/hub_options.hpp>
#include <asignalr/hub/clients.hpp>
#include <asignalr/hub/hub.hpp>
#include <asignalr/log/logger.hpp>

#include "hub/hub_lane.hpp"
#include "hub/lifetime_manager.hpp"
#include "hub/method_index.hpp"

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

/// One hub of a server: what its lanes share. Complete before the first connection; then usable from any thread.
class hub_core final : public endpoint, public std::enable_shared_from_this<hub_core> {
public:
    using hub_factory = std::function<std::unique_ptr<hub>()>;

    hub_core(std::string name, hub_options options, hub_factory factory, method_index methods);
    ~hub_core() override;

    /// The hub's class, for the log.
    std::string_view name() const noexcept { return name_; }
    const hub_options& options() const noexcept { return options_; }
    const method_index& methods() const noexcept { return methods_; }
    std::unique_ptr<hub> make_hub() { return factory_(); }

    void add_lane(std::shared_ptr<lane_workspace> workspace, std::shared_ptr<logger> log) override;
    const endpoint_options& common() const noexcept override { return common_; }
    std::size_t lane_count() const noexcept override { return lanes_.size(); }
    hub_lane& at(std::size_t lane) noexcept override { return *lanes_[lane]; }
    lifetime_manager& lifetime() noexcept { return *lifetime_; }

    /// Serialises a call to clients and publishes it. An argument that a protocol cannot say is logged, and its clients get nothing.
    void send(message_target target, std::string_view method, const outgoing_arguments& arguments);

    /// How many clients speak a protocol.
    std::atomic<std::size_t>& clients_of(protocol_kind protocol) noexcept { return clients_[static_cast<std::size_t>(protocol)]; }

    /// How often send() serialised outside any lane.
    std::uint64_t outside_serializations() const noexcept { return outside_serializations_.load(std::memory_order_relaxed); }

private:
    std::string name_;
    hub_options options_;
    endpoint_options common_;
    hub_factory factory_;
    method_index methods_;
    std::vector<std::unique_ptr<hub_lane>> lanes_;
    std::unique_ptr<lifetime_manager> lifetime_;
    std::shared_ptr<logger> log_;
    std::array<std::atomic<std::size_t>, protocol_count> clients_{};
    std::atomic<std::uint64_t> outside_serializations_{0};
};

/// Logs that a message could not be serialised, from within a catch block.
/// @param count of the lane whose message it was; null: not counted
void log_unserializable(
    lane_log& log, counters* count, std::string_view method, std::string_view protocol, std::string_view connection_id) noexcept;

}  // namespace asignalr::detail
