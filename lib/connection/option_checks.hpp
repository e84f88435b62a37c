// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/connection/hub_options.hpp>

namespace asignalr::detail {

/// Refuses options with which no client could be served.
/// @throws std::logic_error that names the option
void check_options(const hub_options& options);

}  // namespace asignalr::detail
