// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/runtime/task.hpp>
#include <asignalr/serialize/arguments.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace asignalr {

namespace detail {

class hub_core;
class hub_session;

}  // namespace detail

/// A method that clients offer, with the types of its parameters.
///
/// `inline constexpr asignalr::client_method<std::string> receive{"receive"};`
template <class... Parameters>
struct client_method {
    std::string_view name;  ///< The name on the wire; a constant.
};

/// Somebody to send to: one connection, several, a group, all. A value; valid as long as the server, except `clients().caller()`, which
/// is valid as long as the hub object whose call it comes from.
class ASIGNALR_API client_target {
public:
    /// Calls a method of the clients. Serialises and queues before it returns, and never waits for a receiver.
    ///
    /// An ordinary function: it may stand in a `catch` block or a destructor and runs no user code of others. Messages to the same
    /// connection keep their order. A connection that is gone is skipped; one that reads too slowly meets its outbox budget
    /// (`hub_options::maximum_outbox`). An argument that a protocol cannot say (a NaN in JSON) is logged as an error, and those
    /// who speak it get nothing. From any thread, if the target came from a `hub_handle`; otherwise on the hub's lane.
    /// @param method    the client's method
    /// @param arguments values convertible to the method's parameter types
    template <class... Parameters, class... Arguments>
    void send(const client_method<Parameters...>& method, Arguments&&... arguments) const {
        static_assert(
            sizeof...(Parameters) == sizeof...(Arguments),
            "asignalr: the number of arguments differs from the client method's parameters");
        static_assert(
            (std::convertible_to<Arguments, Parameters> && ...),
            "asignalr: an argument does not convert to the client method's parameter type");
        send_values<Parameters...>(method.name, std::forward<Arguments>(arguments)...);
    }

    /// The same by name, with the types of the arguments as they are.
    template <class... Arguments>
    void send(std::string_view method, const Arguments&... arguments) const {
        send_values<std::decay_t<const Arguments&>...>(method, arguments...);
    }

    /// Waits until less than half of the outbox budget is in use, for whoever paces what it sends. For single connections; for
    /// every other target it returns at once.
    ///
    /// On the connection's lane. Cancellation: terminal. Throws `std::system_error` (`errc::connection_closed`) when the
    /// connection ends.
    task<void> writable() const;

private:
    friend class hub_clients;
    friend class caller_clients;

    enum class kind : unsigned char { all, session, connections, groups };

    client_target(std::shared_ptr<detail::hub_core> core, kind whom) : core_(std::move(core)), whom_(whom) {}

    template <class... Types, class... Arguments>
    void send_values(std::string_view method, Arguments&&... arguments) const {
        send_packed<detail::sent_as<Types>...>(
            method, static_cast<detail::sent_as<Types>>(std::forward<Arguments>(arguments))...);
    }
    template <class... Types>
    void send_packed(std::string_view method, const Types&... values) const {
        detail::with_arguments(
            [&](const detail::outgoing_arguments& packed) { send_arguments(method, packed); }, values...);
    }

    void send_arguments(std::string_view method, detail::outgoing_arguments arguments) const;

    std::shared_ptr<detail::hub_core> core_;
    detail::hub_session* session_ = nullptr;  // kind::session: the caller, alive as long as its hub
    kind whom_;
    std::vector<std::string> names_;     // connection ids or group names
    std::vector<std::string> excluded_;  // connection ids
};

/// The clients of a hub, seen from outside a call. Thread-safe.
class ASIGNALR_API hub_clients {
public:
    /// Everybody.
    client_target all() const;
    /// Everybody but these connections.
    client_target all_except(std::vector<std::string> connection_ids) const;
    /// One connection; nobody if there is none of that id.
    client_target client(std::string_view connection_id) const;
    /// Several connections.
    client_target clients(std::vector<std::string> connection_ids) const;
    /// The members of a group. Names are case-sensitive.
    client_target group(std::string_view name) const;
    /// The members of several groups; a member of two of them receives twice, as in ASP.NET Core.
    /// @throws named_error if a name is empty
    client_target groups(std::vector<std::string> names) const;
    /// The members of a group but these connections.
    client_target group_except(std::string_view name, std::vector<std::string> connection_ids) const;

private:
    friend class hub_handle;
    friend class caller_clients;
    explicit hub_clients(std::shared_ptr<detail::hub_core> core) : core_(std::move(core)) {}

    std::shared_ptr<detail::hub_core> core_;
};

/// The clients of a hub, seen from a call: what `hub::clients()` answers. On the hub's lane.
class ASIGNALR_API caller_clients : public hub_clients {
public:
    /// The client whose call this is, without any look-up: for this call and the others of the hub object, which keep the connection.
    ///
    /// Not to be kept beyond the hub object, nor to be used on another lane; `client(context().connection_id())` is for that.
    client_target caller() const;
    /// Everybody but the caller.
    client_target others() const;
    /// The members of a group but the caller.
    client_target others_in_group(std::string_view name) const;

private:
    friend class hub;
    explicit caller_clients(detail::hub_session& session);

    detail::hub_session* session_;
};

}  // namespace asignalr
