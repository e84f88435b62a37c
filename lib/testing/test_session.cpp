// SPDX-License-Identifier: MIT
#include "testing/test_session.hpp"

#include <asignalr/base/error.hpp>

#include "base/text.hpp"
#include "protocol/handshake_message.hpp"
#include "protocol/json_protocol.hpp"

#include <limits>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace asignalr::detail {

test_session::test_session(
    std::shared_ptr<test_world> world, std::string id, std::unique_ptr<hub_protocol> protocol, std::unique_ptr<transport> by)
    : world_(std::move(world)),
      id_(std::move(id)),
      protocol_(std::move(protocol)),
      values_(std::numeric_limits<std::size_t>::max()),
      transport_(std::move(by)) {
    transport_->start(*this);
}

// ---- sending

void test_session::shake_hands() {
    send(handshake_for(protocol_->name()));
    world_->run_until([this] { return handshake_error_ || over_; }, "the answer to the handshake");
    if (!handshake_error_) throw std::runtime_error("asignalr: the connection ended during the handshake");
    if (!handshake_error_->empty()) throw std::runtime_error("asignalr: the handshake was refused: " + *handshake_error_);
}

void test_session::send(std::string_view message) {
    if (over_) throw std::system_error(errc::connection_closed, "asignalr: a test_client sends");
    unsent_ += message;
    flush();
}

void test_session::flush() {
    if (unsent_.empty() || transport_->blocked()) return;
    std::string message(transport::header_room, '\0');
    message += std::exchange(unsent_, {});
    transport_->write(message.data() + transport::header_room, message.size() - transport::header_room, protocol_->format());
}

void test_session::send_for_upload(std::string_view id, std::string_view message) {
    const auto held = held_.find(id);
    if (held == held_.end()) return send(message);
    held->second += message;
}

void test_session::send_call(std::string call, const std::vector<std::string>& uploads) {
    for (const std::string& id : uploads) {
        call += held_[id];
        held_.erase(id);
    }
    send(call);
}

// ---- receiving

std::size_t test_session::on_bytes(char* bytes, std::size_t size) {
    const std::string_view all(bytes, size);
    std::size_t taken = handshake_error_ ? 0 : take_handshake(all);
    if (!handshake_error_) return 0;
    while (taken < size) {
        const std::string_view rest = all.substr(taken);
        const std::size_t message = protocol_->find_message(rest, 0).size;
        if (message == 0 || message > rest.size()) break;
        take_message(std::string(rest.substr(0, message)));
        taken += message;
    }
    return taken;
}

std::size_t test_session::take_handshake(std::string_view bytes) {
    const std::size_t end = bytes.find(record_separator);
    if (end == std::string_view::npos) return 0;
    handshake_error_ = handshake_error(bytes.substr(0, end), values_);
    return end + 1;
}

void test_session::take_message(const std::string& raw) {
    const hub_message& message = parse(raw);
    switch (message.type) {
        case message_type::invocation: box(box_of_calls(message.target)).messages.push_back(raw); break;
        case message_type::stream_item:
        case message_type::completion:
            box(test_link::answers_to(message.invocation_id)).messages.push_back(raw);
            break;
        case message_type::ping: ++pings_; break;
        case message_type::close:
            if (message.has_error) close_.error = std::string(message.error);
            close_.allow_reconnect = message.allow_reconnect;
            close();
            break;
        default: break;  // what servers do not say
    }
}

const hub_message& test_session::parse(const std::string& raw) {
    const parse_result parsed = protocol_->parse(raw, values_, message_);
    if (parsed.what != parse_result::outcome::message)
        throw std::runtime_error("asignalr: the server sent what its clients cannot read: " + parsed.error);
    return message_;
}

std::string test_session::box_of_calls(std::string_view method) {
    std::string name = "calls of " + to_lower(method);
    box(name).what = "a call of '" + std::string(method) + "'";
    return name;
}

bool test_session::has_news(const test_box& in) const {
    if (!in.messages.empty()) return true;
    if (!over_) return false;
    std::string text = "asignalr: " + in.what + " did not come";
    if (close_.error) text += " (" + *close_.error + ")";
    throw std::system_error(errc::connection_closed, text);
}

void test_session::on_released() {
    over_ = true;
    news_.wake_all({});
}

}  // namespace asignalr::detail
