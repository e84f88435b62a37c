// SPDX-License-Identifier: MIT
#include "requests.hpp"

namespace benchmark {
namespace {

std::string line(const options& settings, std::string_view method, std::string_view path) {
    return std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: " + settings.host + ":" +
           std::to_string(settings.port) + "\r\n";
}

std::string with_token(const options& settings, std::string_view token) {
    return token.empty() ? settings.path : settings.path + "?id=" + std::string(token);
}

std::string headers(std::string_view accepted) {
    return "Accept: " + std::string(accepted) +
           "\r\nUser-Agent: load-generator\r\nX-Requested-With: XMLHttpRequest\r\nCache-Control: no-cache\r\n";
}

}  // namespace

std::string negotiate_request(const options& settings) {
    return line(settings, "POST", settings.path + "/negotiate?negotiateVersion=1") + headers("*/*") +
           "Content-Length: 0\r\n\r\n";
}

std::string upgrade_request(const options& settings, std::string_view token) {
    const std::string path =
        settings.wire == wire::socket_io ? "/socket.io/?EIO=4&transport=websocket" : with_token(settings, token);
    return line(settings, "GET", path) +
           "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
           "Sec-WebSocket-Version: 13\r\n\r\n";
}

std::string stream_request(const options& settings, std::string_view token) {
    return line(settings, "GET", with_token(settings, token)) + headers("text/event-stream") + "\r\n";
}

std::string poll_request(const options& settings, std::string_view token) {
    return line(settings, "GET", with_token(settings, token)) + headers("*/*") + "\r\n";
}

std::string post_request(const options& settings, std::string_view token, std::string_view body) {
    return line(settings, "POST", with_token(settings, token)) + headers("*/*") +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string token_of(std::string_view negotiation) {
    constexpr std::string_view key = "\"connectionToken\":\"";
    const std::size_t begin = negotiation.find(key);
    if (begin == std::string_view::npos) {
        throw generator_error("no connection token in " + std::string(negotiation));
    }
    const std::string_view value = negotiation.substr(begin + key.size());
    return std::string(value.substr(0, value.find('"')));
}

}  // namespace benchmark
