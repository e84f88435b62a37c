// SPDX-License-Identifier: MIT
#pragma once

#include <new>

namespace asignalr::detail {

/// Does something; if memory runs out in it, nobody knows how far it came, and `give_up` has to be enough. That may not throw.
template <class Action, class GiveUp>
void with_memory_or(Action action, GiveUp give_up) noexcept {
    try {
        action();
    } catch (const std::bad_alloc&) {
        give_up();
    }
}

}  // namespace asignalr::detail
