// SPDX-License-Identifier: MIT
#pragma once

#include "net/exchange.hpp"

#include <functional>
#include <memory>

namespace asignalr::detail {

class http_connection;

/// An exchange over HTTP/1.1. It may outlive its connection, and is abandoned then. If memory runs out for what it does to its connection,
/// that is closed.
class http_exchange final : public exchange {
public:
    /// What a request was, besides itself.
    struct traits {
        websocket_opening opening;
        bool knows_chunks;
    };

    http_exchange(
        http_connection& connection, std::shared_ptr<lane> where, http_request request, http_headers added, traits of_request);
    ~http_exchange() override;

    lane& where() noexcept override { return *lane_; }
    const http_request& request() const noexcept override { return request_; }
    http_request take_request() override { return std::move(request_); }
    websocket_opening opening() const noexcept override { return traits_.opening; }
    bool knows_chunks() const noexcept override { return traits_.knows_chunks; }
    bool abandoned() const noexcept override { return connection_ == nullptr && !answered_; }

    void when_peer_leaves(std::function<void()> then) override;
    void read_body(body_events& to) override;
    void pause_body() noexcept override;
    void resume_body() override;

    void add_headers(http_headers headers) override;
    const http_headers& added_headers() const noexcept override { return added_headers_; }
    void never_store() noexcept override { never_stored_ = true; }
    void respond(http_response response) override { answer(std::move(response), false); }
    void respond_and_close(http_response response) override { answer(std::move(response), true); }
    streamed_answer stream_response(const http_response& head) override;
    upgraded_stream upgrade() override;

private:
    friend class http_connection;

    void answer(http_response response, bool close) noexcept;
    void answer_for_itself() noexcept;
    template <class Action>
    void on_connection(Action action) noexcept;
    http_headers headers_of_answer() const;
    std::shared_ptr<http_connection> leave();
    // Of the connection: the peer will send no more.
    void tell_peer_left();
    // Of the connection: it is gone, or has answered itself.
    void abandon();

    http_connection* connection_;  // null when it is gone or was answered
    std::shared_ptr<lane> lane_;
    http_request request_;
    http_headers added_headers_;  // of every answer
    std::function<void()> when_peer_leaves_;
    body_events* body_to_ = nullptr;  // until its end, or the answer
    traits traits_;
    bool never_stored_ = false;
    bool answered_ = false;
    bool peer_left_ = false;  // at least its sending half
};

}  // namespace asignalr::detail
