// SPDX-License-Identifier: MIT
#include "connection/connection.hpp"

#include "base/text.hpp"
#include "protocol/error_text.hpp"
#include "protocol/handshake_message.hpp"
#include "protocol/json_protocol.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asignalr::detail {
namespace {

constexpr std::int64_t newest_protocol_version = 2;
constexpr auto needs_every_tick = std::chrono::seconds(4);

bool is_hurried(const hub_options& options) {
    return std::min({options.handshake_timeout, options.keep_alive_interval, options.client_timeout, options.write_deadline}) <
           needs_every_tick;
}

}  // namespace

connection::connection(std::shared_ptr<const void> owner, connection_surroundings& around, std::string id)
    : owner_(std::move(owner)), around_(around), protocol_(&around.json), id_(std::move(id)), outbox_(around.where, around.buffers, around.options.maximum_outbox) {}

void connection::attach(std::unique_ptr<transport> by, connection_events& events) {
    events_ = &events;
    transport_ = std::move(by);
    retain();  // until the transport is released
    outbox_.attach(*transport_, transfer_format::text);
    begun_ = last_message_ = last_ping_ = where().now();
    where().sweep().add(*this, is_hurried(options()));
    with_memory([&] { transport_->start(*this); });
}

void connection::out_of_memory() noexcept {
    where().count().out_of_memory.add();
    around_.log.refused(refusal::memory, where().now(), "memory ran out, and the connection that needed it was closed", {}, id());
    abort();
}

// ---- reading

void connection::on_read_begin() {
    around_.log.look_again();
    outbox_.cork();
}

void connection::on_read_end() { outbox_.uncork(); }

std::size_t connection::on_bytes(char* bytes, std::size_t size) {
    std::size_t taken = size;
    with_memory([&] { taken = take_bytes({bytes, size}); });
    return state_ == state::ended ? size : taken;
}

std::size_t connection::take_bytes(std::string_view all) {
    std::size_t taken = 0;
    if (state_ == state::handshaking) {
        taken = take_handshake(all);
        if (taken == 0) return 0;
    }
    while (taken < all.size() && state_ == state::open && !held_) {
        const std::string_view rest = all.substr(taken);
        const auto [message, invalid] = protocol_->find_message(rest, known_);
        if (invalid) {
            refuse_message(unreadable_size);
            break;
        }
        const auto limit = options().maximum_receive_message_size;
        if (limit && (message > *limit || (message == 0 && rest.size() > *limit))) {
            too_large();
            break;
        }
        const bool complete = message != 0 && message <= rest.size();
        known_ = complete ? 0 : rest.size();
        if (!complete) return taken;
        taken += message;
        take_message(rest.substr(0, message));
    }
    if (held_) known_ = 0;
    return taken;
}

void connection::take_message(std::string_view raw) {
    last_message_ = where().now();
    where().count().messages_received.add();
    if (around_.log.traces()) trace("a message arrived", raw.size());
    around_.values.limit_to(options().maximum_values_per_message);
    hub_message message;
    const parse_result parsed = protocol_->parse(raw, around_.values, message);
    if (parsed.what == parse_result::outcome::failed) return refuse_message(parsed.error);
    if (parsed.what == parse_result::outcome::skipped) return;
    if (message.type == message_type::ping)
        pinged_ = true;
    else if (message.type == message_type::close)
        end_of_client(message);
    else
        events_->on_message(message, raw);
    around_.values.shrink();
}

void connection::refuse_message(std::string_view error) {
    where().count().malformed_messages.add();
    around_.log.refused(
        refusal::malformed_message, where().now(), "a client sent a message that breaks the hub protocol",
        {{"error", escaped(error)}}, id());
    fail(error);
}

void connection::trace(std::string_view what, std::size_t size) const noexcept try {
    around_.log.write(log_level::trace, what, {{"bytes", fmt::format("{}", size)}}, id());
} catch (...) {
    // Out of memory while logging.
}

void connection::end_of_client(const hub_message& close) {
    std::optional<std::string> reason;
    if (close.has_error) reason = std::string(close.error);
    end({}, std::move(reason));
}

void connection::too_large() {
    const std::size_t limit = *options().maximum_receive_message_size;
    where().count().oversized_messages.add();
    around_.log.refused(
        refusal::message_size, where().now(),
        "a client sent a message that is too long; hub_options::maximum_receive_message_size sets the limit",
        {{"limit", fmt::format("{}", limit)}}, id());
    fail(message_too_large(limit));
}

