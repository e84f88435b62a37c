// SPDX-License-Identifier: MIT
#pragma once

#include "options.hpp"
#include "reply_counter.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace benchmark {

// One connection to the server, non-blocking.
//
// start(); then on_ready() for every event of its descriptor until is_open(); then send() and on_ready(). The owner
// watches descriptor() for reading always and for writing while wants_write(); a negotiation changes the descriptor
// once.
class peer {
public:
    explicit peer(const options& settings) : settings_(&settings) {}
    peer(const peer&) = delete;
    peer& operator=(const peer&) = delete;
    ~peer();

    void start();
    void send(std::string_view bytes);

    // Reads once into `buffer` and writes what waited. Throws generator_error when the server ended the connection.
    void on_ready(bool readable, bool writable, std::span<char> buffer);

    // Connected, and with the hub handshake done.
    bool is_open() const { return stage_ == stage::open && !connecting_; }
    bool wants_write() const { return connecting_ || waiting_.size() > waiting_offset_; }
    int descriptor() const { return descriptor_; }
    const tally& counts() const { return counter_.counts(); }
    std::uint64_t bytes_received() const { return bytes_received_; }
    void keep_completions(bool keep) { counter_.keep_completions(keep); }

    // True once after the descriptor is another one (it may have the number of the old one).
    bool take_reconnected() { return std::exchange(reconnected_, false); }

    // For the owner's loop: how much of what it waits for it has seen, what it has sent, and the next call of its ring.
    std::uint64_t seen = 0;
    std::uint64_t sent = 0;
    std::size_t next_call = 0;

private:
    enum class stage { negotiating, upgrading, handshaking, open };

    void connect();
    void disconnect();
    void request();
    void write_waiting();
    void receive(std::string_view bytes);
    void receive_http(std::string_view bytes);
    void finish_negotiation(const std::string& body);
    void receive_frames(std::string_view bytes);
    [[noreturn]] void fail(const std::string& why) const;

    const options* settings_;
    stage stage_ = stage::upgrading;
    int descriptor_ = -1;
    bool connecting_ = false;
    bool reconnected_ = false;
    std::string waiting_;
    std::size_t waiting_offset_ = 0;
    std::string response_;
    std::string token_;
    reply_counter counter_;
    std::uint64_t bytes_received_ = 0;
};

}  // namespace benchmark
