// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include <cstdint>

namespace asignalr::detail {

/// A file descriptor that is closed unless it is released; on its way between two owners.
class unique_descriptor {
public:
    unique_descriptor() = default;
    explicit unique_descriptor(int descriptor) noexcept : descriptor_(descriptor) {}
    unique_descriptor(unique_descriptor&& other) noexcept : descriptor_(other.release()) {}
    unique_descriptor& operator=(unique_descriptor&& other) noexcept;
    ~unique_descriptor();

    int get() const noexcept { return descriptor_; }
    int release() noexcept;

private:
    int descriptor_ = -1;
};

/// Which kind of readiness is waited for.
enum class readiness : std::uint8_t { read, write };

/// A descriptor whose readiness can be waited for, and that may be destroyed meanwhile: nobody is told then.
///
/// The socket functions of the system are used on native(); a wait that fails counts as readiness.
class waitable_descriptor {
public:
    /// Who is told, on the executor.
    class owner {
    public:
        virtual void on_ready(readiness what) = 0;

    protected:
        ~owner() = default;
    };

    waitable_descriptor(const asio::any_io_executor& executor, unique_descriptor descriptor, owner& told);
    waitable_descriptor(const waitable_descriptor&) = delete;
    waitable_descriptor& operator=(const waitable_descriptor&) = delete;
    ~waitable_descriptor();

    /// Asking again while waiting does nothing.
    void wait(readiness what);

    bool is_open() const noexcept { return descriptor_.is_open(); }
    int native() noexcept { return descriptor_.native_handle(); }
    void close() noexcept;
    /// Gives the descriptor away, without its waits.
    unique_descriptor release();

private:
    struct wait_state;
    template <class Type>
    class place_allocator;
    class wait_handler;

    asio::posix::stream_descriptor descriptor_;
    wait_state* state_;  // shared with the waits that are under way
};

}  // namespace asignalr::detail
