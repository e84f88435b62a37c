// SPDX-License-Identifier: MIT
#pragma once

#include "base/payload.hpp"
#include "connection/outgoing.hpp"
#include "runtime/lane.hpp"
#include "runtime/waiting_list.hpp"

#include <asio/awaitable.hpp>

#include <memory>
#include <string>
#include <vector>

namespace asignalr::detail {

/// What a connection sends, in order, and within a budget.
///
/// While the connection is being read, messages gather and leave in one write. Otherwise the first message of a turn goes straight to
/// the transport, and those behind it leave together at the turn's end. What the transport does not take waits here, shared where it
/// is shared. Where memory for that is lacking, the transport is aborted. On the lane only.
class outbox final : private flushable {
public:
    outbox(lane& where, outgoing_buffers& buffers, std::size_t budget) noexcept
        : lane_(where), buffers_(buffers), budget_(budget) {}
    ~outbox();

    void attach(transport& to, transfer_format format) noexcept {
        transport_ = &to;
        format_ = format;
    }
    void set_format(transfer_format format) noexcept { format_ = format; }
    /// Drops what waits, and everything from now on; whoever waits for room is told that the connection is closed.
    void close() noexcept;
    bool is_open() const noexcept { return transport_ != nullptr; }

    /// Gathers what is sent until uncork().
    void cork() noexcept;
    void uncork() noexcept;
    /// Gives the transport what waits for the end of the turn; afterwards only a blocked transport can keep it from being idle.
    void send_now() noexcept;

    /// The same in front of a close. False: some waits still, and the transport has to stay. A server that stops does not wait for
    /// the next poll.
    bool send_before(transport_close why) noexcept;

    /// Where to append one message; then commit() or rollback().
    std::string& begin();
    /// @returns false if the budget was used up before: the message is dropped, and the connection should be
    bool commit() noexcept;
    void rollback() noexcept;
    /// How long the message is that was begun, so far.
    std::size_t begun_size() noexcept { return (corked() ? buffers_.corked : buffers_.single).bytes().size() - begun_at_; }
    /// A message that is shared with others; the same answer.
    bool send(const payload& message) noexcept;
    /// The transport takes more.
    void on_writable() noexcept;

    /// Bytes that wait for the peer.
    std::size_t queued() const noexcept;
    bool idle() const noexcept { return !queue_ && (transport_ == nullptr || !transport_->blocked()); }
    bool has_room() const noexcept { return queued() < budget_ / 2; }
    /// Waits for room. Throws errc::connection_closed when there will be none.
    static asio::awaitable<void> room(std::shared_ptr<waiting_list> waiting, const outbox& self);
    std::shared_ptr<waiting_list> waiting();

private:
    struct queue {
        std::vector<payload> messages;
        std::size_t next = 0;
        std::size_t bytes = 0;
    };

    bool corked() const noexcept { return buffers_.cork_owner == this; }
    bool over_budget() const noexcept { return queued() >= budget_; }
    template <class Action>
    void with_memory(Action action) noexcept;
    void hand_over(outgoing_buffer& buffer, bool counts_as_turn) noexcept;
    void enqueue(payload message);
    void expect_more();
    void flush() noexcept override;
    void drain() noexcept;
    void write_some_of_queue();
    void tell_waiting() noexcept;

    lane& lane_;
    outgoing_buffers& buffers_;
    transport* transport_ = nullptr;
    std::unique_ptr<queue> queue_;
    std::shared_ptr<waiting_list> waiting_;
    std::size_t budget_;
    std::size_t begun_at_ = 0;  // where the message that is being written starts
    transfer_format format_ = transfer_format::text;
    bool sent_this_turn_ = false;
};

}  // namespace asignalr::detail
