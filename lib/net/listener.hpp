// SPDX-License-Identifier: MIT
#pragma once

#include "net/acceptor.hpp"

#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

struct listen_address;

/// One URL that is listened on. Lives on the first lane, once it is started.
class listener {
public:
    /// Binds; connections will go to the lanes in turn.
    /// @throws std::system_error if the URL is not understood or cannot be bound; the text names it
    listener(
        std::string_view url, std::vector<std::shared_ptr<lane>> lanes, accept_function accepted,
        std::shared_ptr<logger> log);
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;
    ~listener() { close(); }

    /// Begins to accept; once. Until then it may be destroyed anywhere.
    void start();

    /// The URL with the port that the system chose.
    const std::string& local_url() const noexcept { return local_url_; }

    /// Accepts nothing more and removes the path of a unix socket. A second call does nothing.
    void close() noexcept;

private:
    std::vector<unique_descriptor> bind_all(listen_address& address, std::string_view url);
    void remember_path(const std::string& path);

    std::vector<std::shared_ptr<acceptor>> acceptors_;
    std::string local_url_;
    std::string path_;  // of the unix socket that was bound
    dev_t device_ = 0;  // and which file it was, as somebody else may have put theirs there since
    ino_t inode_ = 0;
};

}  // namespace asignalr::detail
