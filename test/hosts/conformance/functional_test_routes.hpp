// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/server.hpp>

/// The plain routes that the functional tests of the TypeScript client expect, and `/statistics` for our own.
void add_functional_test_routes(asignalr::server& server);
