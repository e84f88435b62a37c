// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/runtime/task.hpp>

#include <memory>
#include <string_view>

namespace asignalr {

namespace detail {
class hub_core;
}

/// Who is in which group of a hub. Membership ends with the connection. Thread-safe.
class ASIGNALR_API group_manager {
public:
    /// Puts a connection into a group; the group comes into being with its first member. Twice is once.
    ///
    /// Returns when messages to the group reach the connection. An unknown connection is no error. Cancellation: none is needed,
    /// the wait is short.
    /// @throws hub_error when the name or the number of groups is over the hub's limits (`maximum_group_name`, `maximum_groups`)
    task<void> add(std::string_view connection_id, std::string_view group) const;

    /// Takes a connection out of a group. Not being in it is no error.
    task<void> remove(std::string_view connection_id, std::string_view group) const;

private:
    friend class hub;
    friend class hub_handle;
    explicit group_manager(std::shared_ptr<detail::hub_core> core) : core_(std::move(core)) {}

    std::shared_ptr<detail::hub_core> core_;
};

}  // namespace asignalr
