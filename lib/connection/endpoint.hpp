// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/log/logger.hpp>
#include <asignalr/net/http.hpp>
#include <asignalr/transport/transport_types.hpp>

#include "connection/outgoing.hpp"
#include "connection/registry.hpp"
#include "log/log.hpp"
#include "net/places_by_address.hpp"
#include "runtime/lane.hpp"
#include "serialize/token.hpp"
#include "transport/transport.hpp"
#include "transport/transport_kind.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace asignalr::detail {

/// What all connections of a lane share.
struct lane_workspace {
    explicit lane_workspace(std::shared_ptr<lane> on) : where(std::move(on)), values(0) {}

    std::shared_ptr<lane> where;
    outgoing_buffers buffers;
    tape values;
};

/// What the requests of a route need to know of what they lead to.
struct endpoint_options {
    transport_types transports;
    transport_options times;
    std::size_t maximum_connections;
    std::size_t maximum_connections_per_address;
    std::size_t maximum_post_size;
    std::size_t maximum_early_post;
    const char* name;  ///< Of the options, for the log.
};

/// Taken from what users set: options of a hub, or of a handler of bytes.
template <class Options>
endpoint_options common_options(const Options& from, const char* name) {
    return {.transports = from.transports,
            .times = {.close_timeout = from.close_timeout,
                      .client_timeout = from.client_timeout,
                      .poll_timeout = from.poll_timeout,
                      .disconnect_timeout = from.disconnect_timeout},
            .maximum_connections = from.maximum_connections,
            .maximum_connections_per_address = from.maximum_connections_per_address,
            .maximum_post_size = from.maximum_post_size,
            .maximum_early_post = from.maximum_early_post,
            .name = name};
}

/// The connections of one endpoint on one lane. On the lane only.
class endpoint_lane {
public:
    virtual ~endpoint_lane() = default;

    virtual lane& where() noexcept = 0;
    virtual lane_log& log() noexcept = 0;
    virtual connection_registry& registry() noexcept = 0;

    /// Takes a transport that a client has just opened, with the request that opened it. The token is in the registry.
    virtual void open(std::unique_ptr<transport> by, std::string id, std::string token, http_request request) = 0;

    /// Ends all connections in order: the server stops.
    virtual void end_all() = 0;
    /// Cancels whatever of the user's code is still running.
    virtual void cancel_all() = 0;
    /// Closes all sockets now.
    virtual void abort_all() = 0;
    /// The same, and lets go of all connections.
    virtual void drop_all() noexcept = 0;
    virtual bool is_idle() const noexcept = 0;
};

/// What routes lead to and clients connect to, as a hub or a handler of bytes. Complete before the first connection.
class endpoint {
public:
    virtual ~endpoint() = default;

    /// Once for each lane of the server, in order.
    virtual void add_lane(std::shared_ptr<lane_workspace> workspace, std::shared_ptr<logger> log) = 0;
    virtual const endpoint_options& common() const noexcept = 0;
    virtual std::size_t lane_count() const noexcept = 0;
    virtual endpoint_lane& at(std::size_t lane) noexcept = 0;

    /// Whose connections they are.
    places_by_address& by_address() noexcept { return *by_address_; }

private:
    std::shared_ptr<places_by_address> by_address_ = std::make_shared<places_by_address>();
};

}  // namespace asignalr::detail
