// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/runtime/invocation.hpp>
#include <asignalr/runtime/task.hpp>

#include <asio/steady_timer.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asio {
class io_context;
}

namespace asignalr::detail {

/// What a test and its hubs have in common.
struct hub_world {
    explicit hub_world(asio::io_context& context);
    hub_world(const hub_world&) = delete;
    hub_world& operator=(const hub_world&) = delete;
    ~hub_world();

    /// Lets go on whoever waits at the gate now.
    void open_gate();
    std::size_t times(std::string_view event) const;

    std::optional<asio::steady_timer> gate;
    std::vector<std::string> events;
    int hubs_alive = 0;
    int hubs_made = 0;
    bool connecting_fails = false;
    bool connecting_waits = false;
    bool disconnecting_waits = false;
    bool making_fails = false;
    bool hub_tells_its_items = false;
    std::optional<invocation> observed;  ///< Of `Observe`.
    std::function<void()> trap;  ///< What `Trap` runs.
};

/// Ends when the gate opens; throws when the call is cancelled.
task<void> wait_at_gate(hub_world& world);

/// Tells the world that it is destroyed.
class event_at_end {
public:
    event_at_end(hub_world& world, std::string event);
    event_at_end(const event_at_end&) = delete;
    event_at_end& operator=(const event_at_end&) = delete;
    ~event_at_end();

private:
    hub_world& world_;
    std::string event_;
};

}  // namespace asignalr::detail
