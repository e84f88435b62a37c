// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/server.hpp>

/// Serves `/ws-echo`: whole messages come back with their opcode, straight from the WebSocket transport. Hubs mean nothing by frames,
/// so that what RFC 6455 asks of an endpoint can only be seen here. A message has 16 MiB at most, in any number of frames.
void add_message_echo(asignalr::server& server);
