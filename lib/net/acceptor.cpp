// SPDX-License-Identifier: MIT
#include "net/acceptor.hpp"

#include "net/listen_address.hpp"
#include "net/socket_stream.hpp"
#include "runtime/lane.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <exception>
#include <new>
#include <system_error>
#include <utility>

namespace asignalr::detail {
namespace {

// In one turn, so that a storm of connections does not keep those that exist waiting.
constexpr int most_at_once = 32;

// A connection that broke before it was taken (accept(2) tells of its network's errors, too): the next one may be sound.
bool is_lost_connection(int reason) noexcept {
    switch (reason) {
        case ECONNABORTED:
        case EINTR:
        case EPERM:
        case EPROTO:
        case ENOPROTOOPT:
        case EOPNOTSUPP:
        case EHOSTDOWN:
        case EHOSTUNREACH:
        case ENETDOWN:
        case ENETUNREACH: return true;
        default: return false;
    }
}

}  // namespace

acceptor::acceptor(
    std::vector<std::shared_ptr<lane>> lanes, unique_descriptor socket, accept_function accepted,
    std::shared_ptr<logger> log)
    : lanes_(std::move(lanes)),
      socket_(lanes_.front()->executor(), std::move(socket), *this),
      accepted_(std::move(accepted)),
      log_(std::move(log), "net") {}

void acceptor::start() { socket_.wait(readiness::read); }

void acceptor::close() noexcept {
    stop_sweeping();
    socket_.close();
}

void acceptor::on_ready(readiness) {
    const auto self = shared_from_this();  // who is told may let go of this
    lanes_.front()->check_thread();
    for (int count = 0; count < most_at_once && socket_.is_open(); ++count) {
        const outcome what = try_to_accept();
        if (what == outcome::exhausted) return;
        if (what == outcome::nothing_left) break;
    }
    socket_.wait(readiness::read);
}

acceptor::outcome acceptor::try_to_accept() noexcept try {
    return accept_one();
} catch (const std::bad_alloc&) {
    lanes_.front()->count().out_of_memory.add();
    lanes_.front()->sweep().add(*this, true);
    return outcome::exhausted;
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
    const int reason = errno;
    if (reason == EAGAIN) return outcome::nothing_left;
    if (is_lost_connection(reason)) return outcome::accepted;
    back_off(reason);
    return outcome::exhausted;
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

// The clients that wait keep the socket readable: waiting for that would be a busy loop, and stopping would be for ever.
void acceptor::back_off(int reason) {
    const std::string text = std::generic_category().message(reason);
    log_.refused(
        refusal::accept, lanes_.front()->now(),
        "No connection can be accepted now; the limit of open files may be too low.", {{"reason", text}});
    lanes_.front()->sweep().add(*this, true);
}

void acceptor::on_sweep(clock_source::time_point) {
    stop_sweeping();
    on_ready(readiness::read);
}

}  // namespace asignalr::detail
