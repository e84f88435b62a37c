// SPDX-License-Identifier: MIT
#include "net/http_exchange.hpp"

#include "net/http_connection.hpp"

#include <iterator>
#include <utility>

namespace asignalr::detail {

http_exchange::http_exchange(
    http_connection& connection, std::shared_ptr<lane> where, http_request request, bool wants_websocket)
    : connection_(&connection),
      lane_(std::move(where)),
      request_(std::move(request)),
      wants_websocket_(wants_websocket) {
    connection.exchange_ = this;
}

http_exchange::~http_exchange() {
    if (connection_ != nullptr) answer({.status = 500, .body = "The request was not answered."}, false);
}

void http_exchange::add_headers(std::vector<std::pair<std::string, std::string>> headers) {
    headers_.insert(headers_.end(), std::make_move_iterator(headers.begin()), std::make_move_iterator(headers.end()));
}

void http_exchange::answer(http_response response, bool close) {
    if (connection_ == nullptr) return;
    response.headers.insert(response.headers.end(), headers_.begin(), headers_.end());
    const auto connection = std::exchange(connection_, nullptr)->shared_from_this();
    answered_ = true;
    connection->exchange_ = nullptr;
    connection->answer(std::move(response), close);
}

upgraded_stream http_exchange::upgrade() {
    if (connection_ == nullptr) return {};
    const auto connection = std::exchange(connection_, nullptr)->shared_from_this();
    answered_ = true;
    connection->exchange_ = nullptr;
    return connection->give_away();
}

}  // namespace asignalr::detail
