// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace asignalr {

namespace detail {
struct invocation_state {
    std::string id;
    std::optional<std::chrono::steady_clock::time_point> deadline;
    bool cancelled = false;
};
}  // namespace detail

/// What a hub method may know of the call it serves: take one as a parameter, and it is filled in.
///
/// A value that may be kept; on the connection's lane.
class invocation {
public:
    invocation() = default;
    /// For the dispatcher.
    explicit invocation(std::shared_ptr<const detail::invocation_state> state) : state_(std::move(state)) {}

    /// The client's id of the call; empty for a non-blocking one, which nobody waits for.
    std::string id() const { return state_ ? state_->id : std::string(); }
    /// Whether the client cancelled the call, its deadline passed, or it ends because the connection did.
    bool cancelled() const noexcept { return state_ && state_->cancelled; }
    /// When the call is cancelled, if `method_options::deadline` was set.
    std::optional<std::chrono::steady_clock::time_point> deadline() const noexcept {
        return state_ ? state_->deadline : std::nullopt;
    }

private:
    std::shared_ptr<const detail::invocation_state> state_;
};

}  // namespace asignalr
