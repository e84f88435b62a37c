// SPDX-License-Identifier: MIT
#pragma once

#include "hub/lifetime_manager.hpp"

#include <functional>

namespace asignalr::detail {

class hub_core;
class hub_lane;

/// Reaches the connections of this process: one post for each lane that is not the caller's own.
class memory_lifetime_manager final : public lifetime_manager {
public:
    explicit memory_lifetime_manager(hub_core& core) noexcept : core_(core) {}

    void publish(std::shared_ptr<const message_target> target, encoded_message message) override;
    task<void> add_to_group(std::string connection_id, std::string group) override;
    task<void> remove_from_group(std::string connection_id, std::string group) override;
    void abort(std::string connection_id) override;

private:
    hub_core& core_;
};

}  // namespace asignalr::detail
