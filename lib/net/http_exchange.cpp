// SPDX-License-Identifier: MIT
#include "net/http_exchange.hpp"

#include "base/memory.hpp"
#include "net/added_headers.hpp"
#include "net/http_connection.hpp"

#include <new>
#include <utility>

namespace asignalr::detail {

http_exchange::http_exchange(
    http_connection& connection, std::shared_ptr<lane> where, http_request request, http_headers added, traits of_request)
    : connection_(&connection),
      lane_(std::move(where)),
      request_(std::move(request)),
      added_headers_(std::move(added)),
      traits_(of_request) {
    connection.exchange_ = this;
}

http_exchange::~http_exchange() {
    if (connection_ == nullptr) return;
    // Whoever let go of it because the peer left has nothing to say.
    peer_left_ ? leave()->finish() : answer_for_itself();
}

void http_exchange::answer_for_itself() noexcept try {
    answer({.status = 500, .body = "The request was not answered."}, false);
} catch (const std::bad_alloc&) {
    leave()->finish();
}

template <class Action>
void http_exchange::on_connection(Action action) noexcept {
    const auto connection = connection_->shared_from_this();
    with_memory_or([&] { action(*connection); }, [&] { connection->out_of_memory(); });
}

void http_exchange::add_headers(http_headers headers) {
    add_headers_behind(headers, added_headers_);
    added_headers_ = std::move(headers);
}

// Those that never change are named here only, so that a parked poll does not hold them.
http_headers http_exchange::headers_of_answer() const {
    if (!never_stored_) return added_headers_;
    http_headers headers{{"Cache-Control", "no-cache, no-store"}, {"Expires", "Thu, 01 Jan 1970 00:00:00 GMT"}, {"Pragma", "no-cache"}};
    add_headers_behind(headers, added_headers_);
    return headers;
}

void http_exchange::answer(http_response response, bool close) noexcept {
    if (connection_ == nullptr) return;
    on_connection([&](http_connection& connection) {
        add_headers_behind(response, headers_of_answer());
        leave();
        // Who wanted a WebSocket and gets none may have sent bytes that are no request.
        connection.answer(std::move(response), close || traits_.opening != websocket_opening::none);
    });
}

streamed_answer http_exchange::stream_response(const http_response& head) {
    if (connection_ == nullptr) return {};
    http_response whole = head;
    add_headers_behind(whole, headers_of_answer());
    std::string text = connection_->head_of(whole, knows_chunks() ? http_connection::framing::chunks : http_connection::framing::end_of_stream, true);
    return {leave()->give_away(), std::move(text), knows_chunks()};
}

upgraded_stream http_exchange::upgrade() {
    if (connection_ == nullptr) return {};
    return leave()->give_away();
}

std::shared_ptr<http_connection> http_exchange::leave() {
    auto connection = std::exchange(connection_, nullptr)->shared_from_this();
    answered_ = true;
    when_peer_leaves_ = nullptr;
    body_to_ = nullptr;
    connection->exchange_ = nullptr;
    return connection;
}

void http_exchange::when_peer_leaves(std::function<void()> then) { when_peer_leaves_ = std::move(then); }

void http_exchange::tell_peer_left() {
    peer_left_ = true;
    if (const auto then = std::exchange(when_peer_leaves_, nullptr)) then();
}

void http_exchange::abandon() {
    connection_ = nullptr;
    // Either may drop the last owner of this.
    body_events* const body_to = std::exchange(body_to_, nullptr);
    const auto then = std::exchange(when_peer_leaves_, nullptr);
    if (body_to != nullptr) body_to->on_body_lost();
    if (then) then();
}

void http_exchange::read_body(body_events& to) {
    if (connection_ == nullptr) return to.on_body_lost();
    body_to_ = &to;
    on_connection([](http_connection& connection) { connection.read_body(); });
}

void http_exchange::pause_body() noexcept {
    if (connection_ != nullptr) connection_->pause_body();
}

void http_exchange::resume_body() {
    if (connection_ != nullptr) on_connection([](http_connection& connection) { connection.resume_body(); });
}

}  // namespace asignalr::detail
