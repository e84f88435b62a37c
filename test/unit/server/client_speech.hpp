// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/serialize/value.hpp>

#include "protocol/hub_protocol.hpp"
#include "raw_client.hpp"

#include <array>
#include <string>
#include <string_view>

namespace asignalr::detail {

enum class transport_way : unsigned char { websockets, server_sent_events, long_polling };

/// A transport and an encoding that goes over it.
struct conversation_way {
    transport_way by;
    protocol_kind encoding;
};
inline constexpr std::array<conversation_way, 5> conversation_ways{
    {{transport_way::websockets, protocol_kind::json},
     {transport_way::websockets, protocol_kind::messagepack},
     {transport_way::server_sent_events, protocol_kind::json},
     {transport_way::long_polling, protocol_kind::json},
     {transport_way::long_polling, protocol_kind::messagepack}}};

/// Hub messages as a client says them, framing included, in either encoding.
class client_speech {
public:
    explicit client_speech(protocol_kind encoding) noexcept : encoding_(encoding) {}

    bool is_binary() const noexcept { return encoding_ == protocol_kind::messagepack; }
    std::string handshake() const;

    /// `id` empty: nobody waits for it.
    std::string call(std::string_view id, std::string_view target, value::list arguments = {}) const;
    std::string stream(std::string_view id, std::string_view target, value::list arguments = {}) const;
    std::string upload(std::string_view id, std::string_view target, value::list streams) const;
    std::string item(std::string_view stream, value item) const;
    std::string upload_end(std::string_view stream) const;
    std::string cancel(std::string_view id) const;
    std::string ping() const;
    /// `error` empty: none.
    std::string close(std::string_view error = {}) const;

    /// Messages as one frame of a WebSocket.
    std::string frame(std::string_view messages) const;

private:
    std::string invocation(int type, std::string_view id, std::string_view target, value::list arguments, value::list streams) const;
    static std::string json(value::map members);
    static std::string messagepack(value::list members);

    protocol_kind encoding_;
};

}  // namespace asignalr::detail
