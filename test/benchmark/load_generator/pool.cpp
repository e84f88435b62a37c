// SPDX-License-Identifier: MIT
#include "pool.hpp"

#include "messages.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace benchmark {
namespace {

// Below the default client timeout of every SignalR server (30 s), and often enough for a slow one.
constexpr seconds ping_interval{10};
constexpr std::size_t opening_at_once = 64;

}  // namespace

pool::pool(const options& settings)
    : settings_(settings),
      ping_(hub_frame(settings, ping_message(settings))),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      buffer_(256 * 1024) {
    if (epoll_ < 0) {
        throw generator_error(std::strerror(errno));
    }
}

pool::~pool() { ::close(epoll_); }

void pool::open(std::size_t count) {
    const std::size_t goal = peers_.size() + count;
    while (ready_ < goal) {
        while (peers_.size() < goal && peers_.size() - ready_ < opening_at_once) {
            peers_.push_back(std::make_unique<peer>(settings_));
            peers_.back()->start();
            watch(*peers_.back(), EPOLL_CTL_ADD);
        }
        step(nullptr, steady::now());
    }
}

void pool::run(const std::function<void(peer&)>& on_data, const std::function<bool(steady::time_point)>& done) {
    for (steady::time_point now = steady::now(); !done(now); now = steady::now()) {
        step(&on_data, now);
    }
}

void pool::rest(seconds duration) {
    const auto end = steady::now() + duration;
    const std::function<void(peer&)> nothing = [](peer&) {};
    run(nothing, [end](steady::time_point now) { return now >= end; });
}

void pool::send(peer& to, std::string_view bytes) {
    to.send(bytes);
    if (to.wants_write()) {
        watch(to, EPOLL_CTL_MOD);
    }
}

void pool::step(const std::function<void(peer&)>* on_data, steady::time_point now) {
    check_time(now);
    keep_alive(now);
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 10);
    for (int index = 0; index < count; ++index) {
        const epoll_event& event = events[static_cast<std::size_t>(index)];
        dispatch(event.events, *static_cast<peer*>(event.data.ptr), on_data);
    }
}

void pool::dispatch(std::uint32_t events, peer& of, const std::function<void(peer&)>* on_data) {
    const bool was_open = of.is_open();
    const bool wanted = of.wants_write();
    const bool readable = (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0;
    of.on_ready(readable, (events & EPOLLOUT) != 0, buffer_);
    ready_ += !was_open && of.is_open() ? 1 : 0;
    if (readable && of.is_open() && on_data != nullptr) {
        (*on_data)(of);
    }
    if (of.take_reconnected()) {
        watch(of, EPOLL_CTL_ADD);
    } else if (of.wants_write() != wanted) {
        watch(of, EPOLL_CTL_MOD);
    }
}

void pool::watch(peer& whose, int operation) {
    epoll_event event{};
    event.events = whose.wants_write() ? EPOLLIN | EPOLLOUT : EPOLLIN;
    event.data.ptr = &whose;
    if (::epoll_ctl(epoll_, operation, whose.descriptor(), &event) < 0) {
        throw generator_error(std::strerror(errno));
    }
}

void pool::keep_alive(steady::time_point now) {
    if (settings_.raw || now - last_ping_ < ping_interval) {
        return;
    }
    last_ping_ = now;
    for (const auto& one : peers_) {
        if (one->is_open()) {
            send(*one, ping_);
        }
    }
}

void pool::check_time(steady::time_point now) const {
    if (now - started_ > settings_.time_limit) {
        throw generator_error("gave up after " + std::to_string(settings_.time_limit.count()) + " s");
    }
}

}  // namespace benchmark
