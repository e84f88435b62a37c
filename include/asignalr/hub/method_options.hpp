// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace asignalr {

/// What happens to a running plain call when its client leaves. Streams are always cancelled.
enum class when_client_leaves {
    finish,  ///< The call runs to its end; its result is dropped.
    cancel,  ///< The call's next suspension throws `operation_aborted`.
};

/// Options of one exposed method.
struct method_options {
    /// How long a call may take; then it is cancelled at its next suspension. Zero: no deadline.
    /// @peer    an error for that call
    /// @counter none
    std::chrono::milliseconds deadline{0};
    /// What happens to a running plain call when its client leaves.
    asignalr::when_client_leaves when_client_leaves = asignalr::when_client_leaves::finish;
};

}  // namespace asignalr
