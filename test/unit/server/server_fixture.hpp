// SPDX-License-Identifier: MIT
#pragma once

#include "memory_server.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// A server in memory, and the words in which tests speak to it.
class server_fixture : public testing::Test, public memory_server {
protected:
    server_fixture();
    ~server_fixture() override;

    /// A client that upgraded without negotiate and has not shaken hands.
    raw_client connect_websocket(std::size_t capacity = 64 * 1024, std::string_view target = "/hub");
    /// A client that is ready to call.
    raw_client connect_hub(std::size_t capacity = 64 * 1024);
    /// The messages that answer `message`, one a line.
    std::string ask(raw_client& client, std::string_view message);
    std::string call(raw_client& client, std::string_view target, std::string_view arguments = "");
    /// Whether the last line of the log names the option that would change a refusal.
    bool log_names(std::string_view option) const;
    /// A newcomer gets an answer, whatever somebody else did.
    void expect_others_are_served();
    /// The id of a client's connection.
    std::string id_of(raw_client& client);
    /// The answer to a plain request on a connection of its own.
    std::string request(std::string_view bytes);
    std::string negotiate(std::string_view query = "?negotiateVersion=1", std::string_view more_headers = {});
    /// Whether everybody who was here is gone, with all that was held for them.
    void expect_nothing_left();
};

/// The member of a JSON text, as it stands there.
std::string text_member(std::string_view json, std::string_view name);

}  // namespace asignalr::detail
