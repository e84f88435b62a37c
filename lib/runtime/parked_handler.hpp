// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>
#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace asignalr::detail {

/// Keeps the handler of one waiting coroutine in place, without allocation and whatever its type.
template <class... Arguments>
class parked_handler {
public:
    parked_handler() = default;
    parked_handler(const parked_handler&) = delete;
    parked_handler& operator=(const parked_handler&) = delete;
    ~parked_handler() { drop(); }

    explicit operator bool() const noexcept { return act_ != nullptr; }

    template <class Handler>
    void set(Handler&& handler) {
        using type = std::decay_t<Handler>;
        static_assert(sizeof(type) <= sizeof(storage_) && alignof(type) <= alignof(std::max_align_t));
        assert(act_ == nullptr);
        ::new (static_cast<void*>(storage_)) type(std::forward<Handler>(handler));
        act_ = [](void* storage, bool call, Arguments... arguments) {
            type* kept = std::launder(static_cast<type*>(storage));
            type handler_now(std::move(*kept));
            kept->~type();
            if (call) std::move(handler_now)(std::move(arguments)...);
        };
    }

    /// Resumes the coroutine in place; this object is free again before that.
    void operator()(Arguments... arguments) {
        std::exchange(act_, nullptr)(storage_, true, std::move(arguments)...);
    }

    /// Lets go of the coroutine, which is destroyed.
    void drop() noexcept {
        if (act_ != nullptr) std::exchange(act_, nullptr)(storage_, false, Arguments{}...);
    }

private:
    alignas(std::max_align_t) unsigned char storage_[48];
    void (*act_)(void*, bool, Arguments...) = nullptr;
};

}  // namespace asignalr::detail
