// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/testing/test_client.hpp>

#include "protocol/hub_message.hpp"
#include "protocol/hub_protocol.hpp"
#include "runtime/waiting_list.hpp"
#include "serialize/token.hpp"
#include "testing/test_world.hpp"
#include "transport/transport.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

/// Messages that wait until a test asks for them: raw, since their types are not known before.
struct test_box {
    std::string what = {};  ///< What they are, for whoever waits in vain.
    bool is_stream = false;
    std::deque<std::string> messages = {};
};

/// A test's client of one hub: its connection, and what has come and waits. On the bench's lane, or while nobody runs that.
class test_session final : private transport_events {
public:
    test_session(
        std::shared_ptr<test_world> world, std::string id, std::unique_ptr<hub_protocol> protocol, std::unique_ptr<transport> by);

    /// Runs the server until the handshake is answered.
    /// @throws std::runtime_error if it is refused
    void shake_hands();

    std::string_view id() const noexcept { return id_; }
    test_world& world() const noexcept { return *world_; }
    hub_protocol& protocol() const noexcept { return *protocol_; }
    bool is_open() const noexcept { return !over_; }
    const test_close& closed() const noexcept { return close_; }
    std::size_t pings() const noexcept { return pings_; }

    /// @throws std::system_error if the connection is over
    void send(std::string_view message);
    void close() { transport_->close(transport_close::normal); }
    void abort() noexcept { transport_->abort(); }

    /// For calls and uploads.
    std::string next_id() { return std::to_string(next_id_++); }
    test_box& box(const std::string& name) { return boxes_[name]; }
    /// The box of the hub's calls of a method, whose case does not matter; made if it is not there.
    std::string box_of_calls(std::string_view method);
    /// Whether there is something in a box.
    /// @throws std::system_error if there is nothing, and will not be
    bool has_news(const test_box& in) const;
    /// Waits for the next thing that happens.
    task<void> news() { return news_.wait(); }
    /// Takes a message apart; valid until the next one.
    const hub_message& parse(const std::string& raw);

    /// What an upload has to say waits for its call.
    void hold_upload(const std::string& id) { held_.emplace(id, std::string()); }
    void send_for_upload(std::string_view id, std::string_view message);
    /// Sends a call, and what waited for it.
    void send_call(std::string call, const std::vector<std::string>& uploads);

private:
    void on_read_begin() override {}
    std::size_t on_bytes(char* bytes, std::size_t size) override;
    void on_read_end() override { news_.wake_all({}); }
    void on_writable() override { flush(); }
    void on_input_ended(input_end) override {}
    void on_released() override;

    std::size_t take_handshake(std::string_view bytes);
    void take_message(const std::string& raw);
    void flush();

    std::shared_ptr<test_world> world_;
    std::string id_;
    std::unique_ptr<hub_protocol> protocol_;
    tape values_;
    hub_message message_;  // that was taken apart last
    std::map<std::string, test_box> boxes_;
    std::map<std::string, std::string, std::less<>> held_;  // by upload
    std::string unsent_;  // while the server does not read
    std::optional<std::string> handshake_error_;  // empty: it was accepted
    test_close close_;
    waiting_list news_;
    std::size_t next_id_ = 1;
    std::size_t pings_ = 0;
    bool over_ = false;
    std::unique_ptr<transport> transport_;  // goes first
};

}  // namespace asignalr::detail
