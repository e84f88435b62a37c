// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/net/http.hpp>

namespace asignalr::detail {

/// What the library does with requests, and users do not.
struct http_request_access {
    /// Gives back memory that was reserved for growth, when a connection starts to keep its request.
    static void shrink(http_request& request) { request.shrink(); }
};

}  // namespace asignalr::detail
