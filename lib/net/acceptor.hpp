// SPDX-License-Identifier: MIT
#pragma once

#include "log/log.hpp"
#include "net/byte_stream.hpp"
#include "net/descriptor.hpp"
#include "runtime/sweep.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace asignalr::detail {

class lane;

/// Told on the lane that the stream belongs to.
using accept_function = std::function<void(lane& where, std::unique_ptr<byte_stream> stream)>;

/// Takes connections from one listening socket and hands them out to lanes in turn. Lives on the first of them.
class acceptor final : public std::enable_shared_from_this<acceptor>, private waitable_descriptor::owner, private sweep_entry {
public:
    acceptor(
        std::vector<std::shared_ptr<lane>> lanes, unique_descriptor socket, accept_function accepted,
        std::shared_ptr<logger> log);

    void start();
    void close() noexcept;

private:
    enum class outcome : unsigned char { accepted, nothing_left, exhausted };

    void on_ready(readiness what) override;
    void on_sweep(clock_source::time_point now) override;
    outcome try_to_accept() noexcept;
    outcome accept_one();
    void hand_out(unique_descriptor socket, std::string remote_address);
    void back_off(int reason);

    std::vector<std::shared_ptr<lane>> lanes_;
    waitable_descriptor socket_;
    accept_function accepted_;
    lane_log log_;
    std::size_t next_lane_ = 0;
};

}  // namespace asignalr::detail
