// SPDX-License-Identifier: MIT
#pragma once

#include "base/payload.hpp"
#include "transport/transport.hpp"

#include <string>
#include <string_view>

namespace asignalr::detail {

class outbox;

/// A buffer for messages, with room in front for a transport's header.
class outgoing_buffer {
public:
    outgoing_buffer() : bytes_(transport::header_room, '\0') {}

    std::string& bytes() noexcept { return bytes_; }
    bool empty() const noexcept { return bytes_.size() == transport::header_room; }
    char* message() noexcept { return bytes_.data() + transport::header_room; }
    std::size_t size() const noexcept { return bytes_.size() - transport::header_room; }
    void clear() noexcept {
        constexpr std::size_t kept_bytes = 64 * 1024;
        if (bytes_.capacity() > kept_bytes) std::string().swap(bytes_);
        static_assert(transport::header_room <= 15, "a string has room for that without memory");
        bytes_.resize(transport::header_room);
    }

private:
    std::string bytes_;
};

/// What the outboxes of a lane share while they write.
struct outgoing_buffers {
    outgoing_buffer corked;             ///< What the connection that is being read has to say.
    outgoing_buffer single;             ///< One message of any other.
    const outbox* cork_owner = nullptr;  ///< Whose `corked` is.
};

/// A payload with the header that an unmasked WebSocket wants in front.
payload make_framed_payload(std::string_view message, transfer_format format);

}  // namespace asignalr::detail
