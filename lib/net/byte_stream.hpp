// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>

#include "log/counters.hpp"

#include <asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

namespace asignalr::detail {

/// What one non-blocking read or write did.
struct io_result {
    std::size_t size = 0;
    std::error_code error = {};  ///< `asio::error::would_block`, `asio::error::eof`, or why the stream is broken.

    bool would_block() const noexcept;
};

/// Who is told that a stream can be used again. Called from the lane's turn only.
class stream_events {
public:
    virtual void on_readable() = 0;
    virtual void on_writable() = 0;

protected:
    ~stream_events() = default;
};

/// A connected stream of bytes: TCP, a unix socket, memory, later TLS. Used on its lane only.
///
/// Readiness and transfer are apart, so that a connection at rest holds no buffer: attach(), wait_readable(), and in
/// on_readable() read into a buffer that the lane shares. A failed wait is reported as readiness; the transfer tells why.
class byte_stream {
public:
    byte_stream() = default;
    byte_stream(const byte_stream&) = delete;
    byte_stream& operator=(const byte_stream&) = delete;
    virtual ~byte_stream();  ///< Closes; no event comes afterwards.

    /// From now on `events` is told; nullptr for nobody.
    virtual void attach(stream_events* events) noexcept = 0;

    /// Calls `on_readable` once, when a read would not block. Asking again while waiting does nothing.
    virtual void wait_readable() = 0;
    /// Calls `on_writable` once, when a write would not block. Asking again while waiting does nothing.
    virtual void wait_writable() = 0;

    virtual io_result read_some(char* buffer, std::size_t size) noexcept = 0;
    /// One vectored write of at most 64 pieces; never raises SIGPIPE.
    virtual io_result write_some(std::span<const std::string_view> pieces) noexcept = 0;

    /// Bytes that a read would yield although the socket is not readable (a TLS engine holds some).
    virtual bool has_pending() const noexcept { return false; }

    /// Bytes that were written and that the peer has not taken; 0 where nobody can tell.
    virtual std::size_t untaken() noexcept { return 0; }

    /// What the peer has not taken is thrown away with the close, instead of being kept by the system until it is taken.
    virtual void drop_output() noexcept {}

    virtual void shutdown_send() noexcept = 0;
    virtual void close() noexcept = 0;

    /// The same stream on another lane; this object is empty afterwards. Not while a wait is under way with events attached.
    virtual std::unique_ptr<byte_stream> move_to(const asio::any_io_executor& executor) = 0;

    /// How long the peer may leave sent bytes unacknowledged before the stream breaks: finds a black hole (TCP_USER_TIMEOUT).
    virtual void set_unacknowledged_timeout(std::chrono::milliseconds) noexcept {}

    /// The peer's address without port; empty for a unix socket.
    virtual std::string_view remote_address() const noexcept = 0;

    /// Counts as open until it is closed or moved away.
    void count_in(std::shared_ptr<counter> open_streams) noexcept;

    /// Keeps something until it is closed, wherever it moves.
    void keep(std::shared_ptr<const void> until_closed) noexcept { kept_ = std::move(until_closed); }

protected:
    /// It is closed.
    void let_go() noexcept;
    /// It is where `from` moved to.
    void take_over(byte_stream& from) noexcept;

private:
    void count_out() noexcept;

    std::shared_ptr<counter> counted_in_;
    std::shared_ptr<const void> kept_;
};

}  // namespace asignalr::detail
