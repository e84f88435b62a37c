// SPDX-License-Identifier: MIT
#include "wire/websocket_frame.hpp"

#include "wire/websocket_handshake.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace asignalr::detail {
namespace {

constexpr std::uint16_t protocol_error = 1002;
constexpr std::uint16_t no_code = 1005;
constexpr std::uint16_t invalid_text = 1007;
constexpr std::uint16_t policy_violation = 1008;

}  // namespace

frame_decoder::event frame_decoder::next(char*& cursor, char* end) noexcept {
    if (failure_ == 0 && step_ == step::header && !read_header(cursor, end)) return {};
    if (failure_ != 0) {
        event failed;
        failed.what = event::kind::failed;
        failed.code = failure_;
        return failed;
    }
    return is_control() ? take_control(cursor, end) : take_data(cursor, end);
}

std::size_t frame_decoder::header_size() const noexcept {
    std::size_t size = 2;
    const unsigned length = header_[1] & 0x7f;
    if (length == 126) size += 2;
    if (length == 127) size += 8;
    if (expects_mask_) size += 4;
    return size;
}

bool frame_decoder::read_header(char*& cursor, char* end) noexcept {
    const auto fill_to = [&](std::size_t size) {
        const std::size_t wanted = size > filled_ ? size - filled_ : 0;
        const std::size_t count = std::min<std::size_t>(wanted, static_cast<std::size_t>(end - cursor));
        std::memcpy(header_.data() + filled_, cursor, count);
        cursor += count;
        filled_ = static_cast<std::uint8_t>(filled_ + count);
        return filled_ >= size;
    };
    const bool is_whole = filled_ == 0 && static_cast<std::size_t>(end - cursor) >= header_.size();
    if (is_whole) std::memcpy(header_.data(), cursor, header_.size());  // more than it may be, but in one step
    if (filled_ < 2) {
        if (!is_whole && !fill_to(2)) return false;
        // The first two bytes decide most errors; a peer that breaks the rules is not waited for.
        failure_ = check_header();
        if (failure_ != 0) return true;
    }
    if (is_whole)
        cursor += header_size();
    else if (!fill_to(header_size()))
        return false;

    const unsigned length = header_[1] & 0x7f;
    std::size_t position = 2;
    remaining_ = length;
    if (length >= 126) {
        const std::size_t count = length == 126 ? 2 : 8;
        remaining_ = 0;
        for (std::size_t index = 0; index < count; ++index)
            remaining_ = remaining_ << 8 | header_[position++];
        // RFC 6455 section 5.2: the minimal number of bytes must be used, and the most significant bit must be 0.
        if ((length == 126 && remaining_ < 126) || (length == 127 && (remaining_ <= 0xffff || remaining_ >> 63 != 0)))
            failure_ = protocol_error;
    }
    if (expects_mask_) std::copy_n(header_.data() + position, 4, mask_.data());
    mask_offset_ = 0;
    filled_ = 0;
    step_ = step::payload;
    return true;
}

std::uint16_t frame_decoder::check_header() noexcept {
    const bool masked = (header_[1] & 0x80) != 0;
    if ((header_[0] & 0x70) != 0 || masked != expects_mask_) return protocol_error;
    if (is_control()) {
        const bool known = kind() == opcode::close || kind() == opcode::ping || kind() == opcode::pong;
        return known && final() && (header_[1] & 0x7f) <= 125 ? 0 : protocol_error;
    }
    if (kind() > opcode::binary || (kind() == opcode::continuation) != in_message_) return protocol_error;
    if (!in_message_) {
        message_ = kind();
        validate_ = message_ == opcode::text;
        frames_ = 0;
        utf8_.reset();
    }
    return ++frames_ > most_frames_ ? policy_violation : 0;
}

