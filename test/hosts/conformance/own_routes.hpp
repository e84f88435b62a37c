// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/server.hpp>

/// Routes beside the contract, for tests of our own: `/statistics` and `/large`.
void add_own_routes(asignalr::server& server);
