// SPDX-License-Identifier: MIT
#pragma once

#include "net/exchange.hpp"

#include <memory>

namespace asignalr::detail {

class http_connection;

/// An exchange over HTTP/1.1. It may outlive its connection, and is abandoned then.
class http_exchange final : public exchange {
public:
    http_exchange(http_connection& connection, std::shared_ptr<lane> where, http_request request, bool wants_websocket);
    ~http_exchange() override;

    lane& where() noexcept override { return *lane_; }
    const http_request& request() const noexcept override { return request_; }
    http_request take_request() override { return std::move(request_); }
    bool wants_websocket() const noexcept override { return wants_websocket_; }
    bool abandoned() const noexcept override { return connection_ == nullptr && !answered_; }

    void add_headers(std::vector<std::pair<std::string, std::string>> headers) override;
    void respond(http_response response) override { answer(std::move(response), false); }
    void respond_and_close(http_response response) override { answer(std::move(response), true); }
    upgraded_stream upgrade() override;

private:
    friend class http_connection;

    void answer(http_response response, bool close);

    http_connection* connection_;  // null when it is gone or was answered
    std::shared_ptr<lane> lane_;
    http_request request_;
    std::vector<std::pair<std::string, std::string>> headers_;  // of every answer
    bool wants_websocket_;
    bool answered_ = false;
};

}  // namespace asignalr::detail
