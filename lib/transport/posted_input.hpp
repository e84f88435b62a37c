// SPDX-License-Identifier: MIT
#pragma once

#include "base/byte_buffer.hpp"
#include "log/log.hpp"
#include "net/exchange.hpp"
#include "transport/transport.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace asignalr::detail {

/// The client's half of a transport whose client sends by POST: the bodies one behind the other, in the order of arrival.
///
/// A body is read as it arrives. While the connection is not read, a little of it is kept and the rest stays with the client, whose
/// other requests wait unread. Used on one lane.
class posted_input final : private body_events {
public:
    /// What may be posted before somebody takes it.
    struct early_limit {
        std::size_t bytes;
        lane_log* log;             ///< Told of more.
        const char* options_name;  ///< Of those with the limit, for the log.
    };

    posted_input() = default;
    explicit posted_input(const early_limit& early) noexcept : early_(early) {}
    posted_input(const posted_input&) = delete;
    posted_input& operator=(const posted_input&) = delete;
    ~posted_input();

    /// Takes a POST and answers it when its body was taken: 200, 404 if the connection ends before, or 413 if it is too much to begin with.
    void take(std::shared_ptr<exchange> asked);

    /// Begins to deliver, what was kept first.
    /// @param owner aborted if memory runs out for what is to be kept
    void start(transport& owner, transport_events& events);
    void pause() noexcept { paused_ = true; }
    void resume();
    /// Delivers nothing more, and answers what waits.
    void end();
    /// Ends; for a transport that takes nothing by POST. What was kept.
    byte_buffer take_kept();

private:
    void on_body(char* bytes, std::size_t size) override;
    void on_body_end() override;
    void on_body_lost() override;

    void read_next();
    void deliver(char* bytes, std::size_t size);
    void offer(char* bytes, std::size_t size);
    void hold_back();
    void refuse_early();
    static void answer_gone(exchange& asked) noexcept;

    transport* owner_ = nullptr;
    transport_events* events_ = nullptr;
    byte_buffer kept_;                                // was not taken yet
    std::size_t kept_before_ = 0;                     // the current body
    early_limit early_{};
    std::shared_ptr<exchange> current_;               // whose body is being read
    std::vector<std::shared_ptr<exchange>> waiting_;  // behind it, few: a deque would hold half a kilobyte for nobody
    bool paused_ = true;
    bool ended_ = false;
    bool delivering_ = false;
};

}  // namespace asignalr::detail
