// SPDX-License-Identifier: MIT
// What a connection does with its answers: they are written at once as far as the peer takes them, and the rest when it takes more.
#include "net/http_connection.hpp"

#include "net/added_headers.hpp"
#include "net/http_connections.hpp"
#include "net/http_exchange.hpp"
#include "runtime/lane.hpp"
#include "wire/http_response_head.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace asignalr::detail {
namespace {

constexpr std::size_t small_answer = 16 * 1024;  // the kernel may keep it for a slow reader

bool has_length(int status) noexcept { return status != 204 && status != 304; }

}  // namespace

void http_connection::refuse(int status, std::string_view text, std::string_view option) {
    where().count().http_requests_refused.add();
    body_wanted_ = !reading_ || reading_->parser.head().method != "HEAD";
    const std::string code = std::to_string(status);
    owner_.log_.refused(
        refusal::request, where().now(), "A request was refused.",
        {{"status", code}, {"reason", text}, {"option", option}, {"peer", stream_->remote_address()}});
    answer({.status = status, .body = std::string(text) + "\n"}, true);
}

std::string http_connection::head_of(const http_response& response, framing by, bool close) const {
    std::string head;
    begin_response_head(head, response.status);
    add_response_header(head, "Date", http_date());
    if (!response.content_type.empty()) add_response_header(head, "Content-Type", response.content_type);
    if (by == framing::length) add_response_header(head, "Content-Length", std::to_string(response.body.size()));
    if (by == framing::chunks) add_response_header(head, "Transfer-Encoding", "chunked");
    if (close) add_response_header(head, "Connection", "close");
    for (const auto& [name, value] : response.headers)
        if (!is_framing_header(name)) add_response_header(head, name, value);
    head += "\r\n";
    return head;
}

void http_connection::answer(http_response response, bool close) {
    if (response.status < 200 || response.status > 999) response.status = 500;
    add_headers_behind(response, std::exchange(added_headers_, {}));
    // Behind a request that may have no end, or with nobody to send another one, there is no next.
    const bool no_next = input_ended_ && input_position_ == input_.size();
    const bool rest_of_body = body_unread_ || (streaming_ && state_ != state::complete);
    close_after_answer_ = close_after_answer_ || close || owner_.winding_down_ || no_next || rest_of_body;
    forget_body();
    const framing by = has_length(response.status) ? framing::length : framing::no_body;
    const std::string head = head_of(response, by, close_after_answer_);
    enter(state::writing);
    const std::string_view body = by == framing::length && body_wanted_ ? std::string_view(response.body) : std::string_view{};
    send(head, body);
    if (state_ == state::writing) count_answer(head.size() + body.size());
    if (state_ == state::writing && output_.empty()) answered();
}

// Writes at once what the peer takes; a broken stream ends the connection.
void http_connection::send(std::string_view head, std::string_view body) {
    std::array<std::string_view, 2> pieces{head, body};
    while (output_.empty() && pieces[0].size() + pieces[1].size() > 0) {
        const auto first = pieces.begin() + (pieces[0].empty() ? 1 : 0);
        const io_result result = stream_->write_some({first, pieces.end()});
        if (result.would_block()) break;
        if (result.error) return finish();
        const std::size_t of_head = std::min(result.size, pieces[0].size());
        pieces[0].remove_prefix(of_head);
        pieces[1].remove_prefix(result.size - of_head);
    }
    output_.append(pieces[0]);
    output_.append(pieces[1]);
}

void http_connection::on_writable() {
    const auto self = shared_from_this();
    where().check_thread();
    with_memory([&] { write(); });
}

void http_connection::write() {
    while (!output_.empty()) {
        const std::string_view rest = output_.view().substr(output_position_);
        const io_result result = stream_->write_some({&rest, 1});
        if (result.would_block()) return wait();
        if (result.error) return finish();
        output_position_ += result.size;
        if (output_position_ < output_.size()) continue;
        output_.release();
        output_position_ = 0;
    }
    if (state_ == state::writing) answered();
}

// What the kernel took is not with the peer yet. It is asked about an answer of some size only, as the question costs a system call.
void http_connection::count_answer(std::size_t size) {
    if (left_ > 0) {
        left_ += size;
    } else if (!output_.empty() || size > small_answer) {
        left_ = untaken();
        response_rate_.start(owner_.response_rate_, where().now());
    }
}

bool http_connection::takes_too_slowly(clock_source::time_point now) {
    const std::size_t before = std::exchange(left_, untaken());
    response_rate_.add(owner_.response_rate_, before - std::min(before, left_), now);
    return left_ > 0 && response_rate_.is_too_slow(now);
}

void http_connection::answered() {
    if (!close_after_answer_) {
        body_wanted_ = true;
        enter(state::idle);
        return go_on_later();
    }
    stream_->shutdown_send();
    if (input_ended_) return finish();
    enter(state::draining);
    go_on();
}

}  // namespace asignalr::detail
