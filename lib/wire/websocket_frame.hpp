// SPDX-License-Identifier: MIT
#pragma once

#include "wire/utf8.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace asignalr::detail {

/// Which side of a connection the code plays: a client masks its frames, a server does not.
enum class role : std::uint8_t { server, client };

/// RFC 6455 section 5.2.
enum class opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// Takes a stream of WebSocket frames apart, in place (RFC 6455 section 5).
///
/// Call next() until it says need_more, then read more bytes. Payload of data frames is handed out as it lies in the buffer,
/// unmasked, in pieces as they arrive; nothing of it is kept here. After failed or control_close nothing is to be asked; a header that failed
/// fails again.
class frame_decoder {
public:
    struct event {
        enum class kind : std::uint8_t {
            need_more,      ///< The bytes are used up.
            data,           ///< `data`, `size`: a piece of a message; may be empty. See message() and message_ended().
            control_ping,   ///< `data`, `size`: at most 125 bytes, to be sent back.
            control_pong,   ///< Nothing to do.
            control_close,  ///< `code`: what the peer gave, or 1005 for none; `data`, `size`: the reason.
            failed,         ///< The peer broke the rules: `code` is the close code it deserves.
        };
        kind what = kind::need_more;
        std::uint16_t code = 0;
        char* data = nullptr;
        std::size_t size = 0;
    };

    /// A message in more frames than this is refused with 1008: each costs more than the bytes it brings.
    static constexpr std::uint32_t most_frames_per_message = 16'384;

    explicit frame_decoder(role own) noexcept : expects_mask_(own == role::server) {}

    /// For a user to whom frames cost no more than their bytes.
    void allow_any_number_of_frames() noexcept { most_frames_ = std::numeric_limits<std::uint32_t>::max(); }

    /// Takes from [cursor, end) and moves the cursor; unmasks in place.
    event next(char*& cursor, char* end) noexcept;

    /// After data: the kind of its message, text or binary.
    opcode message() const noexcept { return message_; }
    /// After data: whether it was the last of its message.
    bool message_ended() const noexcept { return step_ == step::header && !in_message_; }

private:
    enum class step : std::uint8_t { header, payload };

    bool read_header(char*& cursor, char* end) noexcept;  // true: complete, or failed with failure_ set
    std::uint16_t check_header() noexcept;
    event take_data(char*& cursor, char* end) noexcept;
    event take_control(char*& cursor, char* end) noexcept;
    event finish_control() noexcept;
    bool unmask(char* bytes, std::size_t size) noexcept;
    std::size_t header_size() const noexcept;

    bool final() const noexcept { return (header_[0] & 0x80) != 0; }
    opcode kind() const noexcept { return static_cast<opcode>(header_[0] & 0x0f); }
    bool is_control() const noexcept { return (header_[0] & 0x08) != 0; }

    std::uint64_t remaining_ = 0;  // payload of the current frame
    std::uint32_t frames_ = 0;     // of the current message
    std::uint32_t most_frames_ = most_frames_per_message;
    std::uint16_t failure_ = 0;
    step step_ = step::header;
    bool expects_mask_;
    bool in_message_ = false;
    bool validate_ = false;        // the message is text
    opcode message_ = opcode::text;
    std::uint8_t filled_ = 0;      // of header_, or of control_
    std::uint8_t mask_offset_ = 0;
    utf8_validator utf8_;
    std::array<std::uint8_t, 14> header_{};
    std::array<std::uint8_t, 4> mask_{};
    std::array<char, 125> control_{};
};

/// Writes an unmasked header with the final bit set. `out` has room for 10 bytes; returns how many were used.
std::size_t write_frame_header(char* out, opcode kind, std::uint64_t size) noexcept;

/// Writes a masked header, for a client. `out` has room for 14 bytes; returns how many were used.
std::size_t write_masked_frame_header(char* out, opcode kind, std::uint64_t size, std::array<std::uint8_t, 4> mask) noexcept;

}  // namespace asignalr::detail
