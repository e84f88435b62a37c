// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/net/http.hpp>
#include <asignalr/server/server.hpp>

#include "base/clock.hpp"
#include "runtime/lane.hpp"
#include "transport/transport.hpp"

#include <asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace asignalr::detail {

class server_core;

/// What a bench and its clients share: the server, its one lane, the context that the test's thread runs, and the time.
class test_world {
public:
    /// @throws std::logic_error if the server has another kind of lanes
    test_world(server& tested, std::chrono::milliseconds patience);

    lane& where() const noexcept { return *where_; }

    /// Runs the context until it is done; `what` is what the exception says that did not come.
    /// @throws std::system_error std::errc::timed_out
    /// @throws std::logic_error inside a handler of the context
    void run_until(const std::function<bool()>& done, std::string_view what) const;
    void settle() const;
    void advance(std::chrono::milliseconds time);

    /// Answers a request without a body. Runs the server.
    http_response ask(http_request request) const;
    /// Opens a transport by a request: the client's end.
    /// @throws std::runtime_error if the server answers otherwise
    std::unique_ptr<transport> open(http_request request) const;

private:
    void check_outside() const;
    std::shared_ptr<server_core> core() const;

    std::weak_ptr<server_core> core_;
    std::shared_ptr<lane> where_;
    asio::io_context* context_;
    std::shared_ptr<manual_clock> clock_;
    std::chrono::milliseconds patience_;
    std::chrono::milliseconds since_tick_{};
};

}  // namespace asignalr::detail
