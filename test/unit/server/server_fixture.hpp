// SPDX-License-Identifier: MIT
#pragma once

#include "memory_server.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace asignalr::detail {

/// A server in memory, and the words in which tests speak to it.
class server_fixture : public testing::Test, public memory_server {
protected:
    /// A client that upgraded without negotiate and has not shaken hands.
    raw_client connect_websocket(std::size_t capacity = 64 * 1024, std::string_view target = "/hub") {
        raw_client client = connect(capacity);
        client.write(upgrade_request(target));
        settle(client);
        EXPECT_TRUE(client.head.starts_with("HTTP/1.1 101 ")) << client.raw;
        return client;
    }
    /// A client that is ready to call.
    raw_client connect_hub(std::size_t capacity = 64 * 1024) {
        raw_client client = connect_websocket(capacity);
        client.write(client_frame(json_handshake));
        settle(client);
        EXPECT_EQ(client.take_messages(), "{}\n");
        return client;
    }
    /// The messages that answer `message`, one a line.
    std::string ask(raw_client& client, std::string_view message) {
        client.send(message);
        settle(client);
        return client.take_messages();
    }
    std::string call(raw_client& client, std::string_view target, std::string_view arguments = "") {
        return ask(client, invocation_message("1", target, arguments));
    }
    /// The id of a client's connection.
    std::string id_of(raw_client& client) {
        const std::string answer = call(client, "Id");
        const std::size_t begin = answer.find("\"result\":\"") + 10;
        return answer.substr(begin, answer.find('"', begin) - begin);
    }
    /// The answer to a plain request on a connection of its own.
    std::string request(std::string_view bytes) {
        raw_client client = connect();
        client.write(bytes);
        settle(client);
        return client.head + client.raw;
    }
    std::string negotiate(std::string_view query = "?negotiateVersion=1", std::string_view more_headers = {}) {
        return request(
            "POST /hub/negotiate" + std::string(query) + " HTTP/1.1\r\nHost: here\r\n" + std::string(more_headers) +
            "Content-Length: 0\r\n\r\n");
    }
    /// Whether everybody who was here is gone, with all that was held for them.
    void expect_nothing_left() {
        const statistics now = count();
        EXPECT_EQ(now.sockets, 0u);
        EXPECT_EQ(now.connections, 0u);
        EXPECT_EQ(now.connections_started, now.connections_ended);
        EXPECT_EQ(now.running_invocations, 0u);
        EXPECT_EQ(now.queued_bytes, 0u);
        EXPECT_EQ(lane_->busy_runners(), 0u);
        EXPECT_EQ(world_->hubs_alive, 0);
        EXPECT_TRUE(lane_->sweep().empty());
    }
};

/// The member of a JSON text, as it stands there.
inline std::string text_member(std::string_view json, std::string_view name) {
    const std::string mark = "\"" + std::string(name) + "\":\"";
    const std::size_t begin = json.find(mark);
    if (begin == std::string_view::npos) return {};
    const std::size_t from = begin + mark.size();
    return std::string(json.substr(from, json.find('"', from) - from));
}

}  // namespace asignalr::detail
