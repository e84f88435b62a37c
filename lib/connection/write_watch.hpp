// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <cstddef>

namespace asignalr::detail {

/// Notices a client that takes none of what waits for it. What is added meanwhile changes nothing.
class write_watch {
public:
    /// @param waiting    bytes that wait for the client
    /// @param taken_late transport::taken_late()
    /// @returns whether the client has taken nothing for `deadline`
    bool is_late(std::size_t waiting, std::size_t taken_late, clock_source::time_point now, clock_source::duration deadline) noexcept {
        const bool begins = since_ == clock_source::time_point{} || taken_late != taken_late_;
        if (waiting > 0 && !begins) return now - since_ >= deadline;
        taken_late_ = taken_late;
        since_ = waiting == 0 ? clock_source::time_point{} : now;
        return false;
    }

private:
    clock_source::time_point since_{};  // unset: nothing waits
    std::size_t taken_late_ = 0;
};

}  // namespace asignalr::detail
