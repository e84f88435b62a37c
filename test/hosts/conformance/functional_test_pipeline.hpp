// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/server.hpp>

/// What a request passes before it reaches a route, in the order that the functional tests of the TypeScript client expect.
/// @param allows_any_origin whether CORS is granted to every page, as there; without it, a hub shows what it grants by itself
void use_functional_test_pipeline(asignalr::server& server, bool allows_any_origin);

/// Answers 501 for routes of the contract that need later work.
void refuse_later_work(asignalr::server& server);
