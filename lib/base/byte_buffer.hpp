// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace asignalr::detail {

/// Bytes of which there may be many: what has come of a large message, or what a peer has not taken yet.
///
/// What is large has pages of its own, which go back to the system the moment they are freed and grow without being copied. A general
/// heap keeps the space of large blocks that come and go, and a server would stay as large as its busiest second was.
class byte_buffer {
public:
    /// From this capacity on the bytes have pages of their own.
    static constexpr std::size_t large = 64 * 1024;

    byte_buffer() = default;
    explicit byte_buffer(std::string_view bytes) { append(bytes); }
    byte_buffer(byte_buffer&& other) noexcept { swap(other); }
    byte_buffer& operator=(byte_buffer&& other) noexcept {
        byte_buffer(std::move(other)).swap(*this);
        return *this;
    }
    ~byte_buffer() { release(); }

    char* data() noexcept { return bytes_; }
    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    std::string_view view() const noexcept { return {bytes_, size_}; }

    /// @throws std::bad_alloc
    void append(std::string_view bytes);
    /// Forgets the first `count` bytes, and gives back the memory that the rest does not need if that is much.
    void erase_front(std::size_t count) noexcept;
    /// Forgets all behind the first `size` bytes.
    void truncate(std::size_t size) noexcept { size_ = size < size_ ? size : size_; }
    /// Forgets all, and the memory.
    void release() noexcept;
    void swap(byte_buffer& other) noexcept {
        std::swap(bytes_, other.bytes_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
    }

private:
    void grow(std::size_t least);
    bool move_to_small(const char* bytes) noexcept;

    char* bytes_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace asignalr::detail
