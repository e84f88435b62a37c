// SPDX-License-Identifier: MIT
#pragma once

/// @file
/// Everything that a unit test of a hub needs.

#include <asignalr/server.hpp>
#include <asignalr/testing/test_bench.hpp>
#include <asignalr/testing/test_call.hpp>
#include <asignalr/testing/test_client.hpp>
