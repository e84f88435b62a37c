// SPDX-License-Identifier: MIT
#pragma once

#include "net/byte_stream.hpp"
#include "net/descriptor.hpp"

#include <string>

namespace asignalr::detail {

/// A byte stream over a connected TCP or unix socket.
class socket_stream final : public byte_stream, private waitable_descriptor::owner {
public:
    socket_stream(const asio::any_io_executor& executor, unique_descriptor socket, std::string remote_address);

    /// For a socket that somebody else accepted: asks it for its peer and sets its options.
    static std::unique_ptr<byte_stream> adopt(const asio::any_io_executor& executor, unique_descriptor socket);

    void attach(stream_events* events) noexcept override { events_ = events; }
    void wait_readable() override { descriptor_.wait(readiness::read); }
    void wait_writable() override { descriptor_.wait(readiness::write); }
    io_result read_some(char* buffer, std::size_t size) noexcept override;
    io_result write_some(std::span<const std::string_view> pieces) noexcept override;
    std::size_t untaken() noexcept override;
    void drop_output() noexcept override;
    void shutdown_send() noexcept override;
    void close() noexcept override;
    std::unique_ptr<byte_stream> move_to(const asio::any_io_executor& executor) override;
    std::string_view remote_address() const noexcept override { return remote_address_; }
    void set_unacknowledged_timeout(std::chrono::milliseconds longest) noexcept override;

private:
    void on_ready(readiness what) override;

    waitable_descriptor descriptor_;
    stream_events* events_ = nullptr;
    std::string remote_address_;
};

}  // namespace asignalr::detail
