// SPDX-License-Identifier: MIT
#pragma once

#include "client_speech.hpp"
#include "http_client.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

/// For the names of tests.
std::string name_of_way(const testing::TestParamInfo<conversation_way>& way);

/// What a client writes in turn, and on which of its sockets. The first one negotiates, and brings what the server says.
class transport_script {
public:
    struct written {
        std::size_t socket;
        std::string bytes;
    };

    /// Begins with negotiate, the request that opens the connection, and the handshake.
    explicit transport_script(conversation_way way, std::string_view path = "/hub");

    const client_speech& speech() const noexcept { return speech_; }
    const std::vector<written>& parts() const noexcept { return parts_; }
    std::size_t size() const;

    void say(std::string_view messages);
    /// Bytes of a WebSocket that are frames already.
    void raw(std::string frames);
    /// A poll; nothing over other transports.
    void poll();
    void remove();

    /// As long as a token, which takes its place.
    static constexpr std::string_view token_here = "TTTTTTTTTTTTTTTTTTTTTT";

private:
    std::string target() const;
    void get(std::string_view headers);

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
    explicit script_player(memory_server& server) noexcept;

    void play(const transport_script& script, const play_options& how = {});
    /// Runs the server and reads until nothing comes any more.
    void settle();
    void leave();
    std::vector<raw_client>& clients() noexcept { return clients_; }
    const std::string& token() const noexcept { return token_; }
    std::string with_token(std::string bytes) const;

private:
    void add_client(const play_options& how);

    memory_server& server_;
    std::vector<raw_client> clients_;
    std::string token_;
};

class script_fixture : public http_client_fixture {
protected:
    script_fixture();
    ~script_fixture() override;

    std::size_t disconnected() const;

    script_player player_{*this};
};

/// How a client may go.
inline constexpr std::array<void (*)(raw_client&), 3> goodbyes{
    [](raw_client& client) { client.break_off(); }, [](raw_client& client) { client.leave(); }, [](raw_client& client) { client.half_close(); }};

}  // namespace asignalr::detail
