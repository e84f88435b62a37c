// SPDX-License-Identifier: MIT
#include "client_speech.hpp"

#include <asignalr/serialize/codec.hpp>

#include "protocol/json_writer.hpp"
#include "protocol/messagepack_writer.hpp"

#include <utility>

namespace asignalr::detail {

std::string client_speech::handshake() const { return std::string(is_binary() ? messagepack_handshake : json_handshake); }

std::string client_speech::call(std::string_view id, std::string_view target, value::list arguments) const {
    return invocation(1, id, target, std::move(arguments), {});
}

std::string client_speech::stream(std::string_view id, std::string_view target, value::list arguments) const {
    return invocation(4, id, target, std::move(arguments), {});
}

std::string client_speech::upload(std::string_view id, std::string_view target, value::list streams) const {
    return invocation(1, id, target, {}, std::move(streams));
}

std::string client_speech::item(std::string_view stream, value item) const {
    if (is_binary()) return messagepack({2, value::map(), stream, std::move(item)});
    return json({{"type", 2}, {"invocationId", stream}, {"item", std::move(item)}});
}

std::string client_speech::upload_end(std::string_view stream) const {
    if (is_binary()) return messagepack({3, value::map(), stream, 2});
    return json({{"type", 3}, {"invocationId", stream}});
}

std::string client_speech::cancel(std::string_view id) const {
    if (is_binary()) return messagepack({5, value::map(), id});
    return json({{"type", 5}, {"invocationId", id}});
}

std::string client_speech::ping() const { return is_binary() ? messagepack({6}) : json({{"type", 6}}); }

std::string client_speech::close(std::string_view error) const {
    if (is_binary()) return messagepack({7, error.empty() ? value() : value(error)});
    return error.empty() ? json({{"type", 7}}) : json({{"type", 7}, {"error", error}});
}

std::string client_speech::frame(std::string_view messages) const { return client_frame(messages, is_binary() ? 0x82 : 0x81); }

std::string client_speech::invocation(int type, std::string_view id, std::string_view target, value::list arguments, value::list streams) const {
    const value named = id.empty() ? value() : value(id);
    if (is_binary()) return messagepack({type, value::map(), named, target, std::move(arguments), std::move(streams)});
    value::map members{{"type", type}, {"target", target}, {"arguments", std::move(arguments)}};
    if (!id.empty()) members.emplace("invocationId", named);
    if (!streams.empty()) members.emplace("streamIds", std::move(streams));
    return json(std::move(members));
}

std::string client_speech::json(value::map members) {
    std::string text;
    json_writer writer(false);
    writer.begin(text);
    codec<value>::write(writer, value(std::move(members)));
    return text + record_end;
}

std::string client_speech::messagepack(value::list members) {
    std::string message;
    messagepack_writer writer;
    writer.begin(message);
    codec<value>::write(writer, value(std::move(members)));
    return with_length(message);
}

}  // namespace asignalr::detail
