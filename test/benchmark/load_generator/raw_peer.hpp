// SPDX-License-Identifier: MIT
#pragma once

#include "peer.hpp"
#include "tcp_socket.hpp"

namespace benchmark {

// A plain TCP connection: open when it is connected.
class raw_peer final : public peer, private socket_events {
public:
    raw_peer(const options& settings, event_loop& loop, peer_owner& owner);

    void send(std::string_view messages) override { socket_.send(messages); }

private:
    void begin() override { socket_.connect(settings()); }
    void on_connected(tcp_socket&) override { heard(); }
    void on_data(tcp_socket&, std::string_view bytes) override;
    void on_end(tcp_socket&) override;

    tcp_socket socket_;
};

}  // namespace benchmark
