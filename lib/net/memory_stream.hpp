// SPDX-License-Identifier: MIT
#pragma once

#include "net/byte_stream.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

namespace asignalr::detail {

struct memory_pipe;

/// One end of a byte stream in memory. Both ends are used on one thread.
///
/// Events come through the executor, never from within a call of the other end.
class memory_stream final : public byte_stream {
public:
    /// @param capacity how many bytes wait in each direction before a write would block
    static std::pair<std::unique_ptr<memory_stream>, std::unique_ptr<memory_stream>> make_pair(
        const asio::any_io_executor& executor, std::size_t capacity = 64 * 1024);

    ~memory_stream() override;

    void attach(stream_events* events) noexcept override;
    void wait_readable() override;
    void wait_writable() override;
    io_result read_some(char* buffer, std::size_t size) noexcept override;
    io_result write_some(std::span<const std::string_view> pieces) noexcept override;
    std::size_t untaken() noexcept override;
    void shutdown_send() noexcept override;
    void close() noexcept override;
    std::unique_ptr<byte_stream> move_to(const asio::any_io_executor& executor) override;
    std::string_view remote_address() const noexcept override { return remote_address_; }
    void set_unacknowledged_timeout(std::chrono::milliseconds most) noexcept override { unacknowledged_timeout_ = most; }
    /// As it was set last; nothing is acknowledged here.
    std::chrono::milliseconds unacknowledged_timeout() const noexcept { return unacknowledged_timeout_; }

    /// Breaks the connection: both ends see `connection_reset`, and what was under way is lost.
    void reset() noexcept;
    /// Each read and write of this end moves at most this many bytes; 1 shows whatever depends on where pieces end.
    void limit_transfers(std::size_t most) noexcept { most_ = most; }
    /// From now on no transfer in either direction needs memory, as with a socket.
    void reserve();
    void set_remote_address(std::string address) { remote_address_ = std::move(address); }

private:
    memory_stream(std::shared_ptr<memory_pipe> pipe, std::size_t side) noexcept;

    std::shared_ptr<memory_pipe> pipe_;  // null once it was closed or moved away
    std::size_t side_;
    std::size_t most_ = static_cast<std::size_t>(-1);
    std::string remote_address_ = "127.0.0.1";
    std::chrono::milliseconds unacknowledged_timeout_{};
};

}  // namespace asignalr::detail
