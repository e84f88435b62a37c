// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/net/http.hpp>

namespace asignalr::detail {

/// Adds headers that step back: one whose name there is already is left out, unless it is one of those that may well stand
/// beside each other (`Set-Cookie`, `Vary`) and says something new.
void add_headers_behind(http_headers& own, const http_headers& added);

/// The same for an answer, whose content type is a header of its own too.
void add_headers_behind(http_response& answer, const http_headers& added);

}  // namespace asignalr::detail
