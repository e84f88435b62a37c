// SPDX-License-Identifier: MIT
#include "raw_peer.hpp"

namespace benchmark {

raw_peer::raw_peer(const options& settings, event_loop& loop, peer_owner& owner)
    : peer(settings, loop, owner), socket_(loop, *this) {}

void raw_peer::on_data(tcp_socket&, std::string_view bytes) {
    counter().feed(bytes);
    heard();
}

void raw_peer::on_end(tcp_socket&) { throw generator_error("the server closed the connection"); }

}  // namespace benchmark
