// SPDX-License-Identifier: MIT
#include "posting_peer.hpp"

#include "messages.hpp"
#include "requests.hpp"

namespace benchmark {

posting_peer::posting_peer(const options& settings, event_loop& loop, peer_owner& owner)
    : peer(settings, loop, owner), posting_(loop, *this), listening_(loop, *this) {}

void posting_peer::begin() {
    posting_.connect(settings());
    posting_.send(negotiate_request(settings()));
    under_way_ = true;
}

void posting_peer::send(std::string_view messages) {
    waiting_.append(messages);
    post_waiting();
}

void posting_peer::post_waiting() {
    if (under_way_ || waiting_.empty()) {
        return;
    }
    under_way_ = true;
    posting_.send(post_request(settings(), token_, waiting_));
    waiting_.clear();
}

void posting_peer::connect_listening() { listening_.connect(settings()); }

void posting_peer::shake_hands() { send(on_the_wire(settings(), handshake_message(settings()))); }

void posting_peer::on_data(tcp_socket& from, std::string_view bytes) {
    if (&from == &posting_) {
        on_posted(bytes);
    } else {
        on_answer(bytes);
    }
}

void posting_peer::on_posted(std::string_view bytes) {
    posted_.feed(bytes);
    if (!posted_.is_complete()) {
        return;
    }
    if (posted_.status() != 200) {
        throw generator_error("a post was refused: " + posted_.head());
    }
    under_way_ = false;
    const std::string body = posted_.take_body();
    posted_.next();
    if (token_.empty()) {
        token_ = token_of(body);
        negotiated();
    }
    post_waiting();
}

void posting_peer::on_end(tcp_socket&) { throw generator_error("the server closed the connection"); }

}  // namespace benchmark
