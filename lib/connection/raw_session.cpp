// SPDX-License-Identifier: MIT
#include "connection/raw_session.hpp"

#include <asignalr/base/error.hpp>

#include "base/memory.hpp"
#include "connection/raw_endpoint.hpp"
#include "net/http_request_access.hpp"

#include <fmt/format.h>

#include <chrono>
#include <new>
#include <system_error>
#include <utility>

namespace asignalr::detail {

/// Runs the user's handler. Keeps the connection while it does.
class raw_session::handler_job final : public job {
public:
    explicit handler_job(std::shared_ptr<raw_session> session) noexcept : session_(std::move(session)) {}

    asio::awaitable<void> run() override {
        task<void> serving = session_->at_.owner().handler()(raw_connection(session_));
        co_await std::move(serving);
    }
    void done(std::exception_ptr failure) noexcept override {
        const std::unique_ptr<handler_job> self(this);
        session_->handler_ended(std::move(failure));
    }

private:
    std::shared_ptr<raw_session> session_;
};

raw_session::raw_session(
    std::shared_ptr<const void> owner, raw_lane& at, std::string id, std::string token, http_request request)
    : owner_(std::move(owner)),
      at_(at),
      id_(std::move(id)),
      token_(std::move(token)),
      request_(std::move(request)),
      outbox_(at.where(), at.buffers(), at.owner().options().maximum_outbox) {
    http_request_access::shrink(request_);
    at_.exists(*this);
    where().count().connections.add();
}

raw_session::~raw_session() {
    at_.registry().remove(token_);
    where().count().connections.subtract();
    at_.is_gone(*this);
}

lane& raw_session::where() const noexcept { return at_.where(); }

template <class Turn>
void raw_session::with_memory(Turn turn) noexcept {
    with_memory_or(std::move(turn), [this] {
        where().count().out_of_memory.add();
        at_.log().refused(refusal::memory, where().now(), "memory ran out, and the connection that needed it was closed", {}, id_);
        abort();
    });
}

void raw_session::attach(std::unique_ptr<transport> by) {
    auto handler = std::make_unique<handler_job>(shared_from_this());
    until_released_ = shared_from_this();
    transport_ = std::move(by);
    transport_name_ = transport_->name();
    outbox_.attach(*transport_, at_.owner().options().binary ? transfer_format::binary : transfer_format::text);
    where().sweep().add(*this, at_.owner().options().write_deadline < std::chrono::seconds(4));
    where().count().connections_started.add();
    handler_ = handler.release();
    with_memory([&] { transport_->start(*this); });
    try {
        where().start(*handler_);
    } catch (const std::bad_alloc&) {
        handler_->done(std::current_exception());
    }
}

// ---- reading

std::size_t raw_session::on_bytes(char* bytes, std::size_t size) {
    with_memory([&] { received_.append(bytes, size); });
    if (received_.size() >= at_.owner().options().maximum_unread && !std::exchange(paused_, true)) {
        where().count().reading_paused.add();
        transport_->pause();
    }
    readers_->wake_all({});
    return size;
}

task<std::optional<std::string>> raw_session::read(std::shared_ptr<raw_session> self) {
    while (self->received_.empty()) {
        if (self->input_over_) co_return std::nullopt;
        co_await self->readers_->wait();
    }
    std::string bytes = std::exchange(self->received_, {});
    if (std::exchange(self->paused_, false)) {
        self->where().post([self] {
            if (self->transport_ && !self->input_over_ && !self->paused_) self->with_memory([&] { self->transport_->resume(); });
        });
    }
    co_return bytes;
}

void raw_session::on_input_ended(input_end how) {
    end_input();
    if (how != input_end::deleted) outbox_.close();
}

void raw_session::end_input() {
    if (!std::exchange(input_over_, true)) readers_->wake_all({});
}

// ---- writing

task<void> raw_session::write(std::shared_ptr<raw_session> self, std::string bytes) {
    if (!self->outbox_.is_open() || self->closing_) throw std::system_error(errc::connection_closed);
    self->outbox_.begin() += bytes;
    if (!self->outbox_.commit()) {
        self->drop_slow_reader();
        throw std::system_error(errc::connection_closed);
    }
    if (!self->outbox_.has_room()) co_await outbox::room(self->outbox_.waiting(), self->outbox_);
}

void raw_session::on_writable() {
    outbox_.on_writable();
    if (close_pending_ && outbox_.idle()) with_memory([&] { close_when_sent(); });
}

void raw_session::drop_slow_reader() {
    where().count().outboxes_overflowed.add();
    at_.log().refused(
        refusal::outbox, where().now(),
        "a client does not read what it is sent and is dropped; raw_connection_options::maximum_outbox and write_deadline set how "
        "much may wait, and how long",
        {{"limit", fmt::format("{}", at_.owner().options().maximum_outbox)}}, id_);
    abort();
}

// ---- ending

void raw_session::end(transport_close why) noexcept {
    if (std::exchange(closing_, true)) return;
    close_code_ = why;
    end_input();
    with_memory([&] { close_when_sent(); });
}

// The transport's close goes behind everything that waits.
void raw_session::close_when_sent() {
    if (!transport_) return;
    close_pending_ = !outbox_.send_before(close_code_);
    if (close_pending_) return;
    outbox_.close();
    transport_->close(close_code_);
}

void raw_session::abort() noexcept {
    closing_ = true;
    end_input();
    outbox_.close();
    if (transport_) transport_->abort();
}

void raw_session::cancel() {
    cancelled_ = true;
    if (handler_ != nullptr) handler_->cancel();
}

void raw_session::drop() noexcept {
    abort();
    cancel();
}

void raw_session::handler_ended(std::exception_ptr failure) noexcept {
    handler_ = nullptr;
    where().count().connections_ended.add();
    if (failure && !cancelled_ && !input_over_) log_failure(failure);
    end(failure ? transport_close::failed : transport_close::normal);
}

void raw_session::log_failure(std::exception_ptr failure) const noexcept try {
    try {
        std::rethrow_exception(std::move(failure));
    } catch (...) {
        const exception_description what = describe_current_exception();
        at_.log().write(
            log_level::error, "a handler of a connection failed", {{"type", what.type}, {"text", escaped(what.text)}}, id_);
    }
} catch (...) {
    // Out of memory while logging.
}

void raw_session::on_released() {
    stop_sweeping();
    end_input();
    outbox_.close();
    // In a later turn: this is called from inside the transport.
    where().post([self = std::exchange(until_released_, nullptr)] { self->transport_.reset(); });
}

void raw_session::on_sweep(clock_source::time_point now) {
    const auto alive = shared_from_this();
    with_memory([&] { look_at_time(now); });
}

void raw_session::look_at_time(clock_source::time_point now) {
    transport_->on_sweep(now);
    if (!is_swept() || transport_->is_polled()) return;
    const std::size_t waiting = outbox_.is_open() ? outbox_.queued() : transport_->pending();
    if (write_watch_.is_late(waiting, transport_->taken_late(), now, at_.owner().options().write_deadline)) drop_slow_reader();
}

}  // namespace asignalr::detail

namespace asignalr {

std::string_view raw_connection::id() const noexcept { return session_->id(); }

const http_request& raw_connection::request() const noexcept { return session_->request(); }

std::string_view raw_connection::transport_name() const noexcept { return session_->transport_name(); }

task<std::optional<std::string>> raw_connection::read() { return detail::raw_session::read(session_); }

task<void> raw_connection::write(std::string bytes) { return detail::raw_session::write(session_, std::move(bytes)); }

void raw_connection::abort() { session_->abort(); }

}  // namespace asignalr
