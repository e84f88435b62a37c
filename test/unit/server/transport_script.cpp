// SPDX-License-Identifier: MIT
#include "transport_script.hpp"

#include <algorithm>
#include <utility>

namespace asignalr::detail {

std::string name_of_way(const testing::TestParamInfo<conversation_way>& way) {
    constexpr std::array<const char*, 3> transports{"websockets", "server_sent_events", "long_polling"};
    return transports[static_cast<std::size_t>(way.param.by)] + std::string(way.param.encoding == protocol_kind::json ? "_json" : "_messagepack");
}

transport_script::transport_script(conversation_way way, std::string_view path) : by_(way.by), speech_(way.encoding), path_(path) {
    parts_.push_back({0, "POST " + path_ + "/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n"});
    if (by_ == transport_way::websockets)
        parts_.push_back({0, upgrade_request(target())});
    else
        get(by_ == transport_way::server_sent_events ? "Accept: text/event-stream\r\n" : "");
    say(speech_.handshake());
}

std::size_t transport_script::size() const {
    std::size_t all = 0;
    for (const written& part : parts_)
        all += part.bytes.size();
    return all;
}

void transport_script::say(std::string_view messages) {
    if (by_ == transport_way::websockets) return raw(speech_.frame(messages));
    std::string bytes = "POST " + target() + " HTTP/1.1\r\nHost: here\r\nContent-Length: ";
    parts_.push_back({1, bytes.append(std::to_string(messages.size())).append("\r\n\r\n").append(messages)});
}

void transport_script::raw(std::string frames) { parts_.push_back({0, std::move(frames)}); }

void transport_script::poll() {
    if (by_ == transport_way::long_polling) get({});
}

void transport_script::remove() { parts_.push_back({1, "DELETE " + target() + " HTTP/1.1\r\nHost: here\r\n\r\n"}); }

std::string transport_script::target() const { return path_ + "?id=" + std::string(token_here); }

void transport_script::get(std::string_view headers) {
    parts_.push_back({0, "GET " + target() + " HTTP/1.1\r\nHost: here\r\n" + std::string(headers) + "\r\n"});
}

script_player::script_player(memory_server& server) noexcept : server_(server) {}

void script_player::play(const transport_script& script, const play_options& how) {
    clients_.clear();
    add_client(how);
    token_ = transport_script::token_here;
    std::size_t begin = 0;
    for (const auto& [socket, bytes] : script.parts()) {
        if (begin >= how.size) break;
        if (socket == clients_.size()) add_client(how);
        std::string text = with_token(bytes);
        text.resize(std::min(text.size(), how.size - begin));
        for (std::size_t written = 0; written < text.size();) {
            std::size_t end = how.bytewise ? written + 1 : text.size();
            if (how.cut_at > begin + written && how.cut_at < begin + end) end = how.cut_at - begin;
            clients_[socket].write(std::string_view(text).substr(written, end - written));
            settle();
            written = end;
        }
        if (begin == 0 && text.size() == bytes.size()) token_ = text_member(take_answer(clients_[0].raw).body, "connectionToken");
        begin += bytes.size();
    }
}

void script_player::settle() {
    for (bool some = true; some;) {
        some = false;
        for (raw_client& client : clients_) {
            server_.run();
            some = client.read() || some;
        }
    }
}

void script_player::leave() {
    for (raw_client& client : clients_)
        client.leave();
    server_.run();
}

std::string script_player::with_token(std::string bytes) const {
    if (const std::size_t at = bytes.find(transport_script::token_here); at != std::string::npos) bytes.replace(at, token_.size(), token_);
    return bytes;
}

void script_player::add_client(const play_options& how) {
    clients_.push_back(server_.connect(how.capacity, "127.0.0.1", 0, how.transfer_size));
}

script_fixture::script_fixture() = default;
script_fixture::~script_fixture() = default;

std::size_t script_fixture::disconnected() const {
    return static_cast<std::size_t>(std::count_if(world_->events.begin(), world_->events.end(), [](const std::string& event) {
        return event.starts_with("disconnected:");
    }));
}

}  // namespace asignalr::detail
