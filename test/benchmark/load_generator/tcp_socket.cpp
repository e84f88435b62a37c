// SPDX-License-Identifier: MIT
#include "tcp_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace benchmark {
namespace {

[[noreturn]] void fail() { throw generator_error(std::strerror(errno)); }

}  // namespace

tcp_socket::~tcp_socket() { disconnect(); }

void tcp_socket::connect(const options& settings) {
    descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) {
        fail();
    }
    const int on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(settings.port);
    ::inet_pton(AF_INET, settings.host.c_str(), &address.sin_addr);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 &&
        errno != EINPROGRESS) {
        fail();
    }
    connecting_ = true;
    loop_.add(*this);
}

// With a reset: ten thousand ports in TIME_WAIT would starve the next run.
void tcp_socket::disconnect() {
    if (descriptor_ < 0) {
        return;
    }
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(descriptor_);
    descriptor_ = -1;
    waiting_ = {};
    waiting_offset_ = 0;
}

void tcp_socket::send(std::string_view bytes) {
    const bool waited = wants_write();
    if (!waited) {
        const ssize_t written = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (written < 0 && errno != EAGAIN) {
            fail();
        }
        bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    waiting_.append(bytes);
    if (wants_write() != waited) {
        loop_.update(*this);
    }
}

void tcp_socket::on_ready(bool readable, bool writable, std::span<char> buffer) {
    if (descriptor_ < 0) {
        return;  // disconnected by what happened on another one
    }
    if (writable) {
        const bool was_connecting = std::exchange(connecting_, false);
        write_waiting();
        if (was_connecting) {
            events_.on_connected(*this);
        }
    }
    if (readable) {
        read(buffer);
    }
}

void tcp_socket::write_waiting() {
    const std::string_view rest = std::string_view(waiting_).substr(waiting_offset_);
    const ssize_t written = rest.empty() ? 0 : ::send(descriptor_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (written < 0 && errno != EAGAIN) {
        fail();
    }
    waiting_offset_ += written > 0 ? static_cast<std::size_t>(written) : 0;
    if (waiting_offset_ == waiting_.size()) {
        waiting_ = {};
        waiting_offset_ = 0;
        loop_.update(*this);
    }
}

void tcp_socket::read(std::span<char> buffer) {
    const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (size > 0) {
        events_.on_data(*this, {buffer.data(), static_cast<std::size_t>(size)});
    } else if (size == 0) {
        events_.on_end(*this);
    } else if (errno != EAGAIN) {
        fail();
    }
}

}  // namespace benchmark
