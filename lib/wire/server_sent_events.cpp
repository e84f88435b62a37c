// SPDX-License-Identifier: MIT
#include "wire/server_sent_events.hpp"

#include <cstring>

namespace asignalr::detail {

bool is_one_event_line(std::string_view payload) noexcept {
    return payload.empty() ||
           (std::memchr(payload.data(), '\n', payload.size()) == nullptr && std::memchr(payload.data(), '\r', payload.size()) == nullptr);
}

void append_event(std::string& out, std::string_view payload) {
    while (true) {
        const std::size_t end = payload.find_first_of("\r\n");
        out.append(event_begin).append(payload.substr(0, end)).append("\r\n");
        if (end == std::string_view::npos) break;
        payload.remove_prefix(end + (payload.substr(end, 2) == "\r\n" ? 2 : 1));
    }
    out += "\r\n";
}

}  // namespace asignalr::detail
