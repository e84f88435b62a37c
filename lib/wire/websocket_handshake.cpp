// SPDX-License-Identifier: MIT
#include "wire/websocket_handshake.hpp"

#include "base/base64.hpp"
#include "base/text.hpp"
#include "wire/http_response_head.hpp"
#include "wire/websocketpp.hpp"

#include <algorithm>

namespace asignalr::detail {
namespace {

// In any of the headers of that name.
bool lists(const request_head& head, std::string_view name, std::string_view element) {
    return std::any_of(head.headers.begin(), head.headers.end(), [&](const header_field& field) {
        return equals_ignoring_case(field.name, name) && list_contains(field.value, element);
    });
}

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

websocket_opening websocket_opening_of(const request_head& head) {
    if (head.method != "GET" || head.minor_version < 1) return websocket_opening::none;
    if (!lists(head, "Upgrade", "websocket") || !lists(head, "Connection", "upgrade")) return websocket_opening::none;
    const std::string* const version = head.find("Sec-WebSocket-Version");
    if (version == nullptr || !list_contains(*version, "13")) return websocket_opening::old_version;
    for (const std::string_view once : {"Upgrade", "Sec-WebSocket-Version", "Sec-WebSocket-Key"})
        if (head.count(once) != 1) return websocket_opening::broken;
    const auto key = base64_decode(*head.find("Sec-WebSocket-Key"));
    return key && key->size() == 16 ? websocket_opening::whole : websocket_opening::broken;
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
