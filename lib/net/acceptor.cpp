// SPDX-License-Identifier: MIT
#include "net/acceptor.hpp"

#include "net/listen_address.hpp"
#include "net/socket_stream.hpp"
#include "runtime/lane.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <exception>
#include <system_error>
#include <utility>

namespace asignalr::detail {
namespace {

// In one turn, so that a storm of connections does not keep those that exist waiting.
constexpr int most_at_once = 32;
constexpr std::chrono::milliseconds pause_when_exhausted{100};

}  // namespace

acceptor::acceptor(
    std::vector<std::shared_ptr<lane>> lanes, unique_descriptor socket, accept_function accepted,
    std::shared_ptr<logger> log)
    : lanes_(std::move(lanes)),
      socket_(lanes_.front()->executor(), std::move(socket), *this),
      accepted_(std::move(accepted)),
      pause_(lanes_.front()->executor()),
      log_(std::move(log), "net") {}

void acceptor::start() { socket_.wait(readiness::read); }

void acceptor::close() noexcept {
    socket_.close();
    std::error_code ignored;
    pause_.cancel(ignored);
}

void acceptor::on_ready(readiness) {
    const auto self = shared_from_this();  // who is told may let go of this
    lanes_.front()->check_thread();
    for (int count = 0; count < most_at_once && socket_.is_open(); ++count) {
        const outcome what = accept_one();
        if (what == outcome::exhausted) return;
        if (what == outcome::nothing_left) break;
    }
    socket_.wait(readiness::read);
}

acceptor::outcome acceptor::accept_one() {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    unique_descriptor socket(
        ::accept4(socket_.native(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() >= 0) {
        hand_out(std::move(socket), text_of_address(peer));
        return outcome::accepted;
    }
    switch (const int reason = errno) {
        case EAGAIN: return outcome::nothing_left;
        case EMFILE:
        case ENFILE:
        case ENOBUFS:
        case ENOMEM: back_off(reason); return outcome::exhausted;
        default: return outcome::accepted;  // a connection that broke before it was taken
    }
}

void acceptor::hand_out(unique_descriptor socket, std::string remote_address) {
    const std::shared_ptr<lane>& target = lanes_[next_lane_++ % lanes_.size()];
    auto deliver = [self = shared_from_this(), target, socket = std::move(socket),
                    address = std::move(remote_address)]() mutable {
        target->check_thread();
        std::unique_ptr<byte_stream> stream;
        try {
            stream = std::make_unique<socket_stream>(target->executor(), std::move(socket), std::move(address));
        } catch (const std::exception&) {
            return;  // no memory, here or in the kernel: this one socket is closed
        }
        self->accepted_(*target, std::move(stream));
    };
    if (target == lanes_.front()) return deliver();
    target->post(std::move(deliver));
}

void acceptor::back_off(int reason) {
    const std::string text = std::generic_category().message(reason);
    log_.refused(
        refusal::accept, lanes_.front()->now(),
        "No connection can be accepted now; the limit of open files may be too low.", {{"reason", text}});
    pause_.expires_after(pause_when_exhausted);
    pause_.async_wait([self = weak_from_this()](std::error_code error) {
        const auto alive = self.lock();
        if (!error && alive) alive->on_ready(readiness::read);
    });
}

}  // namespace asignalr::detail
