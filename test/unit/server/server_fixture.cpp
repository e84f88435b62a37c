// SPDX-License-Identifier: MIT
#include "server_fixture.hpp"


namespace asignalr::detail {

server_fixture::server_fixture() = default;
server_fixture::~server_fixture() = default;

raw_client server_fixture::connect_websocket(std::size_t capacity, std::string_view target) {
    raw_client client = connect(capacity);
    client.write(upgrade_request(target));
    settle(client);
    EXPECT_TRUE(client.head.starts_with("HTTP/1.1 101 ")) << client.raw;
    return client;
}

raw_client server_fixture::connect_hub(std::size_t capacity) {
    raw_client client = connect_websocket(capacity);
    client.write(client_frame(json_handshake));
    settle(client);
    EXPECT_EQ(client.take_messages(), "{}\n");
    return client;
}

std::string server_fixture::ask(raw_client& client, std::string_view message) {
    client.send(message);
    settle(client);
    return client.take_messages();
}

std::string server_fixture::call(raw_client& client, std::string_view target, std::string_view arguments) {
    return ask(client, invocation_message("1", target, arguments));
}

std::string server_fixture::id_of(raw_client& client) {
    const std::string answer = call(client, "Id");
    const std::size_t begin = answer.find("\"result\":\"") + 10;
    return answer.substr(begin, answer.find('"', begin) - begin);
}

std::string server_fixture::request(std::string_view bytes) {
    raw_client client = connect();
    client.write(bytes);
    settle(client);
    return client.head + client.raw;
}

std::string server_fixture::negotiate(std::string_view query, std::string_view more_headers) {
    return request(
        "POST /hub/negotiate" + std::string(query) + " HTTP/1.1\r\nHost: here\r\n" + std::string(more_headers) +
        "Content-Length: 0\r\n\r\n");
}

void server_fixture::expect_nothing_left() {
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

bool server_fixture::log_names(std::string_view option) const {
    return !log_->important.empty() && log_->important.back().find(option) != std::string::npos;
}

void server_fixture::expect_others_are_served() {
    raw_client other = connect_hub();
    EXPECT_EQ(call(other, "Add", "1,2"), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n");
}

std::string text_member(std::string_view json, std::string_view name) {
    const std::string mark = "\"" + std::string(name) + "\":\"";
    const std::size_t begin = json.find(mark);
    if (begin == std::string_view::npos) return {};
    const std::size_t from = begin + mark.size();
    return std::string(json.substr(from, json.find('"', from) - from));
}

}  // namespace asignalr::detail
