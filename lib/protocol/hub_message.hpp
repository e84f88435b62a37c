// SPDX-License-Identifier: MIT
#pragma once

#include "serialize/token.hpp"

#include <cstdint>
#include <string_view>

namespace asignalr::detail {

/// HubProtocol specification, "Message Types".
enum class message_type : std::uint8_t {
    invocation = 1,
    stream_item = 2,
    completion = 3,
    stream_invocation = 4,
    cancel_invocation = 5,
    ping = 6,
    close = 7,
    ack = 8,
    sequence = 9,
};

/// A hub message that was taken apart: a flat view over the tape it was read onto.
struct hub_message {
    message_type type = message_type::ping;
    bool has_result = false;
    bool has_error = false;
    bool allow_reconnect = false;
    bool has_broken_values = false;           ///< Its values are not all there, and must not be bound.
    bool ignore_case = false;                 ///< Field names of its values match without regard to ASCII case.
    value_encoding encoding = value_encoding::json;
    std::string_view invocation_id;           ///< Empty for a non-blocking invocation.
    std::string_view target;
    std::string_view error;
    const token* arguments = nullptr;         ///< A list. Null: a call without one, which cannot be bound.
    const token* stream_ids = nullptr;        ///< A list of texts, or null.
    const token* item = nullptr;
    const token* result = nullptr;
    std::int64_t sequence_id = 0;
};

}  // namespace asignalr::detail
