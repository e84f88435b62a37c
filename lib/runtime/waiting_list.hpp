// SPDX-License-Identifier: MIT
#pragma once

#include <asio/awaitable.hpp>

#include <memory>
#include <system_error>
#include <vector>

namespace asignalr::detail {

/// Coroutines of a lane that wait for the same thing.
class waiting_list {
public:
    waiting_list() = default;
    waiting_list(const waiting_list&) = delete;
    waiting_list& operator=(const waiting_list&) = delete;
    ~waiting_list();

    bool empty() const noexcept { return waiting_.empty(); }

    /// Waits for wake_all(). Throws what that was given; cancellation: terminal.
    asio::awaitable<void> wait();
    /// Resumes all that wait now, in a later turn of theirs.
    void wake_all(std::error_code error);

private:
    struct parked;
    std::vector<std::shared_ptr<parked>> waiting_;
};

}  // namespace asignalr::detail
