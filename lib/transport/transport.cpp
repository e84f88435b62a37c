// SPDX-License-Identifier: MIT
#include "transport/transport.hpp"

namespace asignalr::detail {

transport::~transport() = default;

void transport::on_get(std::shared_ptr<exchange> asked) { asked->respond({.status = 409, .content_type = "text/plain"}); }

void transport::on_delete(std::shared_ptr<exchange> asked) {
    asked->respond(
        {.status = 400, .body = "Cannot terminate this connection using the DELETE endpoint.", .content_type = "text/plain"});
}

}  // namespace asignalr::detail
