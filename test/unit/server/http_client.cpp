// SPDX-License-Identifier: MIT
#include "http_client.hpp"

#include <chrono>
#include <cstdlib>

namespace asignalr::detail {

http_answer take_answer(std::string& bytes) {
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

std::string lines_of(std::string bytes) {
    for (char& character : bytes)
        if (character == record_end) character = '\n';
    return bytes;
}

http_client_fixture::http_client_fixture() = default;
http_client_fixture::~http_client_fixture() = default;

std::string http_client_fixture::new_token() { return text_member(negotiate(), "connectionToken"); }

std::string http_client_fixture::request_for(std::string_view method, std::string_view token, std::string_view headers, std::string_view body) {
    std::string bytes(method);
    bytes.append(" /hub?id=").append(token).append(" HTTP/1.1\r\nHost: here\r\n").append(headers);
    if (method == "POST" && headers.find("Transfer-Encoding") == std::string_view::npos)
        bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return bytes.append("\r\n").append(body);
}

http_answer http_client_fixture::answered(std::string_view bytes) {
    std::string got = request(bytes);
    return take_answer(got);
}

http_answer http_client_fixture::get(std::string_view token) { return answered(request_for("GET", token)); }
http_answer http_client_fixture::remove(std::string_view token) { return answered(request_for("DELETE", token)); }
http_answer http_client_fixture::post(std::string_view token, std::string_view body) { return answered(request_for("POST", token, {}, body)); }
http_answer http_client_fixture::say(std::string_view token, std::string_view message) { return post(token, std::string(message) + record_end); }

std::string http_client_fixture::connect_polling() {
    std::string token = new_token();
    EXPECT_EQ(get(token).status, 200);
    EXPECT_EQ(post(token, json_handshake).status, 200);
    EXPECT_EQ(get(token).body, "{}\x1e");
    return token;
}

raw_client http_client_fixture::park(std::string_view token) {
    raw_client client = connect();
    client.write(request_for("GET", token));
    settle(client);
    return client;
}

void http_client_fixture::expect_nothing_left_in_time() {
    run();
    pass_at_once(std::chrono::seconds(16));
    expect_nothing_left();
}

http_answer http_client_fixture::answer_to(raw_client& client) {
    settle(client);
    return take_answer(client.raw);
}

}  // namespace asignalr::detail
