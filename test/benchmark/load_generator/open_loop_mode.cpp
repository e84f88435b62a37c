// SPDX-License-Identifier: MIT
#include "latencies.hpp"
#include "measure.hpp"
#include "messages.hpp"
#include "modes.hpp"

#include <algorithm>
#include <vector>

namespace benchmark {
namespace {

// Sends by the clock, whatever has been answered: message n is due at n / rate, and the connections take turns. Its
// latency counts from then, also when it was sent late, so that a stall of the server is seen by all messages that it
// kept waiting and not by one alone.
class schedule {
public:
    schedule(const options& settings, pool& connections)
        : connections_(connections),
          ring_(settings, settings.target, 1),
          interval_(1 / settings.rate),
          answered_of_(connections.size()) {}

    void run(std::uint64_t count) {
        begin_ = steady::now();
        count_ = count;
        sent_ = answered_ = 0;
        std::fill(answered_of_.begin(), answered_of_.end(), 0);
        latencies_.clear();
        connections_.spin(
            [this](peer& from) { take_answers(from); },
            [this](steady::time_point now) {
                send_due(now);
                return answered_ == count_;
            });
    }

    latencies& all() { return latencies_; }

private:
    steady::time_point due_at(std::uint64_t message) const {
        return begin_ + std::chrono::duration_cast<steady::duration>(interval_ * static_cast<double>(message));
    }

    void send_due(steady::time_point now) {
        for (; sent_ < count_ && due_at(sent_) <= now; ++sent_) {
            connections_.at(static_cast<std::size_t>(sent_ % connections_.size())).send(ring_.take(0, 1));
        }
    }

    // Answers come in the order of the calls on each connection, so it is known which message one is for.
    void take_answers(peer& from) {
        const auto now = steady::now();
        for (; from.seen < from.counts().completions; ++from.seen) {
            latencies_.add(now - due_at(answered_of_[from.index]++ * connections_.size() + from.index));
            ++answered_;
        }
    }

    pool& connections_;
    call_ring ring_;
    seconds interval_;
    std::vector<std::uint64_t> answered_of_;
    steady::time_point begin_;
    std::uint64_t count_ = 0;
    std::uint64_t sent_ = 0;
    std::uint64_t answered_ = 0;
    latencies latencies_;
};

std::uint64_t messages_in(seconds time, const options& settings) {
    return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(time.count() * settings.rate));
}

}  // namespace

// The generator never sleeps here, so that its own waking up is in no latency.
void run_open_loop(const options& settings, report& result) {
    pool connections(settings);
    connections.open(settings.connections);
    verify_echo(settings, connections);
    schedule calls(settings, connections);
    calls.run(messages_in(settings.warm_up, settings));
    const std::uint64_t counted = messages_in(settings.duration, settings);
    cpu_window window(settings.server_process);
    window.begin();
    calls.run(counted);
    window.end();
    result.add("rate", settings.rate);
    for (const double percent : {50.0, 90.0, 99.0, 99.9, 100.0}) {
        char name[24];
        std::snprintf(name, sizeof name, "p%g_us", percent);
        result.add(name, calls.all().percentile(percent));
    }
    result.add_window(window, counted);
    result.add_errors(connections);
}

}  // namespace benchmark
