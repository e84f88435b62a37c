// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>

#include <cstddef>
#include <memory>

namespace asio {
class io_context;
}

namespace asignalr {

/// A number of threads with one `io_context` each: what a server that wants a whole machine runs on.
class ASIGNALR_API io_runtime {
public:
    /// @param threads how many; 0: one for each processor, up to the 256 that a server can use
    explicit io_runtime(std::size_t threads = 0);
    io_runtime(const io_runtime&) = delete;
    io_runtime& operator=(const io_runtime&) = delete;
    ~io_runtime();

    /// How many threads and contexts there are.
    std::size_t size() const noexcept;
    /// The context of one thread.
    asio::io_context& context(std::size_t index) noexcept;

    /// Runs all contexts, the first one on the calling thread, until stop() or until none has anything left to do.
    /// Rethrows what a handler threw, after all threads have ended.
    void run();
    /// Makes run() return soon. From any thread.
    void stop();

private:
    struct implementation;
    std::unique_ptr<implementation> implementation_;
};

}  // namespace asignalr
