// SPDX-License-Identifier: MIT
#pragma once

#include "event_loop.hpp"
#include "message_counter.hpp"
#include "options.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace benchmark {

class peer;

// Who has opened it.
class peer_owner {
public:
    virtual void on_open(peer& which) = 0;
    // Something came for one that is open, or it has closed as it was told to.
    virtual void on_progress(peer& which) = 0;

protected:
    ~peer_owner() = default;
};

// One client of the server: start(), then it opens, which for SignalR means that the hub handshake is done.
//
// Throws generator_error when the server refuses it or ends it.
class peer {
public:
    peer(const options& settings, event_loop& loop, peer_owner& owner);
    peer(const peer&) = delete;
    peer& operator=(const peer&) = delete;
    virtual ~peer() = default;

    // Also once more after it has closed.
    void start();
    // Messages as call_ring has them, any number.
    virtual void send(std::string_view messages) = 0;
    // Says good-bye; is_closed() when the server has closed too.
    void close();

    bool is_open() const { return state_ == state::open; }
    bool is_closed() const { return state_ == state::closed; }
    const tally& counts() const { return counter_->counts(); }
    void keep_completions(bool keep) { counter_->keep_completions(keep); }

    // Its place among those of the run.
    std::size_t index = 0;

    // For the owner's loop: how much of what it waits for it has seen, what it has sent, and the next call of its ring.
    std::uint64_t seen = 0;
    std::uint64_t sent = 0;
    std::size_t next_call = 0;

protected:
    virtual void begin() = 0;
    virtual void say_good_bye();

    // Call it after each piece that came: opens when the server has greeted, throws when it has closed.
    void heard();
    void closed();
    bool is_closing() const { return state_ == state::closing; }
    const options& settings() const { return settings_; }
    event_loop& loop() { return loop_; }
    message_counter& counter() { return *counter_; }

private:
    enum class state { opening, open, closing, closed };

    const options& settings_;
    event_loop& loop_;
    peer_owner& owner_;
    state state_ = state::opening;
    std::unique_ptr<message_counter> counter_;
};

// For the wire and the transport of the settings.
std::unique_ptr<peer> make_peer(const options& settings, event_loop& loop, peer_owner& owner);

}  // namespace benchmark
