// SPDX-License-Identifier: MIT
#pragma once

#include "options.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace benchmark {

// Ends every hub message.
inline constexpr char record_end = '\x1e';

// A message as it is sent on the transport of the settings: framed for a WebSocket, bare in a post.
std::string on_the_wire(const options& settings, std::string_view message);

std::string handshake_message(const options& settings);
// Empty where the wire knows none.
std::string ping_message(const options& settings);

// A call, or with an empty id one that wants no completion. `arguments` is JSON between the brackets; `type` 1 or, for
// a stream, 4.
struct call {
    int type = 1;
    std::string id{};
    std::string target{};
    std::string arguments{};
    std::string stream_ids{};
};
std::string call_message(const options& settings, const call& what);

// A call with one text argument, padded so that the whole message in JSON, or in Socket.IO the event, has settings.size
// bytes.
std::string padded_call(const options& settings, const std::string& id, const std::string& target);

// A Bcast call that makes the server send messages of settings.size bytes; in a plain WebSocket such a message.
std::string broadcast_call(const options& settings);

// How many bytes a plain TCP server sends for each message in the mode of the settings.
std::size_t raw_message_size(const options& settings);

// Pre-built frames with ids of their own for calls in flight side by side, so that a run of them is one piece of
// memory.
class call_ring {
public:
    call_ring(const options& settings, const std::string& target, std::size_t depth);

    std::size_t depth() const { return depth_; }
    std::size_t frame_size() const { return frame_size_; }

    // `count` frames (at most depth) from position `first` (below depth).
    std::string_view take(std::size_t first, std::size_t count) const;

private:
    std::size_t depth_;
    std::size_t frame_size_ = 0;
    std::string frames_;
};

}  // namespace benchmark
