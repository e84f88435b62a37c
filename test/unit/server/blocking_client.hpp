// SPDX-License-Identifier: MIT
#pragma once

#include "raw_client.hpp"

#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// A client with a plain blocking socket.
class blocking_client {
public:
    explicit blocking_client(const std::string& url);
    /// One that is connected.
    explicit blocking_client(asio::generic::stream_protocol::socket socket);
    ~blocking_client();

    bool write(std::string_view bytes);
    std::string read_head();
    std::string read_bytes(std::size_t size);
    /// The head and the body of an answer; empty if none comes.
    std::string read_answer();
    std::string ask_for(std::string_view path, std::string_view method = "GET");
    /// The next hub message; empty at the end. Pings are passed over.
    std::string read_message();
    void send(std::string_view message);
    void open(std::string_view target = "/hub");
    std::string call(std::string_view target, std::string_view arguments = "");
    std::string id();

private:
    void set_patience();
    bool read_more();

    asio::io_context context_;
    asio::generic::stream_protocol::socket socket_;
    std::string bytes_;
    std::string messages_;
};

}  // namespace asignalr::detail
