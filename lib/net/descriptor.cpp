// SPDX-License-Identifier: MIT
#include "net/descriptor.hpp"

#include <asio/error.hpp>

#include <unistd.h>

#include <array>
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

    void release() noexcept {
        if (--references == 0) delete this;
    }
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
