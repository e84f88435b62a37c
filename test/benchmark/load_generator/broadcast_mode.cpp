// SPDX-License-Identifier: MIT
#include "messages.hpp"
#include "modes.hpp"

namespace benchmark {
namespace {

// One round after the other: a trigger, then everybody has the message.
class rounds {
public:
    rounds(const options& settings, pool& connections)
        : connections_(connections),
          trigger_(settings.wire == wire::raw ? "x" : on_the_wire(settings, broadcast_call(settings))) {}

    void start_round() {
        missing_ = connections_.size();
        ++round_;
        connections_.at(0).send(trigger_);
    }

    // True when the round is complete.
    bool on_data(peer& from) {
        const std::uint64_t total = from.counts().invocations;
        if (total == from.seen) {
            return false;
        }
        if (total > round_) {
            throw generator_error("a connection got more than was sent");
        }
        from.seen = total;
        return --missing_ == 0;
    }

    std::uint64_t complete() const { return missing_ == 0 ? round_ : round_ - 1; }

private:
    pool& connections_;
    std::string trigger_;
    std::size_t missing_ = 0;
    std::uint64_t round_ = 0;
};

// Ends with a complete round, at least one.
void run_rounds(rounds& all, pool& connections, seconds duration) {
    const auto end = steady::now() + duration;
    bool over = false;
    all.start_round();
    connections.run(
        [&](peer& from) {
            if (!all.on_data(from)) {
                return;
            }
            over = steady::now() >= end;
            if (!over) {
                all.start_round();
            }
        },
        [&over](steady::time_point) { return over; });
}

}  // namespace

void run_broadcast(const options& settings, report& result) {
    pool connections(settings);
    connections.open(settings.connections);
    rounds all(settings, connections);
    run_rounds(all, connections, settings.warm_up);
    const std::uint64_t before = all.complete();
    cpu_window window(settings.server_process);
    window.begin();
    run_rounds(all, connections, settings.duration);
    window.end();
    const std::uint64_t counted = all.complete() - before;
    result.add("rounds", counted);
    result.add_window(window, counted * settings.connections);
    result.add_errors(connections);
}

}  // namespace benchmark
