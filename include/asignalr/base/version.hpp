// SPDX-License-Identifier: MIT
#pragma once

/// The library's version; a test compares it with the build's.
#define ASIGNALR_VERSION_MAJOR 0
#define ASIGNALR_VERSION_MINOR 1
#define ASIGNALR_VERSION_PATCH 0
#define ASIGNALR_VERSION_TEXT "0.1.0"
