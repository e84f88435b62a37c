// SPDX-License-Identifier: MIT
#include "message_echo.hpp"

#include "connection/endpoint.hpp"
#include "server/server_access.hpp"
#include "server/server_core.hpp"
#include "transport/websocket_transport.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace asignalr;
using namespace asignalr::detail;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t largest_message = 16 * 1024 * 1024;
constexpr auto unclaimed_time = 15s;

// With room for a header in front.
std::string empty_message() { return std::string(transport::header_room, '\0'); }

class echo_endpoint;
class echo_lane;

/// One client. Its lane keeps it until the transport is released.
class echo_session final : public std::enable_shared_from_this<echo_session>, private transport_events, private sweep_entry {
public:
    echo_session(std::shared_ptr<echo_endpoint> owner, echo_lane& at, std::unique_ptr<transport> by, std::string token);
    ~echo_session();

    void start();
    void close(transport_close why) { by_->close(why); }
    void abort() { by_->abort(); }

private:
    void on_read_begin() override {}
    std::size_t on_bytes(char* bytes, std::size_t size) override;
    void on_read_end() override {}
    void on_writable() override;
    void on_input_ended(input_end) override {}
    void on_released() override;
    void on_sweep(clock_source::time_point now) override { by_->on_sweep(now); }

    void send_back();

    std::shared_ptr<echo_endpoint> owner_;  // goes last
    echo_lane& at_;
    std::string token_;
    std::string message_ = empty_message();
    std::optional<transfer_format> whole_;  // when all of the message is there: how it goes back
    std::unique_ptr<websocket_transport> by_;
};

class echo_lane final : public endpoint_lane {
public:
    echo_lane(echo_endpoint& owner, std::shared_ptr<lane_workspace> workspace, std::shared_ptr<logger> log)
        : owner_(owner), workspace_(std::move(workspace)), log_(std::move(log), "connection"), registry_(where(), unclaimed_time) {}

    lane& where() noexcept override { return *workspace_->where; }
    lane_log& log() noexcept override { return log_; }
    connection_registry& registry() noexcept override { return registry_; }

    void open(std::unique_ptr<transport> by, std::string id, std::string token, http_request request) override;
    void end_all() override { for_all([](echo_session& session) { session.close(transport_close::going_away); }); }
    void cancel_all() override {}  // no code of a user's runs
    void abort_all() override { for_all([](echo_session& session) { session.abort(); }); }
    void drop_all() noexcept override { abort_all(); }
    bool is_idle() const noexcept override { return sessions_.empty(); }

    void released(const std::shared_ptr<echo_session>& session) { sessions_.erase(session); }

private:
    template <class Function>
    void for_all(Function&& function) {
        const auto those_here_now = sessions_;
        for (const auto& session : those_here_now)
            function(*session);
    }

    echo_endpoint& owner_;
    std::shared_ptr<lane_workspace> workspace_;
    lane_log log_;
    connection_registry registry_;
    std::set<std::shared_ptr<echo_session>> sessions_;
};

class echo_endpoint final : public endpoint, public std::enable_shared_from_this<echo_endpoint> {
public:
    void add_lane(std::shared_ptr<lane_workspace> workspace, std::shared_ptr<logger> log) override {
        lanes_.push_back(std::make_unique<echo_lane>(*this, std::move(workspace), std::move(log)));
    }
    const endpoint_options& common() const noexcept override { return common_; }
    std::size_t lane_count() const noexcept override { return lanes_.size(); }
    echo_lane& at(std::size_t lane) noexcept override { return *lanes_[lane]; }

private:
    endpoint_options common_ = common_options(raw_connection_options{.transports = transport_types::web_sockets}, "/ws-echo");
    std::vector<std::unique_ptr<echo_lane>> lanes_;
};

// ---- one client

echo_session::echo_session(std::shared_ptr<echo_endpoint> owner, echo_lane& at, std::unique_ptr<transport> by, std::string token)
    : owner_(std::move(owner)), at_(at), token_(std::move(token)), by_(static_cast<websocket_transport*>(by.release())) {
    by_->allow_any_number_of_frames();
}

echo_session::~echo_session() { at_.registry().remove(token_); }

void echo_session::start() {
    at_.where().sweep().add(*this, true);
    by_->start(*this);
}

std::size_t echo_session::on_bytes(char* bytes, std::size_t size) {
    if (message_.size() - transport::header_room + size > largest_message) {
        by_->close(transport_close::too_large);
        return size;
    }
    message_.append(bytes, size);
    if (!by_->message_ended()) return size;
    whole_ = by_->message() == opcode::text ? transfer_format::text : transfer_format::binary;
    send_back();
    return size;
}

// While an answer waits for the client, the next message waits for the answer.
void echo_session::send_back() {
    if (whole_ && !by_->blocked()) {
        by_->write(message_.data() + transport::header_room, message_.size() - transport::header_room, *whole_);
        message_ = empty_message();
        whole_.reset();
    }
    if (by_->blocked()) by_->pause();
}

void echo_session::on_writable() {
    send_back();
    if (by_->blocked()) return;
    at_.where().post([self = shared_from_this()] {
        if (self->by_) self->by_->resume();
    });
}

void echo_session::on_released() {
    stop_sweeping();
    const auto self = shared_from_this();
    at_.released(self);
    // In a later turn: this is called from inside the transport.
    at_.where().post([self] { self->by_.reset(); });
}

void echo_lane::open(std::unique_ptr<transport> by, std::string, std::string token, http_request) {
    const auto session = std::make_shared<echo_session>(owner_.shared_from_this(), *this, std::move(by), std::move(token));
    sessions_.insert(session);
    session->start();
}

}  // namespace

void add_message_echo(server& server) {
    server_core& core = *server_access::core(server);
    const auto echo = std::make_shared<echo_endpoint>();
    core.add_endpoint(echo);
    core.routes().add_endpoint("/ws-echo", echo);
}
