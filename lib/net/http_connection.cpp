// SPDX-License-Identifier: MIT
#include "net/http_connection.hpp"

#include "net/http_connections.hpp"
#include "net/http_exchange.hpp"
#include "runtime/lane.hpp"
#include "wire/websocket_handshake.hpp"

#include <algorithm>
#include <utility>

namespace asignalr::detail {
namespace {

constexpr std::size_t most_per_turn = 16 * 1024;
constexpr std::size_t most_waiting_input = 16 * 1024;
constexpr std::size_t most_drained = 64 * 1024;
constexpr std::chrono::seconds drain_time{1};
constexpr std::chrono::seconds hurry{4};  // shorter options need a look at every tick

http_limits limits_of(const http_options& options) noexcept {
    return {options.maximum_request_line, options.maximum_header_bytes, options.maximum_header_count};
}

std::string_view option_of(int status) noexcept {
    if (status == 414) return "maximum_request_line";
    return status == 431 ? "maximum_header_bytes, maximum_header_count" : std::string_view{};
}

}  // namespace

http_connection::http_connection(http_connections& owner, std::unique_ptr<byte_stream> stream)
    : owner_(owner), stream_(std::move(stream)) {}

http_connection::~http_connection() = default;

lane& http_connection::where() noexcept { return owner_.lane_; }

void http_connection::start(std::string bytes_read, std::optional<http_headers> decided) {
    const auto self = shared_from_this();
    decided_ = decided.has_value();
    if (decided) added_headers_ = std::move(*decided);
    stream_->attach(this);
    const http_options& options = owner_.options_;
    const auto shortest = std::min({options.header_timeout, options.rate_grace, options.stall_timeout, options.idle_timeout});
    where().sweep().add(*this, shortest < hurry);
    enter(state::idle);
    with_memory([&] {
        if (!bytes_read.empty()) take_input(bytes_read);
        go_on();
    });
}

// Nobody knows how far it came with what it needed that for.
void http_connection::out_of_memory() noexcept {
    where().count().out_of_memory.add();
    owner_.log_.refused(refusal::memory, where().now(), "memory ran out, and the connection that needed it was closed");
    finish();
}

void http_connection::close_if_idle() {
    if (state_ == state::idle) finish();
}

void http_connection::finish() noexcept {
    if (state_ == state::over) return;
    state_ = state::over;
    stop_sweeping();
    const auto self = shared_from_this();
    if (stream_) {
        stream_->attach(nullptr);
        stream_->close();
    }
    owner_.all_.erase(self);
    if (exchange_ != nullptr) std::exchange(exchange_, nullptr)->abandon();
}

void http_connection::arm(clock_source::duration from_now) noexcept { deadline_ = where().now() + from_now; }

void http_connection::enter(state next) {
    const http_options& options = owner_.options_;
    state_ = next;
    deadline_ = {};
    switch (next) {
        case state::idle: return arm(options.idle_timeout);
        case state::head: return arm(options.header_timeout);
        case state::draining: where().sweep().add(*this, true); return arm(drain_time);
        default: return;
    }
}

void http_connection::on_sweep(clock_source::time_point now) {
    const auto self = shared_from_this();
    with_memory([&] { look_at_time(now); });
}

void http_connection::look_at_time(clock_source::time_point now) {
    if (left_ > 0 && takes_too_slowly(now)) {
        where().count().slow_readers_closed.add();
        owner_.log_.refused(
            refusal::slow_reader, now, "A client took an answer too slowly and was closed.",
            {{"option", "minimum_response_rate, rate_grace, stall_timeout"}, {"peer", stream_->remote_address()}});
        stream_->drop_output();
        return finish();
    }
    if (state_ == state::body) {
        if (!reading_->rate.is_too_slow(now)) return;
        fail_body(408, "The request body took too long.", "minimum_body_rate, rate_grace, stall_timeout");
    } else if (deadline_ == clock_source::time_point{} || now < deadline_) {
        return;
    } else if (state_ == state::head) {
        refuse(408, "The request headers took too long.", "header_timeout");
    } else {
        return finish();
    }
    wait();
}

void http_connection::on_readable() {
    const auto self = shared_from_this();
    where().check_thread();
    with_memory([&] { read(); });
}

void http_connection::read() {
    if (state_ == state::draining) return drain();
    const bool later = state_ == state::handling || state_ == state::writing || body_held();
    const std::size_t room = later ? most_waiting_input - std::min(most_waiting_input, input_.size()) : most_per_turn;
    if (room == 0 || input_ended_) return;
    char* const buffer = where().read_buffer();
    const io_result result = stream_->read_some(buffer, room);
    if (result.error && !result.would_block()) {
        if (result.error != asio::error::eof) return finish();
        input_ended();
    } else {
        take_input({buffer, result.size});
    }
    go_on();
}

// The peer will send no more. It may have shut only its half, and still wait for the answer.
void http_connection::input_ended() {
    input_ended_ = true;
    if (state_ == state::handling && exchange_ != nullptr) return exchange_->tell_peer_left();
    if (state_ <= state::body && !body_held()) finish();
}

void http_connection::take_input(std::string_view bytes) {
    bytes.remove_prefix(take(bytes));
    // Kept apart from the lane's buffer, which whoever gets the request may use.
    if (state_ != state::draining && state_ != state::over) input_.append(bytes);
}

// Takes what belongs to the request that is being read. Calls nobody.
std::size_t http_connection::take(std::string_view bytes) {
    std::size_t taken = 0;
    while (taken < bytes.size()) {
        const std::string_view rest = bytes.substr(taken);
        if (state_ == state::idle || state_ == state::head)
            taken += take_head(rest);
        else if (state_ == state::body && !body_held())
            taken += take_body(rest);
        else
            break;
    }
    return taken;
}

std::size_t http_connection::take_head(std::string_view bytes) {
    std::size_t consumed = 0;
    if (!reading_) reading_ = std::make_unique<reading>(limits_of(owner_.options_));
    http_request_parser& parser = reading_->parser;
    const auto result = parser.parse(bytes, consumed);
    if (state_ == state::idle && parser.started()) enter(state::head);
    if (result == http_request_parser::state::failed)
        refuse(parser.error_status(), parser.error_text(), option_of(parser.error_status()));
    else if (result == http_request_parser::state::complete)
        end_head(consumed < bytes.size());
    return consumed;
}

void http_connection::end_head(bool body_has_arrived) {
    const request_head& head = reading_->parser.head();
    close_after_answer_ = !head.keep_alive;
    body_wanted_ = head.method != "HEAD";
    http_request& request = reading_->request.emplace(head.method, head.target, stream_->remote_address());
    for (const header_field& field : head.headers)
        request.add_header(field.name, field.value);
    owner_.handler_.on_head(request);
    if (!std::exchange(decided_, false) && answered_by_decision()) return;
    if (!head.has_body()) return enter(state::complete);

    const body_rule rule = owner_.handler_.rule_for_body(request);
    reading_->body_option = rule.option;
    if (head.content_length.value_or(0) > rule.limit) return refuse(413, "The request body is too long.", rule.option);
    reading_->decoder.emplace(head, rule.limit);
    continue_wanted_ = head.expects_continue && !body_has_arrived;
    body_unread_ = rule.streamed;
    if (!body_unread_) return begin_body();
    enter(state::complete);
}

// Whoever decides may also end the connection.
bool http_connection::answered_by_decision() {
    head_decision decision = owner_.handler_.decide(*reading_->request);
    if (state_ == state::over) return true;
    added_headers_ = std::move(decision.added_headers);
    if (!decision.answer) return false;
    const request_head& head = reading_->parser.head();
    const bool more_may_follow = head.has_body() || websocket_opening_of(head) != websocket_opening::none;
    answer(std::move(*decision.answer), more_may_follow);
    return true;
}

void http_connection::begin_body() {
    enter(state::body);
    reading_->rate.start(owner_.body_rate_, where().now());
    if (body_paused_) reading_->rate.pause(where().now());
    if (std::exchange(continue_wanted_, false)) send("HTTP/1.1 100 Continue\r\n\r\n", {});
}

std::size_t http_connection::take_body(std::string_view bytes) {
    std::size_t consumed = 0;
    const body_decoder::state result = reading_->decoder->feed(bytes, consumed, reading_->body);
    reading_->rate.add(owner_.body_rate_, consumed, where().now());
    switch (result) {
        case body_decoder::state::incomplete: break;
        case body_decoder::state::complete: enter(state::complete); break;
        case body_decoder::state::malformed: fail_body(400, "The request body is malformed.", {}); break;
        case body_decoder::state::too_large: fail_body(413, "The request body is too long.", reading_->body_option); break;
    }
    return consumed;
}

// Hands requests out as long as they are answered at once. An answer within hand_out() comes back here and leaves the
// rest to the call that is under way, so many requests in a row need no stack.
void http_connection::go_on() {
    if (std::exchange(going_on_, true)) return;
    while (true) {
        if (streaming_ && !body_paused_ && has_body_bytes()) {
            hand_on_body();
        } else if (state_ == state::complete) {
            if (body_held()) break;
            streaming_ ? end_streamed_body() : hand_out();
        } else if (input_position_ < input_.size() && state_ <= state::body && !body_held()) {
            input_position_ += take(std::string_view(input_).substr(input_position_));
        } else {
            break;
        }
    }
    going_on_ = false;
    if (input_position_ == input_.size() || state_ >= state::draining) {
        std::string().swap(input_);
        input_position_ = 0;
    }
    if (input_ended_ && state_ <= state::body && !body_held()) return finish();
    wait();
}

// Answers may be given within a call of somebody else's, who expects no request to be served before it returns.
void http_connection::go_on_later() {
    if (going_on_) return;
    if (state_ > state::complete || (input_position_ == input_.size() && !has_body_bytes() && state_ != state::complete)) return go_on();
    where().post([self = shared_from_this()] {
        if (self->state_ == state::over) return;  // and the server may be gone
        self->where().check_thread();
        self->with_memory([&] { self->go_on(); });
    });
}

void http_connection::hand_out() {
    const request_head& head = reading_->parser.head();
    const http_exchange::traits of_request{websocket_opening_of(head), head.minor_version > 0};
    http_request request = std::move(*reading_->request);
    request.set_body(std::exchange(reading_->body, {}));
    auto handed =
        std::make_shared<http_exchange>(*this, where().shared_from_this(), std::move(request), std::exchange(added_headers_, {}), of_request);
    if (!body_unread_) reading_.reset();
    enter(state::handling);
    owner_.handler_.handle(std::move(handed));
}

void http_connection::read_body() {
    streaming_ = true;
    if (std::exchange(body_unread_, false))
        begin_body();
    else
        enter(state::complete);
    go_on_later();
}

void http_connection::pause_body() noexcept {
    body_paused_ = true;
    if (reading_) reading_->rate.pause(where().now());
}

void http_connection::resume_body() {
    body_paused_ = false;
    if (reading_) reading_->rate.resume(owner_.body_rate_, where().now());
    if (!streaming_) return;
    go_on_later();
}

void http_connection::hand_on_body() {
    std::string piece = std::exchange(reading_->body, {});
    exchange_->body_to_->on_body(piece.data(), piece.size());
}

void http_connection::end_streamed_body() {
    forget_body();
    enter(state::handling);
    std::exchange(exchange_->body_to_, nullptr)->on_body_end();
}

// Nobody but the HTTP part answers a body that breaks its rules.
void http_connection::fail_body(int status, std::string_view text, std::string_view option) {
    http_exchange* const out = std::exchange(exchange_, nullptr);
    if (out != nullptr) added_headers_ = out->headers_of_answer();
    refuse(status, text, option);
    if (out != nullptr) out->abandon();
}

void http_connection::forget_body() noexcept {
    streaming_ = body_unread_ = body_paused_ = continue_wanted_ = false;
    reading_.reset();
}

void http_connection::wait() {
    if (state_ == state::over) return;
    if (!output_.empty()) stream_->wait_writable();
    // While an answer is on its way, only to notice that the peer is gone, and as much as may wait here.
    if (!input_ended_ && ((state_ <= state::body && !body_held()) || state_ == state::draining || input_.size() < most_waiting_input))
        stream_->wait_readable();
}

void http_connection::drain() {
    char* const buffer = where().read_buffer();
    const io_result result = stream_->read_some(buffer, most_per_turn);
    drained_ += result.size;
    if ((result.error && !result.would_block()) || drained_ > most_drained) return finish();
    wait();
}

upgraded_stream http_connection::give_away() {
    input_.erase(0, input_position_);
    stream_->attach(nullptr);
    upgraded_stream result{std::move(stream_), std::move(input_)};
    finish();
    return result;
}

}  // namespace asignalr::detail
