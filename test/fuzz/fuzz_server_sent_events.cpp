// SPDX-License-Identifier: MIT
// Payloads as events, read back by the rules for browsers (HTML Living Standard, "Interpreting an event stream").

#include "wire/server_sent_events.hpp"

#include "fuzz_check.hpp"

#include <string>
#include <vector>

namespace {

using namespace asignalr::detail;

/// The data of each event.
std::vector<std::string> read_events(std::string_view stream) {
    std::vector<std::string> events;
    std::string data;
    bool some = false;
    while (!stream.empty()) {
        const std::size_t end = stream.find_first_of("\r\n");
        check(end != std::string_view::npos, "a line has an end");
        std::string_view line = stream.substr(0, end);
        stream.remove_prefix(end + (stream.substr(end, 2) == "\r\n" ? 2 : 1));
        if (line.empty()) {
            if (some) events.push_back(data.substr(0, data.size() - 1));
            data.clear();
            some = false;
        } else if (line.starts_with("data:")) {
            line.remove_prefix(5);
            if (line.starts_with(' ')) line.remove_prefix(1);
            data.append(line).append("\n");
            some = true;
        }
    }
    return events;
}

/// As a reader is given it: an LF for each end of a line.
std::string with_line_feeds(std::string_view payload) {
    std::string text;
    for (std::size_t at = 0; at < payload.size(); ++at) {
        const bool is_pair = payload.substr(at, 2) == "\r\n";
        if (!is_pair) text += payload[at] == '\r' ? '\n' : payload[at];
    }
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view payload(reinterpret_cast<const char*>(data), size);
    std::string stream(event_stream_begin);
    append_event(stream, payload);
    const std::size_t first = stream.size();
    check(std::string_view(stream).substr(event_stream_begin.size()).starts_with(event_begin) && stream.ends_with(event_end),
          "an event has its begin and its end");
    if (is_one_event_line(payload)) {
        check(std::string_view(stream).substr(event_stream_begin.size()) ==
                  std::string(event_begin).append(payload).append(event_end), "a payload of one line stands as it is");
    }
    append_event(stream, payload);
    check(stream.size() == 2 * first - event_stream_begin.size(), "the second event is like the first");
    check(read_events(stream) == std::vector<std::string>(2, with_line_feeds(payload)), "a browser reads what was written");
    return 0;
}
