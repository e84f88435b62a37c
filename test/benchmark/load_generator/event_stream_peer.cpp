// SPDX-License-Identifier: MIT
#include "event_stream_peer.hpp"

#include "requests.hpp"

#include <utility>

namespace benchmark {

void event_stream_peer::negotiated() {
    connect_listening();
    ask(stream_request(settings(), token()));
}

void event_stream_peer::on_answer(std::string_view bytes) {
    stream_.feed(bytes);
    if (!stream_.has_head()) {
        return;
    }
    if (stream_.status() != 200 || stream_.is_complete()) {
        throw generator_error("the stream was refused, or ended: " + stream_.head());
    }
    if (!std::exchange(streaming_, true)) {
        shake_hands();
    }
    events_.feed(stream_.take_body(), counter());
    heard();
}

}  // namespace benchmark