void connection::hold() {
    if (std::exchange(held_, true) || !transport_) return;
    transport_->pause();
}

void connection::resume() {
    if (!std::exchange(held_, false)) return;
    where().post([self = kept(this)] {
        self->where().check_thread();
        if (self->state_ != state::open || self->held_ || !self->transport_) return;
        self->last_message_ = self->where().now();  // the client could not be heard meanwhile
        self->with_memory([&] { self->transport_->resume(); });
    });
}

// ---- the handshake

std::size_t connection::take_handshake(std::string_view bytes) {
    const std::size_t limit = std::min(
        options().maximum_handshake_size, options().maximum_receive_message_size.value_or(options().maximum_handshake_size));
    const std::size_t separator = bytes.find(record_separator, std::min(known_, bytes.size()));
    if (separator == std::string_view::npos && bytes.size() <= limit) {
        known_ = bytes.size();
        return 0;
    }
    known_ = 0;
    if (separator == std::string_view::npos || separator >= limit) {
        refuse_handshake(
            handshake_canceled, "a handshake was too long; hub_options::maximum_handshake_size sets the limit, and "
                                "hub_options::maximum_receive_message_size if that is less");
        return 0;
    }
    const std::string error = judge_handshake(bytes.substr(0, separator));
    if (!error.empty()) {
        refuse_handshake(error, "a handshake failed");
        return 0;
    }
    accept_handshake();
    return separator + 1;
}

std::string connection::judge_handshake(std::string_view message) {
    around_.values.limit_to(options().maximum_values_per_message);
    const handshake_request request = parse_handshake(message, around_.values);
    if (!request.error.empty())
        return with_details(request.error, options().detailed_errors ? std::string_view(request.details) : std::string_view{});
    hub_protocol* const wanted = find_protocol(request.protocol);
    if (wanted == nullptr) return protocol_unsupported(request.protocol);
    if (request.version > newest_protocol_version)
        return fmt::format(
            "The server does not support version {} of the '{}' protocol.", request.version, request.protocol);
    if (!transport_->carries(wanted->format())) return needs_binary_transport(wanted->name());
    protocol_ = wanted;
    return {};
}

hub_protocol* connection::find_protocol(std::string_view name) const noexcept {
    if (options().protocols.json && equals_ignoring_case(name, around_.json.name())) return &around_.json;
    if (options().protocols.messagepack && equals_ignoring_case(name, around_.messagepack.name())) return &around_.messagepack;
    return nullptr;
}

void connection::accept_handshake() {
    state_ = state::open;
    outbox_.set_format(protocol_->format());
    outbox_.begin() += handshake_accepted;
    outbox_.commit();
    if (state_ != state::open) return;  // there was no memory for that
    opened_ = true;
    last_message_ = last_ping_ = where().now();
    where().count().connections_started.add();
    around_.log.write(log_level::debug, "a connection was opened", {{"transport", transport_name()}, {"protocol", protocol_->name()}}, id());
    hold();
    events_->on_opened();
}

void connection::refuse_handshake(std::string_view error, std::string_view log_text) {
    where().count().handshakes_failed.add();
    around_.log.refused(refusal::handshake, where().now(), log_text, {{"error", escaped(error)}}, id());
    outbox_.begin() += handshake_refused(error);
    outbox_.commit();
    state_ = state::ended;
    close_when_sent();
}

// ---- ending

void connection::end(const goodbye& how, std::optional<std::string> reason) noexcept {
    const bool was_open = state_ == state::open;
    if (std::exchange(state_, state::ended) == state::ended) return;
    with_memory([&] {
        close_code_ = how.close;
        if (reason) reason_ = std::make_unique<std::string>(std::move(*reason));
        if (was_open) say_goodbye(how);
        close_when_sent();
    });
    tell_ended();
}

void connection::say_goodbye(const goodbye& how) {
    std::string error;
    if (how.error)
        error = with_details(
            std::string(closed_with_error), options().detailed_errors || how.always_show_details ? how.details : std::string_view{});
    protocol_->write_close(outbox_.begin(), error, how.allow_reconnect);
    outbox_.commit();
}

void connection::fail(std::string_view details) {
    const std::size_t colon = details.find(": ");
    end({.details = details, .error = true, .allow_reconnect = true},
        std::string(colon == std::string_view::npos ? details : details.substr(colon + 2)));
}

void connection::overflowed() noexcept {
    with_memory([&] {
        drop_slow_client(
            "a client does not read what it is sent and is dropped; hub_options::maximum_outbox sets how much may wait",
            fmt::format("{} bytes", options().maximum_outbox));
    });
}

