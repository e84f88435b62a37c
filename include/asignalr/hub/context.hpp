// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/net/http.hpp>

#include <any>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace asignalr {

namespace detail {
class hub_session;
}

/// Why a connection ended, as `hub::on_disconnected` learns it.
struct close_reason {
    /// What went wrong; empty after an orderly end, after a lost connection and after `abort()`, as in ASP.NET Core.
    std::optional<std::string> error;
};

/// The connection behind a hub call: what `hub::context()` answers.
///
/// A handle that is valid as long as the hub object is; it may be used after the client left. On the connection's lane only,
/// which is where hub code runs.
class ASIGNALR_API connection_context {
public:
    /// The public id: 22 characters; what `clients().client(id)` takes. It authorises nothing.
    std::string_view connection_id() const noexcept;

    /// Ends the connection: the client gets Close without `allowReconnect` (HubProtocol, Close message) and stays away.
    ///
    /// Returns at once and runs no user code; sends after it do nothing.
    void abort();

    /// Whether the connection is gone; sends do nothing then.
    bool aborted() const noexcept;

    /// Values of the application, kept for as long as the connection lives.
    std::map<std::string, std::any>& items();

    /// The request that opened the connection: path, query, headers, cookies, remote address.
    const http_request& request() const noexcept;

    /// `WebSockets`, `ServerSentEvents` or `LongPolling`.
    std::string_view transport_name() const noexcept;

    /// `json` or `messagepack`.
    std::string_view protocol_name() const noexcept;

private:
    friend class hub;
    explicit connection_context(detail::hub_session& session) noexcept : session_(&session) {}

    detail::hub_session* session_;
};

}  // namespace asignalr
