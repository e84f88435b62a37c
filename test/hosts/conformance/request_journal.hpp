// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/server.hpp>

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>

/// The last requests that a server has dispatched, whatever became of them; for tests that count them.
class request_journal {
public:
    void add(const asignalr::http_request& request) {
        const std::lock_guard lock(mutex_);
        lines_.push_back(
            std::string(request.remote_address()) + " " + std::string(request.method()) + " " + std::string(request.target().substr(0, longest_)) + "\n");
        if (lines_.size() > most_) lines_.pop_front();
    }

    /// A line for each: the address of whoever asked, method and target.
    std::string text() const {
        const std::lock_guard lock(mutex_);
        std::string all;
        for (const std::string& line : lines_)
            all += line;
        return all;
    }

private:
    static constexpr std::size_t most_ = 1000;
    static constexpr std::size_t longest_ = 200;

    mutable std::mutex mutex_;
    std::deque<std::string> lines_;
};
