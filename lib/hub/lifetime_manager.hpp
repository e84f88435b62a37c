// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/runtime/task.hpp>

#include "hub/message_target.hpp"
#include "protocol/hub_protocol.hpp"

#include <memory>
#include <string>

namespace asignalr::detail {

/// Knows how to reach the connections of a hub, wherever they are. Usable from any thread.
class lifetime_manager {
public:
    virtual ~lifetime_manager() = default;

    /// Sends a message that was serialised once for each protocol in use. Never waits.
    virtual void publish(std::shared_ptr<const message_target> target, encoded_message message) = 0;
    /// Returns when the connection is in the group. Throws hub_error where a limit is met.
    virtual task<void> add_to_group(std::string connection_id, std::string group) = 0;
    virtual task<void> remove_from_group(std::string connection_id, std::string group) = 0;
    virtual void abort(std::string connection_id) = 0;
};

}  // namespace asignalr::detail
