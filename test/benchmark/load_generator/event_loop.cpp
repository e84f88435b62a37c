// SPDX-License-Identifier: MIT
#include "event_loop.hpp"

#include "tcp_socket.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace benchmark {

event_loop::event_loop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), buffer_(256 * 1024) {
    if (epoll_ < 0) {
        throw generator_error(std::strerror(errno));
    }
}

event_loop::~event_loop() { ::close(epoll_); }

void event_loop::add(tcp_socket& one) { control(EPOLL_CTL_ADD, one); }

void event_loop::update(tcp_socket& one) { control(EPOLL_CTL_MOD, one); }

void event_loop::step(std::chrono::milliseconds patience) {
    std::array<epoll_event, 256> events;
    const int count =
        ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), static_cast<int>(patience.count()));
    for (int index = 0; index < count; ++index) {
        const epoll_event& event = events[static_cast<std::size_t>(index)];
        const bool readable = (event.events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0;
        static_cast<tcp_socket*>(event.data.ptr)->on_ready(readable, (event.events & EPOLLOUT) != 0, buffer_);
    }
}

void event_loop::control(int operation, tcp_socket& one) {
    epoll_event event{};
    event.events = one.wants_write() ? EPOLLIN | EPOLLOUT : EPOLLIN;
    event.data.ptr = &one;
    if (::epoll_ctl(epoll_, operation, one.descriptor(), &event) < 0) {
        throw generator_error(std::strerror(errno));
    }
}

}  // namespace benchmark
