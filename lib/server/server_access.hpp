// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/server/server.hpp>

namespace asignalr::detail {

/// What hosts of tests do with a server, and users do not.
struct server_access {
    static server_core& core(server& of) noexcept { return *of.core_; }
};

}  // namespace asignalr::detail
