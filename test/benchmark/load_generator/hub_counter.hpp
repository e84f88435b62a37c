// SPDX-License-Identifier: MIT
#pragma once

#include "message_counter.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace benchmark {

// Hub messages by their end marks, or in MessagePack by their lengths, however the server spreads them over frames and
// answers.
class hub_counter final : public message_counter {
public:
    explicit hub_counter(bool messagepack) : messagepack_(messagepack) {}

    void feed(std::string_view piece) override;

private:
    std::string_view feed_handshake(std::string_view bytes);
    std::string_view feed_record(std::string_view bytes);
    std::string_view feed_length(std::string_view bytes);
    void keep_head(std::string_view piece);
    void count_messagepack(std::string_view message);
    void count_json(std::string_view message);
    void count_completion(std::string_view message);
    void refuse(std::string_view message);

    bool messagepack_;
    std::string head_;          // the first bytes of a message that came in pieces
    std::uint64_t length_ = 0;  // of a MessagePack message, or what is known of it
    unsigned length_bits_ = 0;
    bool length_known_ = false;
};

}  // namespace benchmark
