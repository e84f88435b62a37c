// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/serialize/codec.hpp>
#include <asignalr/serialize/value.hpp>

#include "protocol/hub_protocol.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/messagepack_writer.hpp"
#include "raw_client.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

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
    std::string handshake() const { return std::string(is_binary() ? messagepack_handshake : json_handshake); }

    /// `id` empty: nobody waits for it.
    std::string call(std::string_view id, std::string_view target, value::list arguments = {}) const {
        return invocation(1, id, target, std::move(arguments), {});
    }
    std::string stream(std::string_view id, std::string_view target, value::list arguments = {}) const {
        return invocation(4, id, target, std::move(arguments), {});
    }
    std::string upload(std::string_view id, std::string_view target, value::list streams) const {
        return invocation(1, id, target, {}, std::move(streams));
    }
    std::string item(std::string_view stream, value item) const {
        if (is_binary()) return messagepack({2, value::map(), stream, std::move(item)});
        return json({{"type", 2}, {"invocationId", stream}, {"item", std::move(item)}});
    }
    std::string upload_end(std::string_view stream) const {
        if (is_binary()) return messagepack({3, value::map(), stream, 2});
        return json({{"type", 3}, {"invocationId", stream}});
    }
    std::string cancel(std::string_view id) const {
        if (is_binary()) return messagepack({5, value::map(), id});
        return json({{"type", 5}, {"invocationId", id}});
    }
    std::string ping() const { return is_binary() ? messagepack({6}) : json({{"type", 6}}); }
    /// `error` empty: none.
    std::string close(std::string_view error = {}) const {
        if (is_binary()) return messagepack({7, error.empty() ? value() : value(error)});
        return error.empty() ? json({{"type", 7}}) : json({{"type", 7}, {"error", error}});
    }

    /// Messages as one frame of a WebSocket.
    std::string frame(std::string_view messages) const { return client_frame(messages, is_binary() ? 0x82 : 0x81); }

private:
    std::string invocation(int type, std::string_view id, std::string_view target, value::list arguments, value::list streams) const {
        const value named = id.empty() ? value() : value(id);
        if (is_binary()) return messagepack({type, value::map(), named, target, std::move(arguments), std::move(streams)});
        value::map members{{"type", type}, {"target", target}, {"arguments", std::move(arguments)}};
        if (!id.empty()) members.emplace("invocationId", named);
        if (!streams.empty()) members.emplace("streamIds", std::move(streams));
        return json(std::move(members));
    }
    static std::string json(value::map members) {
        std::string text;
        json_writer writer(false);
        writer.begin(text);
        codec<value>::write(writer, value(std::move(members)));
        return text + record_end;
    }
    static std::string messagepack(value::list members) {
        std::string message;
        messagepack_writer writer;
        writer.begin(message);
        codec<value>::write(writer, value(std::move(members)));
        return with_length(message);
    }

    protocol_kind encoding_;
};

}  // namespace asignalr::detail
