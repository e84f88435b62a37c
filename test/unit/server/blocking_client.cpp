// SPDX-License-Identifier: MIT
#include "blocking_client.hpp"


#include <asio/buffer.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/write.hpp>

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <charconv>
#include <system_error>
#include <utility>

namespace asignalr::detail {

blocking_client::blocking_client(const std::string& url) : socket_(context_) {
    const std::size_t colon = url.rfind(':');
    if (url.starts_with("unix:")) {
        socket_.connect(asio::local::stream_protocol::endpoint(url.substr(colon + 1)));
    } else {
        unsigned short port = 0;
        std::from_chars(url.data() + colon + 1, url.data() + url.size(), port);
        socket_.connect(asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port));
    }
    set_patience();
}

blocking_client::blocking_client(asio::generic::stream_protocol::socket socket) : socket_(std::move(socket)) { set_patience(); }
blocking_client::~blocking_client() = default;

bool blocking_client::write(std::string_view bytes) {
    std::error_code error;
    asio::write(socket_, asio::buffer(bytes), error);
    return !error;
}

std::string blocking_client::read_head() {
    while (bytes_.find("\r\n\r\n") == std::string::npos)
        if (!read_more()) return {};
    const std::size_t end = bytes_.find("\r\n\r\n") + 4;
    std::string head = bytes_.substr(0, end);
    bytes_.erase(0, end);
    return head;
}

std::string blocking_client::read_bytes(std::size_t size) {
    while (bytes_.size() < size)
        if (!read_more()) return {};
    std::string taken = bytes_.substr(0, size);
    bytes_.erase(0, size);
    return taken;
}

std::string blocking_client::read_answer() {
    std::string answer = read_head();
    constexpr std::string_view mark = "Content-Length: ";
    const std::size_t length = answer.find(mark);
    return length == std::string::npos ? answer : answer + read_bytes(std::stoul(answer.substr(length + mark.size())));
}

std::string blocking_client::ask_for(std::string_view path, std::string_view method) {
    write(std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n");
    return read_answer();
}

std::string blocking_client::read_message() {
    while (true) {
        const std::size_t end = messages_.find(record_end);
        if (end != std::string::npos) {
            std::string message = messages_.substr(0, end);
            messages_.erase(0, end + 1);
            if (message != "{\"type\":6}") return message;
            continue;
        }
        const std::string header = read_bytes(2);
        if (header.empty() || static_cast<unsigned char>(header[0]) == 0x88) return {};
        std::size_t size = static_cast<unsigned char>(header[1]);
        if (size == 126) {
            const std::string length = read_bytes(2);
            if (length.empty()) return {};
            size = static_cast<std::size_t>(static_cast<unsigned char>(length[0]) << 8 | static_cast<unsigned char>(length[1]));
        }
        const std::string payload = read_bytes(size);
        if (payload.size() < size) return {};
        messages_ += payload;
    }
}

void blocking_client::send(std::string_view message) { write(client_frame(std::string(message) + record_end)); }

void blocking_client::open(std::string_view target) {
    write(upgrade_request(target) + client_frame(json_handshake));
    EXPECT_TRUE(read_head().starts_with("HTTP/1.1 101 "));
    EXPECT_EQ(read_message(), "{}");
}

std::string blocking_client::call(std::string_view target, std::string_view arguments) {
    send(invocation_message("1", target, arguments));
    return read_message();
}

std::string blocking_client::id() {
    const std::string answer = call("Id");
    return answer.substr(answer.size() - 24, 22);
}

void blocking_client::set_patience() {
    const timeval patience{60, 0};  // a test that hangs shall fail instead
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

bool blocking_client::read_more() {
    char buffer[4096];
    // Asio's own blocking read waits on, whatever SO_RCVTIMEO says.
    const ssize_t size = ::recv(socket_.native_handle(), buffer, sizeof buffer, 0);
    if (size > 0) bytes_.append(buffer, static_cast<std::size_t>(size));
    return size > 0;
}

}  // namespace asignalr::detail
