// SPDX-License-Identifier: MIT
#pragma once

#include "event_loop.hpp"
#include "options.hpp"

#include <span>
#include <string>
#include <string_view>

namespace benchmark {

class tcp_socket;

// Whose socket it is.
class socket_events {
public:
    virtual void on_connected(tcp_socket&) {}
    virtual void on_data(tcp_socket& from, std::string_view bytes) = 0;
    // The server has closed its half.
    virtual void on_end(tcp_socket& of) = 0;

protected:
    ~socket_events() = default;
};

// One non-blocking connection to the server, watched by the loop from connect() to disconnect(). Errors are thrown as
// generator_error.
class tcp_socket {
public:
    tcp_socket(event_loop& loop, socket_events& events) : loop_(loop), events_(events) {}
    tcp_socket(const tcp_socket&) = delete;
    tcp_socket& operator=(const tcp_socket&) = delete;
    ~tcp_socket();

    void connect(const options& settings);
    void disconnect();
    // What cannot be sent at once waits.
    void send(std::string_view bytes);

    // Reads once into `buffer` and writes what waited.
    void on_ready(bool readable, bool writable, std::span<char> buffer);

    bool wants_write() const { return connecting_ || waiting_.size() > waiting_offset_; }
    int descriptor() const { return descriptor_; }

private:
    void write_waiting();
    void read(std::span<char> buffer);

    event_loop& loop_;
    socket_events& events_;
    int descriptor_ = -1;
    bool connecting_ = false;
    std::string waiting_;
    std::size_t waiting_offset_ = 0;
};

}  // namespace benchmark
