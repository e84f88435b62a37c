// SPDX-License-Identifier: MIT
#include "messages.hpp"

#include "frames.hpp"

namespace benchmark {
namespace {

// The text that is missing to a message of `size` bytes.
std::string padding(std::size_t size, std::size_t size_without) {
    if (size <= size_without) {
        throw generator_error("--size is too small: " + std::to_string(size_without + 1) + " at least");
    }
    return std::string(size - size_without, 'x');
}

std::string padded(const std::string& begin, const std::string& end, std::size_t size) {
    return begin + padding(size, begin.size() + end.size()) + end;
}

// HubProtocol specification, "MessagePack (MsgPack) encoding": as the JavaScript client writes it.
std::string messagepack_call(const std::string& id, const std::string& target, const std::string& text) {
    const auto text_value = [](const std::string& value) {
        std::string result;
        if (value.size() < 32) {
            result += static_cast<char>(0xa0 | value.size());
        } else if (value.size() < 256) {
            result += '\xd9';
            result += static_cast<char>(value.size());
        } else {
            result += '\xda';
            result += static_cast<char>(value.size() >> 8);
            result += static_cast<char>(value.size());
        }
        return result + value;
    };
    std::string message = "\x96\x01\x80";
    message += text_value(id) + text_value(target) + "\x91" + text_value(text) + "\x90";
    std::string prefix;
    std::size_t length = message.size();
    for (; length >= 0x80; length >>= 7) {
        prefix += static_cast<char>((length & 0x7f) | 0x80);
    }
    prefix += static_cast<char>(length);
    return prefix + message;
}

}  // namespace

std::string on_the_wire(const options& settings, std::string_view message) {
    if (settings.transport != transport::websockets) {
        return std::string(message);
    }
    return settings.protocol == "json" ? text_frame(message) : binary_frame(message);
}

std::string handshake_message(const options& settings) {
    return std::string(R"({"protocol":")").append(settings.protocol).append(R"(","version":1})") + record_end;
}

std::string ping_message(const options& settings) {
    if (settings.wire != wire::signalr) {
        return {};
    }
    return settings.protocol == "json" ? std::string(R"({"type":6})") + record_end : std::string("\x02\x91\x06");
}

std::string call_message(const options& settings, const call& what) {
    const std::string arguments = "\"arguments\":[" + what.arguments + "]";
    const std::string id = what.id.empty() ? "" : "\"invocationId\":\"" + what.id + "\",";
    const std::string target = "\"target\":\"" + what.target + "\"";
    const std::string type = "\"type\":" + std::to_string(what.type);
    const std::string streams = what.stream_ids.empty() ? "" : "\"streamIds\":[" + what.stream_ids + "]";
    const std::string comma = streams.empty() ? "" : ",";
    if (settings.order == "dotnet") {
        return "{" + type + "," + id + target + "," + arguments + comma + streams + "}" + record_end;
    }
    return "{" + arguments + "," + id + streams + comma + target + "," + type + "}" + record_end;
}

std::string padded_call(const options& settings, const std::string& id, const std::string& target) {
    if (settings.wire == wire::socket_io) {
        return padded("42" + id + "[\"" + target + "\",\"", "\"]", settings.size);
    }
    call what{.id = id, .target = target, .arguments = "\"\""};
    const std::string text = padding(settings.size, call_message(settings, what).size());
    if (settings.protocol == "messagepack") {
        return messagepack_call(id, target, text);
    }
    what.arguments = "\"" + text + "\"";
    return call_message(settings, what);
}

std::string broadcast_call(const options& settings) {
    if (settings.wire == wire::socket_io) {
        constexpr std::size_t longer_name = std::string_view("receive").size() - std::string_view("Bcast").size();
        return padded("42[\"Bcast\",\"", "\"]", settings.size - longer_name);
    }
    const std::string begin = R"({"type":1,"target":"receive","arguments":[")";
    const std::string end = std::string("\"]}") + record_end;
    if (settings.wire == wire::websocket) {
        return padded(begin, end, settings.size);
    }
    const std::string text = padding(settings.size, begin.size() + end.size());
    return call_message(settings, {.target = "Bcast", .arguments = "\"" + text + "\""});
}

std::size_t raw_message_size(const options& settings) {
    if (settings.mode == "broadcast") {
        return settings.size;
    }
    return on_the_wire(settings, padded_call(settings, "100", settings.target)).size();
}

call_ring::call_ring(const options& settings, const std::string& target, std::size_t depth) : depth_(depth) {
    for (std::size_t index = 0; index < 2 * depth; ++index) {
        const std::string one =
            on_the_wire(settings, padded_call(settings, std::to_string(100 + index % depth), target));
        frame_size_ = one.size();
        frames_ += one;
    }
}

std::string_view call_ring::take(std::size_t first, std::size_t count) const {
    return std::string_view(frames_).substr(first * frame_size_, count * frame_size_);
}

}  // namespace benchmark
