// SPDX-License-Identifier: MIT
#include "peer.hpp"

#include "messages.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace benchmark {

peer::~peer() { disconnect(); }

void peer::start() {
    stage_ = settings_->raw ? stage::open : settings_->negotiate ? stage::negotiating : stage::upgrading;
    connect();
    request();
}

void peer::connect() {
    descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) {
        fail(std::strerror(errno));
    }
    const int on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(settings_->port);
    ::inet_pton(AF_INET, settings_->host.c_str(), &address.sin_addr);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 &&
        errno != EINPROGRESS) {
        fail(std::strerror(errno));
    }
    connecting_ = true;
}

// With a reset: ten thousand ports in TIME_WAIT would starve the next run.
void peer::disconnect() {
    if (descriptor_ >= 0) {
        const linger at_once{1, 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        ::close(descriptor_);
        descriptor_ = -1;
    }
}

void peer::request() {
    if (stage_ == stage::negotiating) {
        waiting_ = negotiate_request(*settings_);
    } else if (stage_ == stage::upgrading) {
        waiting_ = upgrade_request(*settings_, token_);
    }
}

void peer::send(std::string_view bytes) {
    if (!wants_write()) {
        const ssize_t written = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (written < 0 && errno != EAGAIN) {
            fail(std::strerror(errno));
        }
        bytes.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
    waiting_.append(bytes);
}

void peer::write_waiting() {
    const std::string_view rest = std::string_view(waiting_).substr(waiting_offset_);
    const ssize_t written = rest.empty() ? 0 : ::send(descriptor_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (written < 0 && errno != EAGAIN) {
        fail(std::strerror(errno));
    }
    waiting_offset_ += written > 0 ? static_cast<std::size_t>(written) : 0;
    if (waiting_offset_ == waiting_.size()) {
        waiting_ = {};
        waiting_offset_ = 0;
    }
}

void peer::on_ready(bool readable, bool writable, std::span<char> buffer) {
    if (writable) {
        connecting_ = false;
        write_waiting();
    }
    if (!readable) {
        return;
    }
    const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (size > 0) {
        receive({buffer.data(), static_cast<std::size_t>(size)});
    } else if (size == 0) {
        fail("the server closed the connection");
    } else if (errno != EAGAIN) {
        fail(std::strerror(errno));
    }
}

void peer::receive(std::string_view bytes) {
    bytes_received_ += bytes.size();
    if (settings_->raw) {
        return;
    }
    if (stage_ == stage::negotiating || stage_ == stage::upgrading) {
        receive_http(bytes);
    } else {
        receive_frames(bytes);
    }
}

void peer::receive_http(std::string_view bytes) {
    response_.append(bytes);
    const std::size_t head_end = response_.find("\r\n\r\n");
    if (head_end == std::string::npos) {
        return;
    }
    const std::string head = response_.substr(0, head_end + 4);
    const std::string rest = response_.substr(head_end + 4);
    if (stage_ == stage::negotiating) {
        if (!head.starts_with("HTTP/1.1 200")) {
            fail("negotiation refused: " + head);
        }
        // Every server sends the whole document or a length; its closing bracket is the end of either.
        if (rest.find("]}") != std::string::npos) {
            finish_negotiation(rest);
        }
        return;
    }
    if (!head.starts_with("HTTP/1.1 101")) {
        fail("upgrade refused: " + head);
    }
    response_ = {};
    stage_ = stage::handshaking;
    send(text_frame(handshake_message(*settings_)));
    receive_frames(rest);
}

void peer::finish_negotiation(const std::string& body) {
    constexpr std::string_view key = "\"connectionToken\":\"";
    const std::size_t begin = body.find(key);
    if (begin == std::string::npos) {
        fail("no connection token in " + body);
    }
    const std::size_t value = begin + key.size();
    token_ = body.substr(value, body.find('"', value) - value);
    disconnect();
    response_.clear();
    stage_ = stage::upgrading;
    connect();
    request();
    reconnected_ = true;
}

void peer::receive_frames(std::string_view bytes) {
    counter_.feed(bytes);
    if (counter_.counts().closed) {
        fail("the server closed: " + counter_.counts().close_text);
    }
    if (stage_ == stage::handshaking && counter_.counts().handshakes > 0) {
        stage_ = stage::open;
    }
    if (std::string payload; counter_.take_ping(payload)) {
        send(pong_frame(payload));
    }
}

void peer::fail(const std::string& why) const { throw generator_error(why); }

}  // namespace benchmark
