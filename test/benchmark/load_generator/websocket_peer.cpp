// SPDX-License-Identifier: MIT
#include "websocket_peer.hpp"

#include "frames.hpp"
#include "messages.hpp"
#include "requests.hpp"

namespace benchmark {

websocket_peer::websocket_peer(const options& settings, event_loop& loop, peer_owner& owner)
    : peer(settings, loop, owner), socket_(loop, *this) {}

void websocket_peer::begin() {
    frames_ = {};
    response_.next();
    upgraded_ = false;
    negotiating_ = settings().negotiate;
    if (!negotiating_) {
        upgrade({});
        return;
    }
    socket_.connect(settings());
    socket_.send(negotiate_request(settings()));
}

void websocket_peer::upgrade(std::string_view token) {
    socket_.connect(settings());
    socket_.send(upgrade_request(settings(), token));
}

void websocket_peer::say_good_bye() { socket_.send(close_frame()); }

void websocket_peer::on_data(tcp_socket&, std::string_view bytes) {
    if (!upgraded_) {
        bytes = take_response(bytes);
    }
    if (upgraded_) {
        take_frames(bytes);
    }
}

std::string_view websocket_peer::take_response(std::string_view bytes) {
    bytes = response_.feed(bytes);
    if (!response_.is_complete()) {
        return bytes;
    }
    if (response_.status() != (negotiating_ ? 200 : 101)) {
        throw generator_error((negotiating_ ? "negotiation refused: " : "upgrade refused: ") + response_.head());
    }
    if (negotiating_) {
        negotiating_ = false;
        const std::string token = token_of(response_.take_body());
        response_.next();
        socket_.disconnect();
        upgrade(token);
        return {};
    }
    upgraded_ = true;
    response_.next();
    if (settings().wire == wire::signalr) {
        socket_.send(text_frame(handshake_message(settings())));
    }
    return bytes;
}

void websocket_peer::take_frames(std::string_view bytes) {
    frames_.feed(bytes, counter());
    if (is_closing()) {
        return;  // its end is what counts
    }
    if (frames_.closed()) {
        throw generator_error(
            "the server closed the WebSocket: " + counter().counts().close_text + " " + frames_.close_text());
    }
    std::string text;
    if (frames_.take_ping(text)) {
        socket_.send(pong_frame(text));
    }
    while (counter().take_reply(text)) {
        socket_.send(text_frame(text));
    }
    heard();
}

void websocket_peer::on_end(tcp_socket&) {
    if (!is_closing()) {
        throw generator_error("the server closed the connection");
    }
    socket_.disconnect();
    closed();
}

}  // namespace benchmark
