// SPDX-License-Identifier: MIT
#include "other_counters.hpp"

#include "hub_counter.hpp"
#include "messages.hpp"

#include <algorithm>

namespace benchmark {
namespace {

constexpr std::size_t kept_head = 200;

}  // namespace

void byte_counter::feed(std::string_view piece) {
    received_ += piece.size();
    counts_.completions = counts_.invocations = received_ / message_size_;
}

void frame_counter::feed(std::string_view piece) {
    if (keeps_completions()) {
        counts_.last_completion = piece.substr(0, kept_head);
    }
}

// It is what the mode waits for: an answer, or what another connection has sent.
void frame_counter::end_frame() {
    ++counts_.completions;
    ++counts_.invocations;
}

void socket_io_counter::feed(std::string_view piece) {
    packet_.append(piece.substr(0, kept_head - std::min(kept_head, packet_.size())));
}

void socket_io_counter::end_frame() {
    count(packet_);
    packet_.clear();
}

void socket_io_counter::count(std::string_view packet) {
    if (packet.starts_with("43")) {
        ++counts_.completions;
        if (keeps_completions()) {
            counts_.last_completion = packet;
        }
    } else if (packet.starts_with("42")) {
        ++counts_.invocations;
    } else if (packet.starts_with("40")) {
        counts_.greeted = true;
    } else if (packet.starts_with("0")) {
        reply_ = std::string("40");
    } else if (packet == "2") {
        reply_ = std::string("3");
    } else {
        counts_.closed = true;
        counts_.close_text += "unexpected packet " + std::string(packet);
    }
}

bool socket_io_counter::take_reply(std::string& reply) {
    reply = std::exchange(reply_, {});
    return !reply.empty();
}

std::unique_ptr<message_counter> make_counter(const options& settings) {
    switch (settings.wire) {
        case wire::raw: return std::make_unique<byte_counter>(raw_message_size(settings));
        case wire::websocket: return std::make_unique<frame_counter>();
        case wire::socket_io: return std::make_unique<socket_io_counter>();
        case wire::signalr: break;
    }
    return std::make_unique<hub_counter>(settings.protocol == "messagepack");
}

}  // namespace benchmark
