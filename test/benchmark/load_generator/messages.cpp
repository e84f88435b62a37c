// SPDX-License-Identifier: MIT
#include "messages.hpp"

#include <array>

namespace benchmark {
namespace {

// Any mask but zero does: a server must not be able to skip the work.
constexpr std::array<char, 4> mask{'\x37', '\x5a', '\x21', '\x7d'};

std::string frame(unsigned char opcode, std::string_view payload) {
    std::string result;
    result.reserve(payload.size() + 14);
    result += static_cast<char>(0x80 | opcode);
    const std::size_t length_bytes = payload.size() < 126 ? 0 : payload.size() < 65536 ? 2 : 8;
    const std::size_t marker = length_bytes == 0 ? payload.size() : length_bytes == 2 ? 126 : 127;
    result += static_cast<char>(0x80 | marker);
    for (std::size_t index = length_bytes; index > 0; --index) {
        result += static_cast<char>(payload.size() >> (8 * (index - 1)));
    }
    result.append(mask.data(), mask.size());
    for (std::size_t index = 0; index < payload.size(); ++index) {
        result += static_cast<char>(payload[index] ^ mask[index % mask.size()]);
    }
    return result;
}

std::string host_line(const options& settings) {
    return "Host: " + settings.host + ":" + std::to_string(settings.port) + "\r\n";
}

// Fills `target` with a text argument until the message that `build` makes of it has `size` bytes.
std::string padding(std::size_t size, std::size_t size_without) {
    if (size <= size_without) {
        throw generator_error("--size is too small: " + std::to_string(size_without + 1) + " at least");
    }
    return std::string(size - size_without, 'x');
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

std::string text_frame(std::string_view payload) { return frame(1, payload); }
std::string hub_frame(const options& settings, std::string_view message) {
    return frame(settings.protocol == "json" ? 1 : 2, message);
}
std::string pong_frame(std::string_view payload) { return frame(10, payload); }

std::string upgrade_request(const options& settings, std::string_view connection_token) {
    std::string target = settings.path;
    if (!connection_token.empty()) {
        target += "?id=" + std::string(connection_token);
    }
    return "GET " + target + " HTTP/1.1\r\n" + host_line(settings) +
           "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
           "Sec-WebSocket-Version: 13\r\n\r\n";
}

std::string negotiate_request(const options& settings) {
    return "POST " + settings.path + "/negotiate?negotiateVersion=1 HTTP/1.1\r\n" + host_line(settings) +
           "Content-Length: 0\r\n\r\n";
}

std::string handshake_message(const options& settings) {
    return std::string(R"({"protocol":")").append(settings.protocol).append(R"(","version":1})") + record_end;
}
std::string ping_message(const options& settings) {
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
    call what{.id = id, .target = target, .arguments = "\"\""};
    const std::string text = padding(settings.size, call_message(settings, what).size());
    if (settings.protocol == "messagepack") {
        return messagepack_call(id, target, text);
    }
    what.arguments = "\"" + text + "\"";
    return call_message(settings, what);
}

std::string broadcast_call(const options& settings) {
    const std::string received = std::string(R"({"type":1,"target":"receive","arguments":[""]})") + record_end;
    const std::string text = padding(settings.size, received.size());
    return call_message(settings, {.target = "Bcast", .arguments = "\"" + text + "\""});
}

call_ring::call_ring(const options& settings, const std::string& target, std::size_t depth) : depth_(depth) {
    for (std::size_t index = 0; index < 2 * depth; ++index) {
        const std::string one = hub_frame(settings, padded_call(settings, std::to_string(100 + index % depth), target));
        frame_size_ = one.size();
        frames_ += one;
    }
}

std::string_view call_ring::take(std::size_t first, std::size_t count) const {
    return std::string_view(frames_).substr(first * frame_size_, count * frame_size_);
}

}  // namespace benchmark
