// SPDX-License-Identifier: MIT
#pragma once

#include "message_counter.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace benchmark {

// Follows a server's WebSocket frames and hands their payloads to a counter, in pieces as they arrive.
//
// Feed it everything that arrives after the upgrade.
class frame_reader {
public:
    void feed(std::string_view bytes, message_counter& to);

    // The payload of a ping that waits for its pong; true once.
    bool take_ping(std::string& payload);

    bool closed() const { return closed_; }
    const std::string& close_text() const { return control_; }

private:
    std::string_view take_header(std::string_view bytes, message_counter& to);
    std::string_view take_payload(std::string_view bytes, message_counter& to);
    void end_frame(message_counter& to);

    bool in_payload_ = false;
    unsigned char opcode_ = 0;
    std::uint64_t payload_left_ = 0;
    std::string header_;
    std::string control_;
    bool ping_due_ = false;
    bool closed_ = false;
};

}  // namespace benchmark
