// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/error.hpp>

#include <string>

/// Ends a call of the contract that needs later work, in words that its client sees.
[[noreturn]] inline void not_served_yet(const char* what) { throw asignalr::hub_error(std::string(what) + " are not served yet."); }
