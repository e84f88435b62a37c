// SPDX-License-Identifier: MIT
#pragma once

#include "client_speech.hpp"
#include "http_client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

/// For the names of tests.
inline std::string name_of_way(const testing::TestParamInfo<conversation_way>& way) {
    constexpr std::array<const char*, 3> transports{"websockets", "server_sent_events", "long_polling"};
    return transports[static_cast<std::size_t>(way.param.by)] + std::string(way.param.encoding == protocol_kind::json ? "_json" : "_messagepack");
}

/// What a client writes in turn, and on which of its sockets. The first one negotiates, and brings what the server says.
class transport_script {
public:
    struct written {
        std::size_t socket;
        std::string bytes;
    };

    /// Begins with negotiate, the request that opens the connection, and the handshake.
    explicit transport_script(conversation_way way, std::string_view path = "/hub") : by_(way.by), speech_(way.encoding), path_(path) {
        parts_.push_back({0, "POST " + path_ + "/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n"});
        if (by_ == transport_way::websockets)
            parts_.push_back({0, upgrade_request(target())});
        else
            get(by_ == transport_way::server_sent_events ? "Accept: text/event-stream\r\n" : "");
        say(speech_.handshake());
    }

    const client_speech& speech() const noexcept { return speech_; }
    const std::vector<written>& parts() const noexcept { return parts_; }
    std::size_t size() const {
        std::size_t all = 0;
        for (const written& part : parts_)
            all += part.bytes.size();
        return all;
    }

    void say(std::string_view messages) {
        if (by_ == transport_way::websockets) return raw(speech_.frame(messages));
        std::string bytes = "POST " + target() + " HTTP/1.1\r\nHost: here\r\nContent-Length: ";
        parts_.push_back({1, bytes.append(std::to_string(messages.size())).append("\r\n\r\n").append(messages)});
    }
    /// Bytes of a WebSocket that are frames already.
    void raw(std::string frames) { parts_.push_back({0, std::move(frames)}); }
    /// A poll; nothing over other transports.
    void poll() {
        if (by_ == transport_way::long_polling) get({});
    }
    void remove() { parts_.push_back({1, "DELETE " + target() + " HTTP/1.1\r\nHost: here\r\n\r\n"}); }

    /// As long as a token, which takes its place.
    static constexpr std::string_view token_here = "TTTTTTTTTTTTTTTTTTTTTT";

private:
    std::string target() const { return path_ + "?id=" + std::string(token_here); }
    void get(std::string_view headers) {
        parts_.push_back({0, "GET " + target() + " HTTP/1.1\r\nHost: here\r\n" + std::string(headers) + "\r\n"});
    }

    transport_way by_;
    client_speech speech_;
    std::string path_;
    std::vector<written> parts_;
};

/// How a script is played.
struct play_options {
    std::size_t size = static_cast<std::size_t>(-1);           ///< So many bytes, and no more.
    std::size_t cut_at = static_cast<std::size_t>(-1);         ///< Where a write is divided.
    std::size_t transfer_size = static_cast<std::size_t>(-1);  ///< What one read or write of the server moves.
    std::size_t capacity = 64 * 1024;                          ///< What waits for the client before it reads.
    bool bytewise = false;                                     ///< Each byte is a write of its own.
};

/// Plays scripts to a server in memory.
class script_player {
public:
    explicit script_player(memory_server& server) noexcept : server_(server) {}

    void play(const transport_script& script, const play_options& how = {}) {
        clients_.clear();
        add_client(how);
        token_ = transport_script::token_here;
        std::size_t begin = 0;
        for (const auto& [socket, bytes] : script.parts()) {
            if (begin >= how.size) break;
            if (socket == clients_.size()) add_client(how);
            std::string text = with_token(bytes);
            text.resize(std::min(text.size(), how.size - begin));
            for (std::size_t written = 0; written < text.size();) {
                std::size_t end = how.bytewise ? written + 1 : text.size();
                if (how.cut_at > begin + written && how.cut_at < begin + end) end = how.cut_at - begin;
                clients_[socket].write(std::string_view(text).substr(written, end - written));
                settle();
                written = end;
            }
            if (begin == 0 && text.size() == bytes.size()) token_ = text_member(take_answer(clients_[0].raw).body, "connectionToken");
            begin += bytes.size();
        }
    }
    /// Runs the server and reads until nothing comes any more.
    void settle() {
        for (bool some = true; some;) {
            some = false;
            for (raw_client& client : clients_) {
                server_.run();
                some = client.read() || some;
            }
        }
    }
    void leave() {
        for (raw_client& client : clients_)
            client.leave();
        server_.run();
    }
    std::vector<raw_client>& clients() noexcept { return clients_; }
    const std::string& token() const noexcept { return token_; }
    std::string with_token(std::string bytes) const {
        if (const std::size_t at = bytes.find(transport_script::token_here); at != std::string::npos) bytes.replace(at, token_.size(), token_);
        return bytes;
    }

private:
    void add_client(const play_options& how) {
        clients_.push_back(server_.connect(how.capacity, "127.0.0.1", 0, how.transfer_size));
    }

    memory_server& server_;
    std::vector<raw_client> clients_;
    std::string token_;
};

class script_fixture : public http_client_fixture {
protected:
    std::size_t disconnected() const {
        return static_cast<std::size_t>(std::count_if(world_->events.begin(), world_->events.end(), [](const std::string& event) {
            return event.starts_with("disconnected:");
        }));
    }

    script_player player_{*this};
};

/// How a client may go.
inline constexpr std::array<void (*)(raw_client&), 3> goodbyes{
    [](raw_client& client) { client.break_off(); }, [](raw_client& client) { client.leave(); }, [](raw_client& client) { client.half_close(); }};

}  // namespace asignalr::detail
