// SPDX-License-Identifier: MIT
// F05, F06: what accept() may answer instead of a connection. Time is the lane's, so nothing here waits for it.
#include "net/acceptor.hpp"

#include "runtime/lane.hpp"

#include <asio/io_context.hpp>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <string>
#include <vector>

namespace {

std::deque<int> accept_errors;  // what the next calls fail with
int accept_calls = 0;

}  // namespace

// In place of the system's for this whole program.
extern "C" int accept4(int socket, sockaddr* address, socklen_t* size, int flags) {
    ++accept_calls;
    if (accept_errors.empty()) return static_cast<int>(::syscall(SYS_accept4, socket, address, size, flags));
    errno = accept_errors.front();
    accept_errors.pop_front();
    return -1;
}

namespace asignalr::detail {
namespace {

class counting_logger final : public logger {
public:
    int warnings = 0;
    bool enabled(log_level, std::string_view) const noexcept override { return true; }
    void write(const log_record&) noexcept override { ++warnings; }
};

/// An acceptor on a unix socket without a path: whoever has connected there is in its queue at once.
class listening {
public:
    listening() {
        lane_ = lane::on_context(context_, {.clock = clock_, .sweeps_itself = false});
        // The undefined-behaviour sanitizer needs descriptors when it meets a class for the first time.
        lane_log(log, "test").write(log_level::info, "");
        log->warnings = 0;
        unique_descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        address_.sun_family = AF_UNIX;
        ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address_), sizeof address_.sun_family);
        ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address_), &address_size_);
        ::listen(socket.get(), 64);
        acceptor_ = std::make_shared<acceptor>(
            std::vector{lane_}, std::move(socket), [this](lane&, std::unique_ptr<byte_stream> stream) { accepted.push_back(std::move(stream)); },
            log);
        acceptor_->start();
        accept_errors.clear();
        accept_calls = 0;
    }
    ~listening() {
        acceptor_->close();
        accepted.clear();  // before the context they are on
        poll();
    }
    listening(const listening&) = delete;
    listening& operator=(const listening&) = delete;

    void connect(int count = 1) {
        for (; count > 0; --count) {
            clients_.emplace_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
            ASSERT_EQ(::connect(clients_.back().get(), reinterpret_cast<const sockaddr*>(&address_), address_size_), 0);
        }
    }
    /// Everything that can be done now; how many turns that took.
    std::size_t poll() {
        context_.restart();
        return context_.poll();
    }
    void tick() {
        clock_->advance(sweeper::tick_interval);
        lane_->sweep().tick(lane_->now());
    }
    bool is_waiting_for_time() const { return !lane_->sweep().empty(); }

    std::vector<std::unique_ptr<byte_stream>> accepted;
    std::shared_ptr<counting_logger> log = std::make_shared<counting_logger>();

private:
    asio::io_context context_{1};
    std::shared_ptr<manual_clock> clock_ = std::make_shared<manual_clock>();
    std::shared_ptr<lane> lane_;
    std::shared_ptr<acceptor> acceptor_;
    sockaddr_un address_{};
    socklen_t address_size_ = sizeof address_;
    std::vector<unique_descriptor> clients_;
};

// F06
TEST(acceptor_test, goes_on_at_once_behind_connections_that_broke) {
    for (const int reason : {ECONNABORTED, EINTR, EPERM, EPROTO, ENOPROTOOPT, EOPNOTSUPP, EHOSTDOWN, EHOSTUNREACH, ENETDOWN, ENETUNREACH}) {
        listening server;
        accept_errors.assign(3, reason);
        server.connect();
        server.poll();
        EXPECT_EQ(server.accepted.size(), 1u) << reason;
        EXPECT_EQ(accept_calls, 5) << reason << ": three errors, the client, and nobody behind it";
        EXPECT_EQ(server.log->warnings, 0);
    }
}

// F05, F06: what is lacking, and what nobody expects.
TEST(acceptor_test, neither_spins_nor_gives_up_while_something_is_lacking) {
    for (const int reason : {EMFILE, ENFILE, ENOBUFS, ENOMEM, EINVAL}) {
        listening server;
        constexpr int failures = 5;
        accept_errors.assign(failures, reason);
        server.connect(2);
        for (int tries = 1; tries <= failures; ++tries) {
            server.poll();
            EXPECT_EQ(server.poll(), 0u) << "a client waits, and still there is nothing to do";
            EXPECT_EQ(accept_calls, tries) << reason;
            EXPECT_TRUE(server.is_waiting_for_time());
            server.tick();
        }
        server.poll();
        EXPECT_EQ(server.accepted.size(), 2u) << reason << ": one tick after the last failure";
        EXPECT_FALSE(server.is_waiting_for_time());
        EXPECT_EQ(server.log->warnings, 2) << "one a second, and the failures took a second";
        server.connect();
        server.poll();
        EXPECT_EQ(server.accepted.size(), 3u);
    }
}

TEST(acceptor_test, may_be_closed_while_something_is_lacking) {
    listening server;
    accept_errors.assign(1, EMFILE);
    server.connect();
    server.poll();
    EXPECT_TRUE(server.is_waiting_for_time());
}

// In a process of its own, as it takes all descriptors away. Answers where it went wrong.
int run_out_of_descriptors() {
    ::alarm(60);  // for one that spins
    listening server;
    server.connect(20);
    const unique_descriptor next_free(::dup(0));
    const rlim_t few = static_cast<rlim_t>(next_free.get()) + 5;
    const rlimit limit{few, few};
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return 10;
    server.poll();
    if (server.accepted.size() != 4) return 11;
    for (int tick = 0; tick < 8; ++tick) {
        server.tick();
        if (server.poll() != 0) return 12;
    }
    if (accept_calls != 4 + 1 + 8) return 13;
    if (server.log->warnings != 3) return 14;
    for (std::size_t served = 4; served < 20; served += 4) {
        server.accepted.clear();
        server.tick();
        server.poll();
        if (server.accepted.size() != 4) return 15;
    }
    return 0;
}

// F05
TEST(acceptor_test, serves_the_rest_when_descriptors_are_free_again) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) ::_exit(run_out_of_descriptors());
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace asignalr::detail
