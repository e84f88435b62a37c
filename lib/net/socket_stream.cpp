// SPDX-License-Identifier: MIT
#include "net/socket_stream.hpp"

#include "net/listen_address.hpp"

#include <asio/error.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace asignalr::detail {
namespace {

constexpr std::size_t most_pieces = 64;

io_result result_of(ssize_t size) noexcept {
    if (size >= 0) return {.size = static_cast<std::size_t>(size)};
    if (errno == EAGAIN || errno == EWOULDBLOCK) return {.error = asio::error::would_block};
    return {.error = std::error_code(errno, asio::error::get_system_category())};
}

template <class Operation>
io_result unless_interrupted(Operation operation) noexcept {
    while (true) {
        const ssize_t size = operation();
        if (size >= 0 || errno != EINTR) return result_of(size);
    }
}

}  // namespace

socket_stream::socket_stream(
    const asio::any_io_executor& executor, unique_descriptor socket, std::string remote_address)
    : descriptor_(executor, std::move(socket), *this), remote_address_(std::move(remote_address)) {}

std::unique_ptr<byte_stream> socket_stream::adopt(const asio::any_io_executor& executor, unique_descriptor socket) {
    const int on = 1;
    ::setsockopt(
        socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // fails for a unix socket, which needs it not
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    std::string address;
    if (::getpeername(socket.get(), reinterpret_cast<sockaddr*>(&peer), &size) == 0) address = text_of_address(peer);
    return std::make_unique<socket_stream>(executor, std::move(socket), std::move(address));
}

void socket_stream::on_ready(readiness what) {
    if (events_ == nullptr) return;
    if (what == readiness::read)
        events_->on_readable();
    else
        events_->on_writable();
}

io_result socket_stream::read_some(char* buffer, std::size_t size) noexcept {
    if (!descriptor_.is_open()) return {.error = asio::error::bad_descriptor};
    io_result result = unless_interrupted([&] { return ::recv(descriptor_.native(), buffer, size, MSG_DONTWAIT); });
    if (!result.error && result.size == 0 && size > 0) result.error = asio::error::eof;
    return result;
}

io_result socket_stream::write_some(std::span<const std::string_view> pieces) noexcept {
    if (!descriptor_.is_open()) return {.error = asio::error::bad_descriptor};
    constexpr int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    if (pieces.size() == 1) {
        const std::string_view only = pieces.front();
        return unless_interrupted([&] { return ::send(descriptor_.native(), only.data(), only.size(), flags); });
    }
    std::array<iovec, most_pieces> vectors;
    const std::size_t count = std::min(pieces.size(), most_pieces);
    for (std::size_t index = 0; index < count; ++index)
        vectors[index] = {const_cast<char*>(pieces[index].data()), pieces[index].size()};
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    return unless_interrupted([&] { return ::sendmsg(descriptor_.native(), &message, flags); });
}

std::size_t socket_stream::untaken() noexcept {
#ifdef TIOCOUTQ
    int queued = 0;
    if (descriptor_.is_open() && ::ioctl(descriptor_.native(), TIOCOUTQ, &queued) == 0 && queued > 0) return static_cast<std::size_t>(queued);
#endif
    return 0;
}

void socket_stream::drop_output() noexcept {
    if (!descriptor_.is_open()) return;
    const linger at_once{1, 0};
    ::setsockopt(descriptor_.native(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void socket_stream::shutdown_send() noexcept {
    if (descriptor_.is_open()) ::shutdown(descriptor_.native(), SHUT_WR);
}

void socket_stream::close() noexcept {
    descriptor_.close();
    let_go();
}

std::unique_ptr<byte_stream> socket_stream::move_to(const asio::any_io_executor& executor) {
    auto moved = std::make_unique<socket_stream>(executor, descriptor_.release(), std::move(remote_address_));
    moved->take_over(*this);
    return moved;
}

void socket_stream::set_unacknowledged_timeout(std::chrono::milliseconds longest) noexcept {
#ifdef TCP_USER_TIMEOUT
    if (!descriptor_.is_open()) return;
    const auto milliseconds = static_cast<unsigned>(longest.count());
    ::setsockopt(descriptor_.native(), IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
#else
    static_cast<void>(longest);
#endif
}

}  // namespace asignalr::detail
