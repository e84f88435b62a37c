// SPDX-License-Identifier: MIT
#pragma once

#include "log/log.hpp"
#include "net/byte_stream.hpp"
#include "net/exchange.hpp"
#include "net/minimum_rate.hpp"

#include <asignalr/net/limits.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

namespace asignalr::detail {

class http_connection;
class lane;

/// The HTTP connections of one lane, and what they have in common. Used on its lane only; outlives none of its
/// exchanges' answers: those that come later are dropped.
class http_connections {
public:
    http_connections(
        lane& where, exchange_handler& handler, const http_options& options, const std::shared_ptr<logger>& log);
    http_connections(const http_connections&) = delete;
    http_connections& operator=(const http_connections&) = delete;
    ~http_connections() { close_all(); }

    /// Begins to serve a stream that was just accepted, or one that somebody else accepted and has read some bytes of.
    /// @param decided of a first request that was decided about elsewhere: the headers of its answer
    void serve(std::unique_ptr<byte_stream> stream, std::string bytes_read = {}, std::optional<http_headers> decided = std::nullopt);

    /// Closes those that are between two requests; the others close behind their answer, and so do those that come.
    void wind_down();
    /// Closes all at once.
    void close_all() noexcept;
    /// Upgraded streams are none of them any more.
    std::size_t count() const noexcept { return all_.size(); }

private:
    friend class http_connection;

    lane& lane_;
    exchange_handler& handler_;
    http_options options_;
    rate_limit body_rate_;
    rate_limit response_rate_;
    lane_log log_;
    bool winding_down_ = false;
    std::unordered_set<std::shared_ptr<http_connection>> all_;
};

}  // namespace asignalr::detail
