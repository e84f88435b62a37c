// SPDX-License-Identifier: MIT
#pragma once

#include "net/exchange.hpp"
#include "runtime/lane.hpp"
#include "transport/posted_input.hpp"
#include "transport/transport.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// Hub messages in the answers to polls (TransportProtocols specification, "Long Polling"); the client sends by POST.
///
/// A poll is parked until there is something to say. What comes between two polls waits in the connection's outbox.
class long_polling_transport final : public transport, private flushable {
public:
    static constexpr std::string_view transport_name = "LongPolling";

    struct time_limits {
        clock_source::duration poll;     ///< How long a poll is parked.
        clock_source::duration absence;  ///< How long the client may be without a poll.
    };

    /// @param asked the first poll, which is answered at once
    /// @param input what the client posted before
    long_polling_transport(lane& where, exchange& asked, std::unique_ptr<posted_input> input, time_limits limits);
    ~long_polling_transport() override;

    std::string_view name() const noexcept override { return transport_name; }
    bool is_polled() const noexcept override { return true; }
    bool carries(transfer_format) const noexcept override { return true; }

    void start(transport_events& events) override;
    bool blocked() const noexcept override { return poll_ == nullptr; }
    std::size_t pending() const noexcept override { return body_.size(); }
    void write(char* message, std::size_t size, transfer_format format) override;
    void write(std::span<const payload> messages) override;
    void pause() noexcept override { input_->pause(); }
    void resume() override { input_->resume(); }
    void close(transport_close why) override;
    void abort() noexcept override;
    void on_get(std::shared_ptr<exchange> asked) override;
    void on_post(std::shared_ptr<exchange> asked) override { input_->take(std::move(asked)); }
    void on_delete(std::shared_ptr<exchange> asked) override;
    void on_sweep(clock_source::time_point now) override;

private:
    enum class state : unsigned char {
        open,
        closing,  ///< All is said; the client is to learn that nothing more will come.
        over,
    };

    void flush() noexcept override;
    void say_what_is_there();
    void answer_poll(int status, std::string_view content_type, std::string body = {});
    void say_what_waits();
    void poll_left();
    void gather(std::string_view message);
    void finish();

    lane& lane_;
    std::unique_ptr<posted_input> input_;
    time_limits limits_;
    transport_events* events_ = nullptr;
    std::shared_ptr<exchange> poll_;  // the parked one
    std::string body_;                // of its answer, until the end of the turn
    clock_source::time_point deadline_{};
    state state_ = state::open;
    bool deleted_ = false;  // the client has ended it, and will not poll again
};

}  // namespace asignalr::detail