// Returns whether all is ASCII, which costs nothing on the way.
bool frame_decoder::unmask(char* bytes, std::size_t size) noexcept {
    std::uint32_t half;
    std::memcpy(&half, mask_.data(), sizeof half);
    // Turned so that its first byte is the one for the first byte here.
    const int turn = 8 * mask_offset_;
    half = std::endian::native == std::endian::little ? std::rotr(half, turn) : std::rotl(half, turn);
    const std::uint64_t key = std::uint64_t{half} << 32 | half;
    std::uint64_t seen = 0;
    const auto take = [&]<class Word>(Word part) {
        std::memcpy(&part, bytes, sizeof part);
        part = static_cast<Word>(part ^ static_cast<Word>(key));
        std::memcpy(bytes, &part, sizeof part);
        seen |= part;
        bytes += sizeof part;
    };
    for (const char* const last = bytes + (size & ~std::size_t{7}); bytes != last;)
        take(std::uint64_t{});
    if ((size & 4) != 0) take(std::uint32_t{});
    for (std::size_t index = 0; index < (size & 3); ++index) {
        *bytes = static_cast<char>(static_cast<std::uint8_t>(*bytes) ^ mask_[(mask_offset_ + index) & 3]);
        seen |= static_cast<std::uint8_t>(*bytes++);
    }
    mask_offset_ = static_cast<std::uint8_t>((mask_offset_ + size) & 3);
    return (seen & 0x8080808080808080u) == 0;
}

frame_decoder::event frame_decoder::take_data(char*& cursor, char* end) noexcept {
    const auto available = static_cast<std::uint64_t>(end - cursor);
    if (available == 0 && remaining_ > 0) return {};
    const auto size = static_cast<std::size_t>(std::min(available, remaining_));
    const bool is_ascii = expects_mask_ && unmask(cursor, size);

    event piece;
    piece.what = event::kind::data;
    piece.data = cursor;
    piece.size = size;
    cursor += size;
    remaining_ -= size;
    const bool frame_end = remaining_ == 0;
    if (frame_end) {
        step_ = step::header;
        in_message_ = !final();
    }
    const bool is_plain = is_ascii && utf8_.complete();
    if (validate_ && !is_plain && (!utf8_.feed({piece.data, size}) || (message_ended() && !utf8_.complete()))) {
        piece.what = event::kind::failed;
        piece.code = invalid_text;
    }
    return piece;
}

frame_decoder::event frame_decoder::take_control(char*& cursor, char* end) noexcept {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, static_cast<std::uint64_t>(end - cursor)));
    std::memcpy(control_.data() + filled_, cursor, count);
    cursor += count;
    filled_ = static_cast<std::uint8_t>(filled_ + count);
    remaining_ -= count;
    if (remaining_ > 0) return {};
    return finish_control();
}

frame_decoder::event frame_decoder::finish_control() noexcept {
    if (expects_mask_) unmask(control_.data(), filled_);
    event control;
    control.data = control_.data();
    control.size = filled_;
    step_ = step::header;
    filled_ = 0;
    if (kind() != opcode::close) {
        control.what = kind() == opcode::ping ? event::kind::control_ping : event::kind::control_pong;
        return control;
    }
    control.what = event::kind::control_close;
    control.code = no_code;
    if (control.size == 0) return control;
    if (control.size == 1) {
        control.what = event::kind::failed;
        control.code = protocol_error;
        return control;
    }
    control.code = static_cast<std::uint16_t>(
        static_cast<std::uint8_t>(control_[0]) << 8 | static_cast<std::uint8_t>(control_[1]));
    control.data += 2;
    control.size -= 2;
    if (!may_be_received(control.code)) {
        control.what = event::kind::failed;
        control.code = protocol_error;
    } else if (!is_valid_utf8({control.data, control.size})) {
        control.what = event::kind::failed;
        control.code = invalid_text;
    }
    return control;
}

std::size_t write_frame_header(char* out, opcode kind, std::uint64_t size) noexcept {
    out[0] = static_cast<char>(0x80 | static_cast<std::uint8_t>(kind));
    if (size < 126) {
        out[1] = static_cast<char>(size);
        return 2;
    }
    const std::size_t bytes = size <= 0xffff ? 2 : 8;
    out[1] = static_cast<char>(bytes == 2 ? 126 : 127);
    for (std::size_t index = 0; index < bytes; ++index)
        out[2 + index] = static_cast<char>(size >> (8 * (bytes - 1 - index)) & 0xff);
    return 2 + bytes;
}

std::size_t write_masked_frame_header(
    char* out, opcode kind, std::uint64_t size, std::array<std::uint8_t, 4> mask) noexcept {
    const std::size_t plain = write_frame_header(out, kind, size);
    out[1] = static_cast<char>(static_cast<std::uint8_t>(out[1]) | 0x80);
    std::memcpy(out + plain, mask.data(), mask.size());
    return plain + mask.size();
}

}  // namespace asignalr::detail
