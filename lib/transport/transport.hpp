// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/payload.hpp"
#include "net/exchange.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace asignalr::detail {

/// How the client's half of a transport ended.
enum class input_end : unsigned char {
    closed,     ///< In order, by a Close frame.
    deleted,    ///< In order, by a DELETE: what is still to be said can be read.
    lost,       ///< The connection broke or ended without a word.
    malformed,  ///< The peer broke the transport's protocol.
};

/// Why this side ends a transport; decides the WebSocket close code.
enum class transport_close : unsigned char {
    normal,      ///< 1000
    going_away,  ///< 1001
    too_large,   ///< 1009
    failed,      ///< 1011
};

/// Who uses a transport: the connection. Called in the lane's turn only.
class transport_events {
public:
    /// Brackets everything that arrives in one turn, so that all answers to it leave in one write.
    virtual void on_read_begin() = 0;
    /// Takes hub bytes; may overwrite those it takes. Returns how many; the rest is offered again in front of what comes later.
    virtual std::size_t on_bytes(char* bytes, std::size_t size) = 0;
    virtual void on_read_end() = 0;
    /// All that was given to the transport has left, and it takes more.
    virtual void on_writable() = 0;
    /// Nothing more will arrive. At most once; not after close() or abort().
    virtual void on_input_ended(input_end how) = 0;
    /// The transport is over and done with; it may be destroyed, but not before this call has returned. Exactly once.
    virtual void on_released() = 0;

protected:
    ~transport_events() = default;
};

/// Carries bytes of hub messages between a connection and a peer. Frame boundaries mean nothing: a hub message may span frames,
/// and a frame may hold many. Used on its lane only.
class transport {
public:
    /// What a write may put in front of a message in place.
    static constexpr std::size_t header_room = payload::header_room;

    transport() = default;
    transport(const transport&) = delete;
    transport& operator=(const transport&) = delete;
    virtual ~transport();

    /// As `context().transport_name()` and negotiate tell it.
    virtual std::string_view name() const noexcept = 0;
    /// Whether the peer asks for each write: a silent one is noticed without pings, and what waits for it is not stuck (long polling).
    virtual bool is_polled() const noexcept { return false; }
    virtual bool carries(transfer_format format) const noexcept = 0;

    /// Begins to read. Bytes that arrived early are delivered first.
    virtual void start(transport_events& events) = 0;

    /// Whether earlier bytes still wait for the peer; nothing may be written meanwhile.
    virtual bool blocked() const noexcept = 0;
    /// Bytes that wait for the peer.
    virtual std::size_t pending() const noexcept = 0;
    /// How many bytes the peer has taken that it did not take at once: whether it reads at all.
    virtual std::size_t taken_late() const noexcept { return 0; }
    /// Sends one run of hub messages. `header_room` bytes in front of `message` may be overwritten. What the peer does not take
    /// now is copied, and the transport is blocked until it has left.
    virtual void write(char* message, std::size_t size, transfer_format format) = 0;
    /// Sends shared messages in one write, at most 64; what the peer does not take now is kept by reference.
    virtual void write(std::span<const payload> messages) = 0;

    /// Stops reading, also within on_bytes(): what was read and not taken is kept.
    virtual void pause() noexcept = 0;
    /// Delivers what was kept and goes on reading; in a turn of its own.
    virtual void resume() = 0;

    /// Ends in order behind what was written. Nothing is delivered any more.
    virtual void close(transport_close why) = 0;
    /// Ends at once.
    virtual void abort() noexcept = 0;
    // Further requests of the client's on this connection. Each is answered, now or later.

    /// A request that opens this kind of transport. There can be only one, unless the transport says otherwise.
    virtual void on_get(std::shared_ptr<exchange> asked);
    /// Bytes for the hub.
    virtual void on_post(std::shared_ptr<exchange> asked) = 0;
    /// The client ends the connection.
    virtual void on_delete(std::shared_ptr<exchange> asked);

    /// Looks at the transport's own deadlines.
    virtual void on_sweep(clock_source::time_point now) = 0;
};

}  // namespace asignalr::detail
