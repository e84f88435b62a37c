// SPDX-License-Identifier: MIT
#include "measure.hpp"
#include "messages.hpp"
#include "modes.hpp"

#include <algorithm>
#include <thread>

namespace benchmark {
namespace {

// Keeps `depth` calls in flight on every connection. With settings.messages each connection sends its share of them and
// stops.
class closed_loop {
public:
    closed_loop(const options& settings, pool& connections)
        : connections_(connections),
          ring_(settings, settings.target, settings.depth),
          share_(
              settings.messages == 0 ? ~std::uint64_t{0}
                                     : std::max<std::uint64_t>(1, settings.messages / settings.connections)) {}

    void start() {
        for (std::size_t index = 0; index < connections_.size(); ++index) {
            send(connections_.at(index), std::min<std::uint64_t>(ring_.depth(), share_));
        }
    }

    void on_data(peer& from) {
        const std::uint64_t fresh = from.counts().completions - from.seen;
        if (fresh == 0) {
            return;
        }
        from.seen += fresh;
        answered_ += fresh;
        if (from.sent < share_) {
            send(from, std::min(fresh, share_ - from.sent));
        }
    }

    std::uint64_t answered() const { return answered_; }
    std::uint64_t expected() const { return share_ * connections_.size(); }

private:
    void send(peer& to, std::uint64_t count) {
        to.send(ring_.take(to.next_call, static_cast<std::size_t>(count)));
        to.sent += count;
        to.next_call = (to.next_call + static_cast<std::size_t>(count)) % ring_.depth();
    }

    pool& connections_;
    call_ring ring_;
    std::uint64_t share_;
    std::uint64_t answered_ = 0;
};

void run_paced(const options& settings, pool& connections, cpu_window& window) {
    const call_ring ring(settings, settings.target, 1);
    peer& only = connections.at(0);
    window.begin();
    for (std::uint64_t index = 0; index < settings.messages; ++index) {
        std::this_thread::sleep_for(settings.pause);
        only.send(ring.take(0, 1));
        const std::uint64_t goal = only.seen + index + 1;
        connections.run([](peer&) {}, [&](steady::time_point) { return only.counts().completions >= goal; });
    }
    window.end();
}

std::uint64_t run_timed(closed_loop& loop, const options& settings, pool& connections, cpu_window& window) {
    loop.start();
    return measure(
        settings, connections, window, [&loop](peer& from) { loop.on_data(from); },
        [&loop] { return loop.answered(); });
}

std::uint64_t run_counted(closed_loop& loop, pool& connections, cpu_window& window) {
    window.begin();
    loop.start();
    connections.run(
        [&loop](peer& from) { loop.on_data(from); },
        [&loop](steady::time_point) { return loop.answered() >= loop.expected(); });
    window.end();
    return loop.answered();
}

}  // namespace

void run_echo(const options& settings, report& result) {
    pool connections(settings);
    connections.open(settings.connections);
    verify_echo(settings, connections);
    cpu_window window(settings.server_process);
    std::uint64_t messages = settings.messages;
    if (settings.pause.count() > 0) {
        run_paced(settings, connections, window);
    } else {
        closed_loop loop(settings, connections);
        messages = settings.messages > 0 ? run_counted(loop, connections, window)
                                         : run_timed(loop, settings, connections, window);
    }
    result.add("depth", settings.depth);
    result.add_window(window, messages);
    result.add_errors(connections);
}

}  // namespace benchmark
