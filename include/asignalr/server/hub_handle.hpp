// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/hub/clients.hpp>
#include <asignalr/hub/groups.hpp>

#include <memory>
#include <string_view>

namespace asignalr {

class server;

/// A hub from outside its calls: what `server::add_hub` answers. Owned by the server; every function but `map` may be used from any
/// thread.
class ASIGNALR_API hub_handle {
public:
    hub_handle(const hub_handle&) = delete;
    hub_handle& operator=(const hub_handle&) = delete;
    ~hub_handle();

    /// Serves the hub on a route; any number of routes may lead to one hub. Paths match without regard to ASCII case.
    ///
    /// Before the first connection arrives.
    /// @throws std::logic_error if the path is taken or does not begin with a slash
    hub_handle& map(std::string_view path);

    /// Whom to send to.
    hub_clients clients() const;

    /// Who is in which group.
    group_manager groups() const;

    /// Ends a connection as `context().abort()` does; an unknown id is no error.
    void abort(std::string_view connection_id) const;

private:
    friend class server;
    hub_handle(server& owner, std::shared_ptr<detail::hub_core> core);

    server& owner_;
    std::shared_ptr<detail::hub_core> core_;
};

}  // namespace asignalr
