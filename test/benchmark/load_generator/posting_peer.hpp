// SPDX-License-Identifier: MIT
#pragma once

#include "peer.hpp"
#include "response_reader.hpp"
#include "tcp_socket.hpp"

#include <string>

namespace benchmark {

// What the transports without WebSockets share: negotiation and posts, one after the other on one connection that stays
// open, as browsers keep it. What is sent while a post is under way goes out together in the next, as in Microsoft's
// clients.
class posting_peer : public peer, protected socket_events {
public:
    posting_peer(const options& settings, event_loop& loop, peer_owner& owner);

    void send(std::string_view messages) override;

protected:
    // The token is there.
    virtual void negotiated() = 0;
    // From the connection for what the server has to say.
    virtual void on_answer(std::string_view bytes) = 0;

    void connect_listening();
    void ask(std::string_view request) { listening_.send(request); }
    void shake_hands();
    const std::string& token() const { return token_; }

private:
    void begin() override;
    void on_data(tcp_socket& from, std::string_view bytes) final;
    void on_end(tcp_socket&) final;
    void on_posted(std::string_view bytes);
    void post_waiting();

    tcp_socket posting_;
    tcp_socket listening_;
    response_reader posted_;
    std::string token_;
    std::string waiting_;
    bool under_way_ = false;
};

}  // namespace benchmark