void connection::drop_slow_client(std::string_view log_text, std::string_view limit) {
    where().count().outboxes_overflowed.add();
    around_.log.refused(refusal::outbox, where().now(), log_text, {{"limit", limit}}, id());
    if (state_ == state::ended) return;
    state_ = state::ended;
    reason_ = std::make_unique<std::string>("The client does not read what it is sent.");
    outbox_.close();
    transport_->abort();
    tell_ended();
}

void connection::abort() noexcept {
    if (transport_) transport_->abort();
}

void connection::drop() noexcept {
    state_ = state::ended;
    opened_ = false;
    outbox_.close();
    if (transport_) transport_->abort();
}

// The Close frame of the transport goes behind everything that waits.
void connection::close_when_sent() {
    if (!transport_) return;
    close_pending_ = !outbox_.send_before(close_code_);
    if (close_pending_) return;
    outbox_.close();
    transport_->close(close_code_);
}

void connection::tell_ended() {
    if (!std::exchange(opened_, false)) return;
    where().post([self = kept(this)] {
        self->where().check_thread();
        self->where().count().connections_ended.add();
        std::optional<std::string> reason;
        if (self->reason_) reason = std::move(*self->reason_);
        if (self->around_.log.enabled(log_level::debug)) self->log_end(reason);
        self->events_->on_ended(std::move(reason));
    });
}

void connection::log_end(const std::optional<std::string>& reason) const noexcept try {
    around_.log.write(log_level::debug, "a connection ended", {{"reason", reason ? escaped(*reason) : "none"}}, id());
} catch (const std::bad_alloc&) {
    // Then it ends without a word.
}

void connection::on_writable() {
    outbox_.on_writable();
    if (!close_pending_ || !outbox_.idle()) return;
    close_pending_ = false;
    outbox_.close();
    with_memory([&] { transport_->close(close_code_); });
}

void connection::on_input_ended(input_end how) {
    if (how == input_end::deleted) return end({.allow_reconnect = true}, std::nullopt);
    outbox_.uncork();  // the answers to what came in the same turn as the end
    outbox_.close();
    if (std::exchange(state_, state::ended) == state::ended) return;
    if (how == input_end::malformed)
        with_memory([&] { reason_ = std::make_unique<std::string>("The client broke the protocol of the transport."); });
    tell_ended();
}

void connection::on_released() {
    stop_sweeping();
    outbox_.close();
    state_ = state::ended;
    tell_ended();
    // In a later turn: this is called from inside the transport. Without that turn, in a context that ends, all goes with the last owner.
    where().post([self = kept<connection>::adopt(this)] { self->transport_.reset(); });
}

// ---- time

void connection::on_sweep(clock_source::time_point now) {
    const kept<connection> alive(this);
    with_memory([&] { look_at_time(now); });
}

void connection::look_at_time(clock_source::time_point now) {
    transport_->on_sweep(now);
    if (!is_swept()) return;
    if (state_ == state::handshaking && now - begun_ >= options().handshake_timeout)
        return refuse_handshake(handshake_canceled, "a handshake did not come in time; hub_options::handshake_timeout sets how long it may take");
    check_write_deadline(now);
    if (state_ == state::open) check_client(now);
}

void connection::check_write_deadline(clock_source::time_point now) {
    if (transport_->is_polled()) return;  // it waits for a poll; who polls and does not read is the HTTP part's to drop
    const std::size_t waiting = outbox_.is_open() ? outbox_.queued() : transport_->pending();
    if (!write_watch_.is_late(waiting, transport_->taken_late(), now, options().write_deadline)) return;
    drop_slow_client(
        "a client took nothing of what it is sent for too long and is dropped; hub_options::write_deadline sets how long it may",
        fmt::format("{} ms", options().write_deadline.count()));
    transport_->abort();
}

void connection::check_client(clock_source::time_point now) {
    if (pinged_ && !held_ && now - last_message_ > options().client_timeout) {
        where().count().client_timeouts.add();
        around_.log.refused(
            refusal::client_timeout, now, "a client fell silent; hub_options::client_timeout sets for how long it may", {}, id());
        return fail(client_timed_out);
    }
    if (transport_->is_polled() || now - last_ping_ <= options().keep_alive_interval) return;
    last_ping_ = now;
    if (!outbox_.idle()) return;  // what waits is as good as a ping
    outbox_.begin() += protocol_->ping();
    outbox_.commit();
}

}  // namespace asignalr::detail
