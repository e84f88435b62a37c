// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace benchmark {

// What the server has said on one connection.
struct tally {
    std::uint64_t handshakes = 0;
    std::uint64_t invocations = 0;
    std::uint64_t items = 0;
    std::uint64_t completions = 0;
    std::uint64_t errors = 0;
    bool closed = false;
    std::string close_text;       // of a hub Close or a WebSocket close frame
    std::string error_text;       // of the first failed completion
    std::string last_completion;  // its first bytes; kept only while asked for
};

// Follows WebSocket frames and counts hub messages by their end marks, or in binary frames by their lengths, however the server spreads messages over frames.
//
// Feed it everything that arrives after the upgrade; it changes the tally.
class reply_counter {
public:
    void feed(std::string_view bytes);

    // Keeping the text of completions costs a copy each: for a few replies that are looked at, not for a measured
    // window.
    void keep_completions(bool keep) { keep_completions_ = keep; }

    const tally& counts() const { return counts_; }

    // The payload of a WebSocket ping that waits for its pong; true once.
    bool take_ping(std::string& payload);

private:
    std::string_view take_header(std::string_view bytes);
    void begin_frame();
    void end_frame();
    void feed_payload(std::string_view bytes);
    void feed_lengths(std::string_view bytes);
    void count_message(std::string_view message);
    void count_messagepack(std::string_view message);
    void count_completion(std::string_view message);

    tally counts_;
    bool keep_completions_ = false;
    bool in_payload_ = false;
    unsigned char opcode_ = 0;
    std::uint64_t payload_left_ = 0;
    std::string header_;
    std::string message_head_;  // the first bytes of a message that came in pieces
    std::uint64_t length_ = 0;  // of a MessagePack message, or what is known of it
    unsigned length_bits_ = 0;
    bool length_known_ = false;
    std::string control_;
    bool ping_due_ = false;
};

}  // namespace benchmark
