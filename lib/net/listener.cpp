// SPDX-License-Identifier: MIT
#include "net/listener.hpp"

#include "net/listen_address.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace asignalr::detail {
namespace {

constexpr int backlog = 4096;

const sockaddr* raw(const listen_address::endpoint& endpoint) noexcept {
    return reinterpret_cast<const sockaddr*>(&endpoint.address);
}

unique_descriptor new_socket(int family) noexcept {
    return unique_descriptor(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

void set_option(const unique_descriptor& socket, int level, int name, int value) noexcept {
    ::setsockopt(socket.get(), level, name, &value, sizeof value);
}

bool is_any(const listen_address::endpoint& endpoint) noexcept {
    return IN6_IS_ADDR_UNSPECIFIED(&reinterpret_cast<const sockaddr_in6&>(endpoint.address).sin6_addr) != 0;
}

// A socket file nobody listens on any more, left behind by a process that was killed.
bool remove_stale(const listen_address::endpoint& endpoint) noexcept {
    const char* const path = reinterpret_cast<const sockaddr_un&>(endpoint.address).sun_path;
    struct stat found {};
    if (::lstat(path, &found) != 0 || !S_ISSOCK(found.st_mode)) return false;
    const unique_descriptor probe = new_socket(AF_UNIX);
    if (probe.get() < 0 || ::connect(probe.get(), raw(endpoint), endpoint.size) == 0 || errno != ECONNREFUSED)
        return false;
    return ::unlink(path) == 0;
}

bool bind_socket(const unique_descriptor& socket, const listen_address::endpoint& endpoint) noexcept {
    if (::bind(socket.get(), raw(endpoint), endpoint.size) == 0) return true;
    if (errno != EADDRINUSE || endpoint.address.ss_family != AF_UNIX) return false;
    if (remove_stale(endpoint)) return ::bind(socket.get(), raw(endpoint), endpoint.size) == 0;
    errno = EADDRINUSE;
    return false;
}

// Empty with errno set if it does not work.
unique_descriptor listen_on(const listen_address::endpoint& endpoint) noexcept {
    unique_descriptor socket = new_socket(endpoint.address.ss_family);
    if (socket.get() < 0) return {};
    if (endpoint.address.ss_family != AF_UNIX) {
        set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
        set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);  // those that are accepted inherit it
    }
    if (endpoint.address.ss_family == AF_INET6) set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, is_any(endpoint) ? 0 : 1);
    if (!bind_socket(socket, endpoint) || ::listen(socket.get(), backlog) != 0) {
        const int reason = errno;
        socket = {};
        errno = reason;
    }
    return socket;
}

// Whether the machine lacks the address family, as opposed to somebody else having the port.
bool is_unavailable(int reason) noexcept {
    return reason == EAFNOSUPPORT || reason == EADDRNOTAVAIL || reason == EPROTONOSUPPORT;
}

std::uint16_t local_port(const unique_descriptor& socket) noexcept {
    sockaddr_storage local{};
    socklen_t size = sizeof local;
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&local), &size);
    return port_of(local);
}

}  // namespace

listener::listener(
    std::string_view url, std::vector<std::shared_ptr<lane>> lanes, accept_function accepted,
    std::shared_ptr<logger> log) {
    listen_address address = parse_listen_address(url);
    std::vector<unique_descriptor> sockets = bind_all(address, url);
    if (address.path.empty())
        local_url_ = "http://" + address.host + ":" + std::to_string(address.port);
    else
        local_url_ = "unix:" + address.path;
    if (!address.path.empty()) remember_path(address.path);
    for (unique_descriptor& socket : sockets)
        acceptors_.push_back(std::make_shared<acceptor>(lanes, std::move(socket), accepted, log));
}

void listener::start() {
    for (const auto& each : acceptors_)
        each->start();
}

std::vector<unique_descriptor> listener::bind_all(listen_address& address, std::string_view url) {
    std::vector<unique_descriptor> sockets;
    int reason = 0;
    for (listen_address::endpoint& endpoint : address.endpoints) {
        set_port(endpoint.address, address.port);
        unique_descriptor socket = listen_on(endpoint);
        if (socket.get() < 0) {
            reason = errno;
            if (is_unavailable(reason)) continue;
            throw std::system_error(reason, std::system_category(), std::string(url));
        }
        if (address.port == 0) address.port = local_port(socket);  // the next loopback gets the same
        sockets.push_back(std::move(socket));
        if (address.alternatives == listen_address::use::first_possible) break;
    }
    if (sockets.empty()) throw std::system_error(reason, std::system_category(), std::string(url));
    return sockets;
}

void listener::remember_path(const std::string& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return;
    path_ = path;
    device_ = found.st_dev;
    inode_ = found.st_ino;
}

void listener::close() noexcept {
    for (const auto& each : acceptors_)
        each->close();
    acceptors_.clear();
    if (path_.empty()) return;
    struct stat found {};
    if (::lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_)
        ::unlink(path_.c_str());
    path_.clear();
}

}  // namespace asignalr::detail
