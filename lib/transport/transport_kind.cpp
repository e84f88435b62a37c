// SPDX-License-Identifier: MIT
#include "transport/transport_kind.hpp"

#include "base/text.hpp"
#include "runtime/lane.hpp"
#include "transport/long_polling_transport.hpp"
#include "transport/memory_exchange.hpp"
#include "transport/memory_transport.hpp"
#include "transport/server_sent_events_transport.hpp"
#include "transport/websocket_transport.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace asignalr::detail {
namespace {

using posted = std::unique_ptr<posted_input>;

// An element with parameters does not count, as in ASP.NET Core.
bool accepts_events(const exchange& asked) {
    bool accepts = false;
    asked.request().for_each_header([&](std::string_view name, std::string_view value) {
        accepts = accepts || (equals_ignoring_case(name, "Accept") && list_contains(value, "text/event-stream"));
    });
    return accepts;
}

// Also one that does it wrong, and is refused.
bool asks_for_websocket(const exchange& asked) { return asked.opening() != websocket_opening::none && !accepts_events(asked); }

// Nobody can from outside this process, so no option of a hub forbids it.
bool asks_for_memory(const exchange& asked) {
    const auto* const inside = dynamic_cast<const memory_exchange*>(&asked);
    return inside != nullptr && inside->asks_for_transport();
}

bool asks_for_poll(const exchange& asked) { return asked.opening() == websocket_opening::none && !accepts_events(asked); }

std::unique_ptr<transport> open_websocket(lane& where, exchange& asked, posted early, const transport_options& options) {
    std::string head = websocket_answer(*asked.request().header("Sec-WebSocket-Key"), asked.added_headers());
    upgraded_stream upgraded = asked.upgrade();
    upgraded.stream->set_unacknowledged_timeout(options.client_timeout);
    return std::make_unique<websocket_transport>(
        where, std::move(upgraded.stream), std::move(head), std::move(upgraded.early_bytes),
        early ? early->take_kept() : byte_buffer(), options.close_timeout);
}

posted or_nothing(posted early) { return early ? std::move(early) : std::make_unique<posted_input>(); }

std::unique_ptr<transport> open_events(lane& where, exchange& asked, posted early, const transport_options& options) {
    return std::make_unique<server_sent_events_transport>(where, asked, or_nothing(std::move(early)), options.client_timeout);
}

std::unique_ptr<transport> open_polling(lane& where, exchange& asked, posted early, const transport_options& options) {
    const long_polling_transport::time_limits limits{options.poll_timeout, options.disconnect_timeout};
    return std::make_unique<long_polling_transport>(where, asked, or_nothing(std::move(early)), limits);
}

std::unique_ptr<transport> open_memory(lane&, exchange& asked, posted, const transport_options&) {
    return dynamic_cast<memory_exchange&>(asked).take_transport();
}

constexpr std::array<transport_kind, 4> kinds{{
    {.name = memory_transport::transport_name,
     .type = transport_types::none,
     .carries_text = true,
     .carries_binary = true,
     .is_offered = false,
     .needs_negotiate = false,
     .is_never_stored = false,
     .asked_for = asks_for_memory,
     .open = open_memory},
    {.name = websocket_transport::transport_name,
     .type = transport_types::web_sockets,
     .carries_text = true,
     .carries_binary = true,
     .is_offered = true,
     .needs_negotiate = false,
     .is_never_stored = false,
     .asked_for = asks_for_websocket,
     .open = open_websocket},
    {.name = server_sent_events_transport::transport_name,
     .type = transport_types::server_sent_events,
     .carries_text = true,
     .carries_binary = false,
     .is_offered = true,
     .needs_negotiate = true,
     .is_never_stored = false,
     .asked_for = accepts_events,
     .open = open_events},
    {.name = long_polling_transport::transport_name,
     .type = transport_types::long_polling,
     .carries_text = true,
     .carries_binary = true,
     .is_offered = true,
     .needs_negotiate = true,
     .is_never_stored = true,
     .asked_for = asks_for_poll,
     .open = open_polling},
}};

}  // namespace

std::span<const transport_kind> transport_kinds() noexcept { return kinds; }

const transport_kind& transport_asked_for(const exchange& asked) {
    return *std::find_if(kinds.begin(), kinds.end() - 1, [&](const transport_kind& one) { return one.asked_for(asked); });
}

}  // namespace asignalr::detail
