// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/hub/clients.hpp>
#include <asignalr/hub/context.hpp>
#include <asignalr/hub/groups.hpp>
#include <asignalr/runtime/task.hpp>

namespace asignalr {

/// What clients call: derive, write methods, and name them in a static `describe(method_table<your_hub>&)`.
///
/// A method may be a plain function, a `task<R>` (its `co_return` is the result), or a `generator<T>` (its `co_yield`s are a
/// stream). All code of one connection runs on its lane, one piece at a time, so a hub object needs no locks. By default there is
/// one hub object for each connection (`hub_options::lifetime`); it lives until the last call has ended, also after the client left.
class ASIGNALR_API hub {
public:
    hub(const hub&) = delete;
    hub& operator=(const hub&) = delete;
    virtual ~hub();

    /// Runs after the handshake and before the client's first call. An exception ends the connection, and `on_disconnected` is
    /// not called.
    virtual task<void> on_connected();

    /// Runs once when the connection is over, exactly if `on_connected` succeeded; not waiting for running calls. Both are cancelled
    /// by the end of the server only, at the deadline of `server::stop`. The connection is still in its groups, but what is sent to it is dropped.
    /// @param reason what went wrong, if anything
    virtual task<void> on_disconnected(close_reason reason);

protected:
    hub() = default;

    /// The connection. Not in the constructor.
    /// @throws std::logic_error in the constructor
    connection_context context() const;
    /// Whom to send to. Not in the constructor.
    caller_clients clients() const;
    /// Who is in which group. Not in the constructor.
    group_manager groups() const;

private:
    friend class detail::hub_session;

    detail::hub_session* session_ = nullptr;
};

}  // namespace asignalr
