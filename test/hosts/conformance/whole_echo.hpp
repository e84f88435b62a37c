// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/connection/raw_connection.hpp>

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

/// Takes the first payload off, if it is there whole: `5:hello` is `hello`.
inline std::optional<std::string> take_announced(std::string& bytes) {
    const std::size_t colon = bytes.find(':');
    if (colon == std::string::npos) return std::nullopt;
    const std::size_t size = std::strtoul(bytes.c_str(), nullptr, 10);
    if (bytes.size() - colon - 1 < size) return std::nullopt;
    std::string payload = bytes.substr(colon + 1, size);
    bytes.erase(0, colon + 1 + size);
    return payload;
}

/// Writes each payload back in one piece, however it came: for tests of what a transport does to it.
inline asignalr::task<void> echo_whole(asignalr::raw_connection client) {
    std::string received;
    while (const auto bytes = co_await client.read()) {
        received += *bytes;
        while (auto payload = take_announced(received)) co_await client.write(std::move(*payload));
    }
}
