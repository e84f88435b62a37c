// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/transport/transport_types.hpp>

#include "base/clock.hpp"
#include "net/exchange.hpp"
#include "transport/posted_input.hpp"
#include "transport/transport.hpp"

#include <chrono>
#include <memory>
#include <span>
#include <string_view>

namespace asignalr::detail {

class lane;

/// Time limits of transports.
struct transport_options {
    std::chrono::milliseconds close_timeout;       ///< For the client's answer to a Close frame.
    std::chrono::milliseconds client_timeout;      ///< How long what was sent may stay unacknowledged.
    std::chrono::milliseconds poll_timeout;        ///< How long a poll is parked.
    std::chrono::milliseconds disconnect_timeout;  ///< Between two polls.
};

/// A transport as negotiate, requests and options know it. A new one is one more row of transport_kinds().
struct transport_kind {
    std::string_view name;
    transport_types type;
    bool carries_text;
    bool carries_binary;
    bool is_offered;       ///< Negotiate offers it to clients.
    bool needs_negotiate;  ///< Only a token opens it.
    bool is_never_stored;  ///< Its answers tell caches to keep out.
    /// Whether a GET opens this one.
    bool (*asked_for)(const exchange& asked);
    /// Takes the GET, and what was posted before it (null: nothing).
    std::unique_ptr<transport> (*open)(
        lane& where, exchange& asked, std::unique_ptr<posted_input> posted, const transport_options& options);
};

/// All transports, in the order in which negotiate offers them and a request is asked what it opens.
std::span<const transport_kind> transport_kinds() noexcept;

/// The one that a GET opens.
const transport_kind& transport_asked_for(const exchange& asked);

}  // namespace asignalr::detail
