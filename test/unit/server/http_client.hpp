// SPDX-License-Identifier: MIT
#pragma once

#include "server_fixture.hpp"

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace asignalr::detail {

/// One answer, taken apart.
struct http_answer {
    int status = 0;
    std::string head;
    std::string body;
};

/// Takes the first whole answer off what arrived; status 0 if there is none.
inline http_answer take_answer(std::string& bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    http_answer answer{std::atoi(bytes.c_str() + std::string_view("HTTP/1.1 ").size()), bytes.substr(0, end + 4), {}};
    constexpr std::string_view mark = "\r\nContent-Length: ";
    const std::size_t length = answer.head.find(mark);
    const std::size_t size = length == std::string::npos ? 0 : std::strtoul(answer.head.c_str() + length + mark.size(), nullptr, 10);
    if (bytes.size() < end + 4 + size) return {};
    answer.body = bytes.substr(end + 4, size);
    bytes.erase(0, end + 4 + size);
    return answer;
}

/// Messages, one a line.
inline std::string lines_of(std::string bytes) {
    for (char& character : bytes)
        if (character == record_end) character = '\n';
    return bytes;
}

/// A server in memory, and a client that speaks plain requests to it.
class http_client_fixture : public server_fixture {
protected:
    std::string new_token() { return text_member(negotiate(), "connectionToken"); }
    /// The request of a method on a connection of the hub.
    static std::string request_for(std::string_view method, std::string_view token, std::string_view headers = {}, std::string_view body = {}) {
        std::string bytes(method);
        bytes.append(" /hub?id=").append(token).append(" HTTP/1.1\r\nHost: here\r\n").append(headers);
        if (method == "POST" && headers.find("Transfer-Encoding") == std::string_view::npos)
            bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        return bytes.append("\r\n").append(body);
    }
    http_answer answered(std::string_view bytes) {
        std::string got = request(bytes);
        return take_answer(got);
    }
    http_answer get(std::string_view token) { return answered(request_for("GET", token)); }
    http_answer remove(std::string_view token) { return answered(request_for("DELETE", token)); }
    http_answer post(std::string_view token, std::string_view body) { return answered(request_for("POST", token, {}, body)); }
    http_answer say(std::string_view token, std::string_view message) { return post(token, std::string(message) + record_end); }
    /// A connection by long polling that has shaken hands.
    std::string connect_polling() {
        std::string token = new_token();
        EXPECT_EQ(get(token).status, 200);
        EXPECT_EQ(post(token, json_handshake).status, 200);
        EXPECT_EQ(get(token).body, "{}\x1e");
        return token;
    }
    /// A client whose request waits for its answer.
    raw_client park(std::string_view token) {
        raw_client client = connect();
        client.write(request_for("GET", token));
        settle(client);
        return client;
    }
    /// The same when clients have closed their sockets, and the registry has forgotten what it noted at negotiate.
    void expect_nothing_left_in_time() {
        run();
        pass_at_once(std::chrono::seconds(16));
        expect_nothing_left();
    }
    http_answer answer_to(raw_client& client) {
        settle(client);
        return take_answer(client.raw);
    }
};

}  // namespace asignalr::detail
