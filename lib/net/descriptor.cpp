// SPDX-License-Identifier: MIT
#include "net/descriptor.hpp"

#include <asio/error.hpp>

#include <unistd.h>

#include <array>
#include <cstddef>
#include <memory>
#include <system_error>
#include <utility>

namespace asignalr::detail {

unique_descriptor& unique_descriptor::operator=(unique_descriptor&& other) noexcept {
    unique_descriptor taken(std::move(other));
    std::swap(descriptor_, taken.descriptor_);
    return *this;
}

unique_descriptor::~unique_descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

int unique_descriptor::release() noexcept { return std::exchange(descriptor_, -1); }

struct waitable_descriptor::wait_state {
    owner* told;
    unsigned references = 1;  // only counted in the executor's turn, as handlers are moved and never copied
    std::array<bool, 2> waiting{};
    bool place_is_used = false;
    // Every connection waits to be read nearly all the time; Asio keeps the wait here instead of allocating it anew for each message.
    alignas(std::max_align_t) std::array<unsigned char, 144> place{};

    void release() noexcept {
        if (--references == 0) delete this;
    }
};

/// Gives Asio the place in the state, if it is free and large enough. A handler keeps the state alive beyond the use of its place.
template <class Type>
class waitable_descriptor::place_allocator {
public:
    using value_type = Type;

    explicit place_allocator(wait_state* state) noexcept : state_(state) {}
    template <class Other>
    place_allocator(const place_allocator<Other>& other) noexcept : state_(other.state()) {}

    Type* allocate(std::size_t count) {
        if (state_->place_is_used || count * sizeof(Type) > state_->place.size()) return std::allocator<Type>().allocate(count);
        state_->place_is_used = true;
        return reinterpret_cast<Type*>(state_->place.data());
    }
    void deallocate(Type* object, std::size_t count) noexcept {
        if (static_cast<void*>(object) != static_cast<void*>(state_->place.data())) return std::allocator<Type>().deallocate(object, count);
        state_->place_is_used = false;
    }
    wait_state* state() const noexcept { return state_; }

    template <class Other>
    bool operator==(const place_allocator<Other>& other) const noexcept { return state_ == other.state(); }

private:
    wait_state* state_;
};

class waitable_descriptor::wait_handler {
public:
    wait_handler(wait_state* state, readiness what) noexcept : state_(state), what_(what) { ++state_->references; }
    wait_handler(wait_handler&& other) noexcept : state_(std::exchange(other.state_, nullptr)), what_(other.what_) {}
    wait_handler(const wait_handler&) = delete;
    wait_handler& operator=(const wait_handler&) = delete;
    ~wait_handler() {
        if (state_ != nullptr) state_->release();
    }

    using allocator_type = place_allocator<void>;
    allocator_type get_allocator() const noexcept { return allocator_type(state_); }

    void operator()(const std::error_code&) const {
        state_->waiting[static_cast<std::size_t>(what_)] = false;
        if (state_->told != nullptr) state_->told->on_ready(what_);
    }

private:
    wait_state* state_;
    readiness what_;
};

waitable_descriptor::waitable_descriptor(
    const asio::any_io_executor& executor, unique_descriptor descriptor, owner& told)
    : descriptor_(executor), state_(nullptr) {
    descriptor_.assign(descriptor.get());
    descriptor.release();
    state_ = new wait_state{&told};
}

waitable_descriptor::~waitable_descriptor() {
    close();
    state_->release();
}

void waitable_descriptor::wait(readiness what) {
    if (!is_open() || std::exchange(state_->waiting[static_cast<std::size_t>(what)], true)) return;
    using descriptor_base = asio::posix::descriptor_base;
    descriptor_.async_wait(
        what == readiness::read ? descriptor_base::wait_read : descriptor_base::wait_write, wait_handler(state_, what));
}

void waitable_descriptor::close() noexcept {
    state_->told = nullptr;
    std::error_code ignored;
    descriptor_.close(ignored);
}

unique_descriptor waitable_descriptor::release() {
    state_->told = nullptr;
    return unique_descriptor(descriptor_.release());
}

}  // namespace asignalr::detail
