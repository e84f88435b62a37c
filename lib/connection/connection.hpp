// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/connection/hub_options.hpp>

#include "base/memory.hpp"
#include "connection/counted.hpp"
#include "connection/outbox.hpp"
#include "connection/registry.hpp"
#include "connection/write_watch.hpp"
#include "log/log.hpp"
#include "protocol/hub_message.hpp"
#include "protocol/hub_protocol.hpp"
#include "runtime/lane.hpp"
#include "transport/transport.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace asignalr::detail {

/// What the connections of one lane and one hub share.
struct connection_surroundings {
    lane& where;
    const hub_options& options;
    outgoing_buffers& buffers;
    tape& values;
    hub_protocol& json;
    hub_protocol& messagepack;
    lane_log& log;
};

/// Who uses a connection: the hub's session. In the lane's turn.
class connection_events {
public:
    /// The handshake is done. Nothing is read until the connection is resume()d.
    virtual void on_opened() = 0;
    /// A message other than ping and close. `raw` is the message before it was taken apart.
    virtual void on_message(const hub_message& message, std::string_view raw) = 0;
    /// The connection is over; once, in a turn of its own, and only after on_opened().
    virtual void on_ended(std::optional<std::string> error) noexcept = 0;

protected:
    ~connection_events() = default;
};

/// How a connection is to end, as seen by the client.
struct goodbye {
    std::string_view details = {};        ///< What stands behind the error text, where details are shown; empty and no `error`: none.
    bool error = false;                   ///< Whether the Close message carries an error.
    bool always_show_details = false;     ///< Also without detailed errors: a hub_error.
    bool allow_reconnect = false;
    transport_close close = transport_close::normal;
};

/// One client: its handshake, its time limits and its messages, over whatever transport it came by.
///
/// A state machine without coroutines; it is the base of the session that a hub has with the client, in one allocation. If memory runs out
/// in the middle of something, nobody knows how far that came: the connection is closed at once.
class connection : public counted, public transport_owner, private transport_events, private sweep_entry {
public:
    /// @param owner of the surroundings: kept until nothing here needs them
    connection(std::shared_ptr<const void> owner, connection_surroundings& around, std::string id);

    std::string_view id() const noexcept { return id_; }
    lane& where() const noexcept { return around_.where; }
    const hub_options& options() const noexcept { return around_.options; }
    connection_surroundings& around() const noexcept { return around_; }
    std::string_view transport_name() const noexcept { return transport_ ? transport_->name() : std::string_view{}; }
    /// The one that the client chose in the handshake.
    hub_protocol& protocol() const noexcept { return *protocol_; }
    outbox& out() noexcept { return outbox_; }
    bool is_open() const noexcept { return state_ == state::open; }

    transport* by() const noexcept override { return transport_.get(); }

    /// Begins with the handshake.
    void attach(std::unique_ptr<transport> by, connection_events& events);

    /// Where to append one message to this client; then commit_message() or, if it cannot be written, rollback_message().
    /// Only while is_open().
    std::string& begin_message() {
        around_.where.count().serializations.add();
        return outbox_.begin();
    }
    void commit_message() noexcept {
        if (around_.log.traces()) trace("a message is sent", outbox_.begun_size());
        if (!outbox_.commit()) overflowed();
    }
    void rollback_message() noexcept { outbox_.rollback(); }
    /// In the encoding that this client wants, if it is there.
    void send(const encoded_message& message) noexcept {
        const payload& mine = message[static_cast<std::size_t>(protocol_->kind())];
        if (state_ != state::open || !mine) return;
        if (around_.log.traces()) trace("a message is sent", mine.message().size());
        if (!outbox_.send(mine)) overflowed();
    }

    /// Stops taking messages, from the next one on.
    void hold();
    /// Goes on, in a turn of its own.
    void resume();
    bool is_held() const noexcept { return held_; }

    /// Ends the connection: Close message, then the transport's own close.
    /// @param reason what `on_disconnected` is told
    void end(const goodbye& how, std::optional<std::string> reason) noexcept;
    /// The client broke the protocol: ends with an error that names it.
    void fail(std::string_view details);
    /// Closes the transport at once, whatever state the connection is in.
    void abort() noexcept;
    /// The same, since memory ran out for it.
    void out_of_memory() noexcept;
    /// Closes the transport at once; connection_events are told nothing any more.
    void drop() noexcept;

protected:
    /// Does something that the connection ends with if memory runs out.
    template <class Turn>
    void with_memory(Turn turn) noexcept {
        with_memory_or(std::move(turn), [this] { out_of_memory(); });
    }

private:
    enum class state : unsigned char { handshaking, open, ended };

    void on_read_begin() override;
    std::size_t on_bytes(char* bytes, std::size_t size) override;
    void on_read_end() override;
    void on_writable() override;
    void on_input_ended(input_end how) override;
    void on_released() override;
    void on_sweep(clock_source::time_point now) override;

    std::size_t take_bytes(std::string_view all);
    std::size_t take_handshake(std::string_view bytes);
    std::string judge_handshake(std::string_view message);
    hub_protocol* find_protocol(std::string_view name) const noexcept;
    void accept_handshake();
    void refuse_handshake(std::string_view error, std::string_view log_text);
    void take_message(std::string_view raw);
    void refuse_message(std::string_view error);
    void end_of_client(const hub_message& close);
    void overflowed() noexcept;
    void drop_slow_client(std::string_view log_text, std::string_view limit);
    void trace(std::string_view what, std::size_t size) const noexcept;
    void too_large();
    void say_goodbye(const goodbye& how);
    void close_when_sent();
    void tell_ended();
    void log_end(const std::optional<std::string>& reason) const noexcept;
    void look_at_time(clock_source::time_point now);
    void check_write_deadline(clock_source::time_point now);
    void check_client(clock_source::time_point now);

    std::shared_ptr<const void> owner_;  // goes last
    connection_surroundings& around_;
    hub_protocol* protocol_;
    connection_events* events_ = nullptr;
    std::string id_;
    std::unique_ptr<transport> transport_;
    outbox outbox_;
    std::size_t known_ = 0;  // bytes at the front of what was not taken that do not complete a message
    clock_source::time_point begun_{};
    clock_source::time_point last_message_{};
    clock_source::time_point last_ping_{};
    write_watch write_watch_;
    std::unique_ptr<std::string> reason_;  // for on_ended
    transport_close close_code_ = transport_close::normal;
    state state_ = state::handshaking;
    bool opened_ = false;  // and on_ended is not under way yet
    bool held_ = false;
    bool pinged_ = false;        // the client has; only then can it time out
    bool close_pending_ = false;  // the transport is closed when all has left
};

}  // namespace asignalr::detail
