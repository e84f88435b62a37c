// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/log/logger.hpp>
#include <asignalr/net/limits.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace asignalr {

/// Options of a server.
///
/// `@peer` tells what a client gets that meets a limit, `@counter` which member of `statistics` counts it: docs/limits.md is made of them.
struct server_options {
    /// Where the log goes; null: warnings and errors to standard error.
    std::shared_ptr<logger> log = nullptr;
    /// For a server on an executor: how many connections may be served at the same time, each on a lane of its own choosing. 256 at most.
    /// @peer    nothing
    /// @counter none
    std::size_t lanes = 1;
    /// Limits of the HTTP part.
    http_options http = {};
    /// Idle coroutines that a lane keeps for hub calls; the rest end.
    /// @peer    nothing
    /// @counter idle_runners
    std::size_t maximum_idle_runners = 64;
    /// Proxies whose `X-Forwarded-For`, `-Proto` and `-Host` are believed: addresses, networks (`10.0.0.0/8`), and `unix` for whoever
    /// connects to a unix socket. Nobody else's are.
    std::vector<std::string> trusted_proxies = {};
    /// Where the routes, hubs and files begin, for a server behind a proxy that leaves it in the path: `/app`. Other paths are 404.
    std::string path_base = {};
};

}  // namespace asignalr
