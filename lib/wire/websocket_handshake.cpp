// SPDX-License-Identifier: MIT
#include "wire/websocket_handshake.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "wire/http_response_head.hpp"
#include "wire/websocketpp.hpp"

namespace asignalr::detail {
namespace {

bool is_of_handshake(std::string_view name) noexcept {
    constexpr std::string_view beginning = "Sec-WebSocket-";
    return equals_ignoring_case(name, "Upgrade") || equals_ignoring_case(name.substr(0, beginning.size()), beginning);
}

}  // namespace

std::string websocket_accept_key(std::string_view key) {
    std::string salted(key);
    salted += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[20];
    websocketpp::sha1::calc(salted.data(), salted.size(), digest);
    return websocketpp::base64_encode(digest, sizeof(digest));
}

bool may_be_received(std::uint16_t close_code) noexcept {
    return !websocketpp::close::status::invalid(close_code) && !websocketpp::close::status::reserved(close_code);
}

bool is_websocket_request(const request_head& head) {
    if (head.method != "GET" || head.minor_version < 1) return false;
    const auto single = [&](std::string_view name) {
        return head.count(name) == 1 ? head.find(name) : nullptr;
    };
    const std::string* upgrade = single("Upgrade");
    const std::string* version = single("Sec-WebSocket-Version");
    const std::string* key = single("Sec-WebSocket-Key");
    if (upgrade == nullptr || version == nullptr || key == nullptr) return false;
    if (!list_contains(*upgrade, "websocket") || !list_contains(*version, "13")) return false;
    bool connection = false;
    for (const header_field& field : head.headers)
        connection = connection || (equals_ignoring_case(field.name, "Connection") && list_contains(field.value, "upgrade"));
    const auto decoded = base64_decode(*key);
    return connection && decoded && decoded->size() == 16;
}

std::string websocket_answer(std::string_view key, std::span<const std::pair<std::string, std::string>> more) {
    std::string answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";
    answer += websocket_accept_key(key);
    answer += "\r\n";
    for (const auto& [name, value] : more)
        if (!is_framing_header(name) && !is_of_handshake(name)) add_response_header(answer, name, value);
    answer += "\r\n";
    return answer;
}

}  // namespace asignalr::detail
