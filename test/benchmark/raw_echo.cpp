// SPDX-License-Identifier: MIT
// The floor every figure is compared with: the least a server can do about a message. One thread, level-triggered
// epoll, one shared buffer.
//
//     raw-echo [--urls http://127.0.0.1:PORT]                  sends back whatever comes
//     raw-echo [--urls http://127.0.0.1:PORT] --broadcast N    whatever comes makes it send N bytes to every connection
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>
#include <vector>

namespace {

volatile std::sig_atomic_t stopped = 0;

int checked(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category(), what);
    }
    return result;
}

struct raw_options {
    sockaddr_in address{};
    std::size_t broadcast_size = 0;
};

raw_options parse(int count, char** arguments) {
    raw_options options;
    std::string url = "http://127.0.0.1:0";
    for (int index = 1; index + 1 < count; index += 2) {
        const std::string name = arguments[index];
        if (name == "--urls") {
            url = arguments[index + 1];
        } else if (name == "--broadcast") {
            options.broadcast_size = std::strtoul(arguments[index + 1], nullptr, 10);
        }
    }
    const std::size_t colon = url.rfind(':');
    options.address.sin_family = AF_INET;
    options.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    options.address.sin_port = htons(static_cast<std::uint16_t>(std::strtoul(url.c_str() + colon + 1, nullptr, 10)));
    return options;
}

int listen_on(sockaddr_in address) {
    const int listener = checked(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    checked(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind");
    checked(::listen(listener, SOMAXCONN), "listen");
    socklen_t length = sizeof address;
    checked(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
    std::printf("Now listening on: http://127.0.0.1:%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    return listener;
}

// Blocks when the peer does not read: a closed loop never gets there, and the floor needs no queue.
bool send_all(int socket, const char* bytes, std::size_t size) {
    while (size > 0) {
        const ssize_t sent = ::send(socket, bytes, size, MSG_NOSIGNAL);
        if (sent > 0) {
            bytes += sent;
            size -= static_cast<std::size_t>(sent);
        } else if (errno == EAGAIN) {
            ::usleep(50);
        } else {
            return false;
        }
    }
    return true;
}

class raw_server {
public:
    explicit raw_server(const raw_options& options)
        : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
          listener_(listen_on(options.address)),
          frame_(options.broadcast_size, 'x') {
        watch(listener_);
    }

    void run() {
        std::vector<epoll_event> events(512);
        while (stopped == 0) {
            const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
            for (int index = 0; index < ready; ++index) {
                const int socket = events[static_cast<std::size_t>(index)].data.fd;
                socket == listener_ ? accept_all() : serve(socket);
            }
        }
    }

private:
    void watch(int socket) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = socket;
        checked(::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event), "epoll_ctl");
    }

    void accept_all() {
        for (;;) {
            const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (socket < 0) {
                return;
            }
            const int on = 1;
            ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            watch(socket);
            if (!frame_.empty()) {
                everybody_.push_back(socket);
            }
        }
    }

    void serve(int socket) {
        const ssize_t size = ::recv(socket, buffer_, sizeof buffer_, 0);
        if (size < 0 && errno == EAGAIN) {
            return;
        }
        const bool alive =
            size > 0 && (frame_.empty() ? send_all(socket, buffer_, static_cast<std::size_t>(size)) : broadcast());
        if (!alive) {
            std::erase(everybody_, socket);
            ::close(socket);
        }
    }

    bool broadcast() {
        for (const int receiver : everybody_) {
            send_all(receiver, frame_.data(), frame_.size());
        }
        return true;
    }

    int epoll_;
    int listener_;
    std::string frame_;
    std::vector<int> everybody_;
    char buffer_[65536];
};

void allow_many_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int count, char** arguments) {
    struct sigaction action {};
    action.sa_handler = [](int) { stopped = 1; };
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGINT, &action, nullptr);
    try {
        allow_many_descriptors();
        raw_server(parse(count, arguments)).run();
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "raw-echo: %s\n", error.what());
        return 1;
    }
}
