// SPDX-License-Identifier: MIT
#pragma once

#include "transport/transport.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace asignalr::detail {

class lane;
struct memory_link;

/// Hub bytes from one end to the other in one process, without frames, sockets and HTTP. Both ends are alike, and on one lane.
///
/// What arrives is delivered in a turn of its own, never from within a call of the other end.
class memory_transport final : public transport {
public:
    static constexpr std::string_view transport_name = "InMemory";

    /// @param capacity how many bytes an end takes that are not read; with more, the other one is blocked
    static std::pair<std::unique_ptr<memory_transport>, std::unique_ptr<memory_transport>> make_pair(
        lane& where, std::size_t capacity = 64 * 1024);

    /// The other end sees the connection lost, unless it was closed.
    ~memory_transport() override;

    std::string_view name() const noexcept override { return transport_name; }
    bool carries(transfer_format) const noexcept override { return true; }

    void start(transport_events& events) override;
    bool blocked() const noexcept override { return pending() > 0; }
    std::size_t pending() const noexcept override;
    std::size_t taken_late() const noexcept override;
    void write(char* message, std::size_t size, transfer_format format) override;
    void write(std::span<const payload> messages) override;
    void pause() noexcept override;
    void resume() override;
    void close(transport_close why) override;
    void abort() noexcept override;
    void on_post(std::shared_ptr<exchange> asked) override;
    void on_sweep(clock_source::time_point) override {}

private:
    memory_transport(std::shared_ptr<memory_link> link, std::size_t side) noexcept;

    std::shared_ptr<memory_link> link_;
    std::size_t side_;
};

}  // namespace asignalr::detail
