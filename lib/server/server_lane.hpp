// SPDX-License-Identifier: MIT
#pragma once

#include "hub/hub_lane.hpp"
#include "log/log.hpp"
#include "net/exchange.hpp"
#include "net/http_connections.hpp"
#include "runtime/lane.hpp"
#include "server/endpoint_requests.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace asignalr::detail {

class server_core;

/// One lane of a server: its HTTP connections, and the way from a request to what answers it.
class server_lane final : private exchange_handler, private sweep_entry {
public:
    server_lane(server_core& core, std::shared_ptr<lane> on);

    lane& where() noexcept { return *workspace_->where; }
    const std::shared_ptr<lane_workspace>& workspace() const noexcept { return workspace_; }
    lane_log& log() noexcept { return log_; }

    /// A stream that was accepted for this lane, or forwarded to it with bytes of a request that has passed the front.
    void serve(std::unique_ptr<byte_stream> stream, std::string bytes_read = {}, std::optional<http_headers> decided = std::nullopt) noexcept;
    /// A request that did not come through a stream.
    void serve(const std::shared_ptr<exchange>& arrived);
    /// Ends in order; `stopped` is called once, on the lane, when nothing is left.
    void stop(std::chrono::milliseconds deadline, std::function<void()> stopped);
    /// Closes everything now.
    void drop() noexcept;

private:
    class route_job;

    void on_head(http_request& request) noexcept override;
    head_decision decide(const http_request& head) override;
    body_rule rule_for_body(const http_request& head) override;
    void handle(std::shared_ptr<exchange> arrived) noexcept override;
    void on_sweep(clock_source::time_point now) override;

    void route(const std::shared_ptr<exchange>& arrived);
    void serve_endpoint(const std::shared_ptr<exchange>& arrived, std::shared_ptr<endpoint> to, bool negotiate);
    void serve_user(const std::shared_ptr<exchange>& arrived);
    bool is_idle() const noexcept;
    void log_failure(std::string_view path, std::exception_ptr failure) noexcept;
    void cancel_all();
    void cancel_routes();

    server_core& core_;
    std::shared_ptr<lane_workspace> workspace_;
    lane_log log_;
    http_connections connections_;
    endpoint_requests::forward_function forward_;
    std::unordered_set<route_job*> route_jobs_;  // those that run
    std::function<void()> stopped_;
    clock_source::time_point cancel_at_{};
    bool stopping_ = false;
    bool cancelled_ = false;
    bool stopped_for_good_ = false;
};

}  // namespace asignalr::detail
