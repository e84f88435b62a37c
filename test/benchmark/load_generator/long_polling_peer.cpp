// SPDX-License-Identifier: MIT
#include "long_polling_peer.hpp"

#include "requests.hpp"

#include <utility>

namespace benchmark {

void long_polling_peer::negotiated() {
    connect_listening();
    poll();
}

void long_polling_peer::poll() { ask(poll_request(settings(), token())); }

void long_polling_peer::on_answer(std::string_view bytes) {
    poll_.feed(bytes);
    if (!poll_.is_complete()) {
        return;
    }
    if (poll_.status() != 200) {
        throw generator_error("a poll was refused, or the connection ended: " + poll_.head());
    }
    counter().feed(poll_.take_body());
    poll_.next();
    poll();
    if (!std::exchange(connected_, true)) {
        shake_hands();  // the first poll is answered with nothing, and makes the connection
    }
    heard();
}

}  // namespace benchmark
