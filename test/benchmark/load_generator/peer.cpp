// SPDX-License-Identifier: MIT
#include "peer.hpp"

#include "event_stream_peer.hpp"
#include "long_polling_peer.hpp"
#include "raw_peer.hpp"
#include "websocket_peer.hpp"

namespace benchmark {

peer::peer(const options& settings, event_loop& loop, peer_owner& owner)
    : settings_(settings), loop_(loop), owner_(owner) {}

void peer::start() {
    counter_ = make_counter(settings_);
    state_ = state::opening;
    begin();
}

void peer::close() {
    state_ = state::closing;
    say_good_bye();
}

void peer::say_good_bye() { throw generator_error("only WebSockets can be closed"); }

void peer::heard() {
    if (counts().closed) {
        throw generator_error("the server closed: " + counts().close_text);
    }
    if (state_ == state::opening && counts().greeted) {
        state_ = state::open;
        owner_.on_open(*this);
    }
    if (state_ == state::open) {
        owner_.on_progress(*this);
    }
}

void peer::closed() {
    state_ = state::closed;
    owner_.on_progress(*this);
}

std::unique_ptr<peer> make_peer(const options& settings, event_loop& loop, peer_owner& owner) {
    if (settings.wire == wire::raw) {
        return std::make_unique<raw_peer>(settings, loop, owner);
    }
    switch (settings.transport) {
        case transport::server_sent_events: return std::make_unique<event_stream_peer>(settings, loop, owner);
        case transport::long_polling: return std::make_unique<long_polling_peer>(settings, loop, owner);
        case transport::websockets: break;
    }
    return std::make_unique<websocket_peer>(settings, loop, owner);
}

}  // namespace benchmark
