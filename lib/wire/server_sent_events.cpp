// SPDX-License-Identifier: MIT
#include "wire/server_sent_events.hpp"

#include <cstring>

namespace asignalr::detail {

bool is_one_event_line(std::string_view payload) noexcept {
    return payload.empty() || std::memchr(payload.data(), '\n', payload.size()) == nullptr;
}

void append_event(std::string& out, std::string_view payload) {
    while (true) {
        const std::size_t end = payload.find('\n');
        std::string_view line = payload.substr(0, end);
        if (end != std::string_view::npos && line.size() > 1 && line.ends_with('\r')) line.remove_suffix(1);
        out.append(event_begin).append(line).append("\r\n");
        if (end == std::string_view::npos) break;
        payload.remove_prefix(end + 1);
    }
    out += "\r\n";
}

}  // namespace asignalr::detail
