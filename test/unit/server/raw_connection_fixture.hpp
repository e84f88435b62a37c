// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/connection/raw_connection.hpp>
#include <asignalr/runtime/task.hpp>

#include "http_client.hpp"

#include <string>
#include <string_view>

namespace asignalr::detail {

/// A server in memory with a handler of bytes on `/raw`.
class raw_connection_fixture : public http_client_fixture {
protected:
    raw_connection_fixture();
    ~raw_connection_fixture() override;

    void serve(raw_connection_handler handler, raw_connection_options options = {});
    void serve_echo(raw_connection_options options = {});
    task<void> echo(raw_connection client);
    /// What a frame of the server's holds; everything that came, one frame behind the other.
    std::string received(raw_client& client);
    raw_client open();
    std::string raw_token();
    http_answer send(std::string_view method, std::string_view token, std::string_view body = {});
};

}  // namespace asignalr::detail
