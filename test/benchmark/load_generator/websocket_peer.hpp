// SPDX-License-Identifier: MIT
#pragma once

#include "frame_reader.hpp"
#include "peer.hpp"
#include "response_reader.hpp"
#include "tcp_socket.hpp"

#include <string>

namespace benchmark {

// A WebSocket, for SignalR behind a negotiation if asked for, on a connection of its own.
class websocket_peer final : public peer, private socket_events {
public:
    websocket_peer(const options& settings, event_loop& loop, peer_owner& owner);

    void send(std::string_view messages) override { socket_.send(messages); }

private:
    void begin() override;
    void say_good_bye() override;
    void on_data(tcp_socket&, std::string_view bytes) override;
    void on_end(tcp_socket&) override;

    void upgrade(std::string_view token);
    std::string_view take_response(std::string_view bytes);
    void take_frames(std::string_view bytes);

    bool negotiating_ = false;
    bool upgraded_ = false;
    tcp_socket socket_;
    response_reader response_;
    frame_reader frames_;
};

}  // namespace benchmark
