// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/server/server.hpp>

#include <memory>

namespace asignalr::detail {

/// What tests have in their hands of a server, and users do not.
struct server_access {
    static const std::shared_ptr<server_core>& core(server& of) noexcept { return of.core_; }
};

}  // namespace asignalr::detail
