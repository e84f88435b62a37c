// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/serialize/value.hpp>

#include "server/client_speech.hpp"
#include "server/memory_server.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

/// Messages that a generator of bytes would not find by itself.
inline std::vector<std::string> phrases_in(const client_speech& speech) {
    return {
        speech.call("1", "Echo", {"a"}),
        speech.call("", "Echo", {"nobody waits"}),
        speech.call("1", "Wait", {"w"}),
        speech.call("2", "WaitOrLeave", {"w"}),
        speech.call("3", "WaitASecond", {"w"}),
        speech.stream("4", "Count", {40}),
        speech.stream("5", "Endless"),
        speech.stream("6", "Flood", {30'000, 9}),
        speech.stream("7", "FailStreaming", {"named"}),
        speech.call("8", "Fail", {"hub"}),
        speech.call("9", "Paced", {40'000}),
        speech.call("", "Fill", {70'000}),
        speech.call("10", "Abort"),
        speech.call("11", "NotANumber"),
        speech.call("12", "Join", {"g"}),
        speech.call("13", "Say", {"group", value::list{"g"}, "text"}),
        speech.upload("14", "Sum", {"u"}),
        speech.upload("15", "SumLater", {"v"}),
        speech.item("u", 1),
        speech.item("v", "no number"),
        speech.upload_end("u"),
        speech.cancel("5"),
        speech.ping(),
        speech.close("bye"),
    };
}

/// A client over any transport and in any encoding that goes there, by hand. Over HTTP it has two sockets: one for what the server says,
/// and one for what it says itself.
class fuzz_client {
public:
    /// How far it comes before an input begins.
    enum class stage : unsigned char { connected, open, shaken };

    fuzz_client(memory_server& server, conversation_way way, stage upto, std::size_t transfer_size)
        : by_(way.by), speech_(way.encoding), phrases_(phrases_in(speech_)), listening_(connect(server, transfer_size)) {
        if (by_ != transport_way::websockets) speaking_.emplace(connect(server, transfer_size));
        if (upto == stage::connected) return;
        if (by_ == transport_way::websockets) {
            listening_.write(upgrade_request("/hub"));
        } else {
            negotiate(server);
            get();
        }
        server.run();
        if (upto == stage::shaken) say(speech_.handshake());
    }

    const client_speech& speech() const noexcept { return speech_; }

    /// Bytes as they are, to the socket that hears.
    void write(std::string_view bytes) { listening_.write(bytes); }
    /// Bytes of hub messages.
    void say(std::string_view bytes) {
        if (by_ == transport_way::websockets) return static_cast<void>(listening_.write(speech_.frame(bytes)));
        request("POST", "Content-Length: " + std::to_string(bytes.size()) + "\r\n", bytes);
    }
    void say_phrase(std::size_t number) { say(phrases_[number % phrases_.size()]); }
    /// A message that was not made by the rules, framed by them.
    void say_framed(std::string_view message) { say(speech_.is_binary() ? with_length(message) : std::string(message) + record_end); }
    /// A frame of any kind; over HTTP a body in a chunk, with or without its end.
    void say_oddly(std::string_view bytes, unsigned how) {
        if (by_ == transport_way::websockets) return static_cast<void>(listening_.write(client_frame(bytes, how)));
        constexpr std::string_view digits = "0123456789abcdef";
        const std::string size{digits[bytes.size() >> 4 & 15], digits[bytes.size() & 15]};
        request("POST", "Transfer-Encoding: chunked\r\n", size + "\r\n" + std::string(bytes) + ((how & 1u) != 0 ? "\r\n0\r\n\r\n" : "\r\n"));
    }
    /// A poll, or another request for events or a WebSocket.
    void get() {
        listening_.write("GET " + target() + " HTTP/1.1\r\nHost: here\r\n" +
                         (by_ == transport_way::server_sent_events ? "Accept: text/event-stream\r\n\r\n" : "\r\n"));
    }
    void remove() { request("DELETE", {}, {}); }

    void read() {
        listening_.read();
        if (speaking_) speaking_->read();
    }
    void end(unsigned how) {
        // One socket or both of them.
        if ((how & 8u) == 0) end(listening_, how % 3);
        if (speaking_ && (how & 16u) == 0) end(*speaking_, how % 3);
    }
    void leave() {
        listening_.leave();
        if (speaking_) speaking_->leave();
    }

private:
    static raw_client connect(memory_server& server, std::size_t transfer_size) {
        return server.connect(16 * 1024, "127.0.0.1", 0, transfer_size);
    }
    static void end(raw_client& client, unsigned how) {
        switch (how) {
            case 0: return client.half_close();
            case 1: return client.break_off();
            default: return client.leave();
        }
    }
    void negotiate(memory_server& server) {
        listening_.write("POST /hub/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n");
        server.settle(listening_);
        constexpr std::string_view mark = "\"connectionToken\":\"";
        constexpr std::size_t token_size = 22;
        const std::size_t at = listening_.raw.find(mark);
        if (at != std::string::npos) token_ = listening_.raw.substr(at + mark.size(), token_size);
    }
    std::string target() const { return "/hub?id=" + token_; }
    void request(std::string_view method, std::string_view headers, std::string_view body) {
        raw_client& by = speaking_ ? *speaking_ : listening_;
        by.write(std::string(method) + " " + target() + " HTTP/1.1\r\nHost: here\r\n" + std::string(headers) + "\r\n" + std::string(body));
    }

    transport_way by_;
    client_speech speech_;
    std::vector<std::string> phrases_;
    raw_client listening_;
    std::optional<raw_client> speaking_;
    std::string token_;
};

}  // namespace asignalr::detail
