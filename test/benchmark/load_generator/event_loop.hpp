// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <vector>

namespace benchmark {

class tcp_socket;

// The epoll set of a run. It calls tcp_socket::on_ready.
class event_loop {
public:
    event_loop();
    event_loop(const event_loop&) = delete;
    event_loop& operator=(const event_loop&) = delete;
    ~event_loop();

    void add(tcp_socket& one);
    // After one that was added wants to write, or no longer.
    void update(tcp_socket& one);

    // Waits so long at most, and dispatches what has happened.
    void step(std::chrono::milliseconds patience);

private:
    void control(int operation, tcp_socket& one);

    int epoll_;
    std::vector<char> buffer_;
};

}  // namespace benchmark
