// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/server.hpp>

/// Routes beside the contract, for tests of our own: `/statistics` and `/large`.
void add_own_routes(asignalr::server& server);

/// Keeps the last requests, and tells them at `/requests`. To be called before anything else stands in front of the routes.
void record_requests(asignalr::server& server);
