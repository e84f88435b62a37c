// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace asignalr::detail {

/// What kind of bytes a hub protocol produces; decides the WebSocket opcode and which transports can carry them.
enum class transfer_format : std::uint8_t { text, binary };

/// An immutable, counted buffer with room for a transport's header in front of the message.
///
/// A message to many is serialised into one payload per protocol; the unmasked WebSocket header is written into the room once,
/// when the payload is made, and `framed()` is what every WebSocket receiver gets. Copies may live on different lanes.
class payload {
public:
    /// Enough for the longest unmasked WebSocket header.
    static constexpr std::size_t header_room = 10;

    payload() = default;
    payload(const payload& other) noexcept : block_(other.block_) { retain(); }
    payload(payload&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
    payload& operator=(payload other) noexcept {
        std::swap(block_, other.block_);
        return *this;
    }
    ~payload() { release(); }

    /// Copies `message` behind `header`.
    /// @param header at most `header_room` bytes that stand before the message in the framed form
    static payload make(std::string_view header, std::string_view message, transfer_format format);

    explicit operator bool() const noexcept { return block_ != nullptr; }

    /// The hub messages alone.
    std::string_view message() const noexcept { return {data() + header_room, block_->message_size}; }
    /// The header and the hub messages, as they go over an unmasked WebSocket.
    std::string_view framed() const noexcept {
        return {data() + header_room - block_->header_size, block_->header_size + block_->message_size};
    }
    transfer_format format() const noexcept { return block_->format; }

private:
    struct block {
        std::atomic<std::uint32_t> owners{1};
        std::uint8_t header_size = 0;
        transfer_format format = transfer_format::text;
        std::size_t message_size = 0;
    };

    const char* data() const noexcept { return reinterpret_cast<const char*>(block_ + 1); }
    void retain() const noexcept {
        if (block_ != nullptr) block_->owners.fetch_add(1, std::memory_order_relaxed);
    }
    void release() noexcept;

    block* block_ = nullptr;
};

}  // namespace asignalr::detail
