// SPDX-License-Identifier: MIT
#pragma once

#include "net/exchange.hpp"
#include "transport/transport.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace asignalr::detail {

/// A request of this process to its own server, without a body and without a stream below. Whoever makes it looks at the answer.
class memory_exchange final : public exchange {
public:
    /// @param opens what the request opens, if it is answered so: the server's end
    memory_exchange(lane& where, http_request request, std::unique_ptr<transport> opens = nullptr);

    /// For the one who opens it.
    std::unique_ptr<transport> take_transport() noexcept { return std::move(opens_); }
    /// Whether the request asks to open a transport.
    bool asks_for_transport() const noexcept { return opens_ != nullptr; }
    /// Once there is one. A transport that was opened is answered by what it carries.
    const std::optional<http_response>& answer() const noexcept { return answer_; }

    lane& where() noexcept override { return lane_; }
    const http_request& request() const noexcept override { return request_; }
    http_request take_request() override { return std::move(request_); }
    websocket_opening opening() const noexcept override { return websocket_opening::none; }
    bool abandoned() const noexcept override { return false; }
    bool knows_chunks() const noexcept override { return true; }
    void when_peer_leaves(std::function<void()>) override {}  // it waits for the answer
    void read_body(body_events& to) override { to.on_body_end(); }
    void pause_body() noexcept override {}
    void resume_body() override {}
    void add_headers(http_headers headers) override;
    const http_headers& added_headers() const noexcept override { return headers_; }
    void never_store() noexcept override {}  // nobody is between the ends
    void respond(http_response response) override;
    void respond_and_close(http_response response) override { respond(std::move(response)); }
    streamed_answer stream_response(const http_response& head) override;
    upgraded_stream upgrade() override;

private:
    lane& lane_;
    http_request request_;
    std::unique_ptr<transport> opens_;
    http_headers headers_;
    std::optional<http_response> answer_;
};

}  // namespace asignalr::detail
