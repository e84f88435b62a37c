// SPDX-License-Identifier: MIT
#include "pool.hpp"

#include "messages.hpp"

namespace benchmark {
namespace {

// Below the default client timeout of every SignalR server (30 s), and often enough for a slow one.
constexpr seconds ping_interval{10};
constexpr std::size_t opening_at_once = 64;
constexpr std::chrono::milliseconds patience{10};

}  // namespace

pool::pool(const options& settings) : settings_(settings), ping_(ping_message(settings)) {}

void pool::open(std::size_t count) {
    const std::size_t goal = peers_.size() + count;
    while (opened_ < goal) {
        while (peers_.size() < goal && peers_.size() - opened_ < opening_at_once) {
            peers_.push_back(make_peer(settings_, events_, *this));
            peers_.back()->index = peers_.size() - 1;
            peers_.back()->start();
        }
        check_time(steady::now());
        keep_alive(steady::now());
        events_.step(patience);
    }
}

void pool::run(const listener& on_progress, const std::function<bool(steady::time_point)>& done) {
    loop(on_progress, done, patience);
}

void pool::spin(const listener& on_progress, const std::function<bool(steady::time_point)>& done) {
    loop(on_progress, done, std::chrono::milliseconds(0));
}

void pool::rest(seconds duration) {
    const auto end = steady::now() + duration;
    run([](peer&) {}, [end](steady::time_point now) { return now >= end; });
}

void pool::on_open(peer&) { ++opened_; }

void pool::on_progress(peer& which) {
    if (listener_ != nullptr) {
        (*listener_)(which);
    }
}

void pool::loop(
    const listener& on_progress, const std::function<bool(steady::time_point)>& done,
    std::chrono::milliseconds patience) {
    listener_ = &on_progress;
    for (steady::time_point now = steady::now(); !done(now); now = steady::now()) {
        check_time(now);
        keep_alive(now);
        events_.step(patience);
    }
    listener_ = nullptr;
}

void pool::keep_alive(steady::time_point now) {
    if (ping_.empty() || now - last_ping_ < ping_interval) {
        return;
    }
    last_ping_ = now;
    const std::string ping = on_the_wire(settings_, ping_);
    for (const auto& one : peers_) {
        if (one->is_open()) {
            one->send(ping);
        }
    }
}

void pool::check_time(steady::time_point now) const {
    if (now - started_ > settings_.time_limit) {
        throw generator_error("gave up after " + std::to_string(settings_.time_limit.count()) + " s");
    }
}

}  // namespace benchmark
