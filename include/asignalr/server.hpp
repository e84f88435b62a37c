// SPDX-License-Identifier: MIT
#pragma once

/// @file
/// Everything that a program with a SignalR server needs.

#include <asignalr/base/error.hpp>
#include <asignalr/base/version.hpp>
#include <asignalr/hub/hub.hpp>
#include <asignalr/hub/method_table.hpp>
#include <asignalr/runtime/generator.hpp>
#include <asignalr/runtime/invocation.hpp>
#include <asignalr/runtime/on.hpp>
#include <asignalr/runtime/task.hpp>
#include <asignalr/runtime/upload.hpp>
#include <asignalr/serialize/codec.hpp>
#include <asignalr/serialize/fields.hpp>
#include <asignalr/serialize/guid.hpp>
#include <asignalr/serialize/value.hpp>
#include <asignalr/server/server.hpp>
