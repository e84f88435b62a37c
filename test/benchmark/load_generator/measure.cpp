// SPDX-License-Identifier: MIT
#include "measure.hpp"

#include "messages.hpp"

namespace benchmark {
namespace {

void run_for(seconds duration, pool& connections, const pool::listener& on_progress) {
    const auto end = steady::now() + duration;
    connections.run(on_progress, [end](steady::time_point now) { return now >= end; });
}

}  // namespace

std::uint64_t measure(
    const options& settings, pool& connections, cpu_window& window, const pool::listener& on_progress,
    const std::function<std::uint64_t()>& done) {
    run_for(settings.warm_up, connections, on_progress);
    const std::uint64_t before = done();
    window.begin();
    run_for(settings.duration, connections, on_progress);
    window.end();
    return done() - before;
}

void verify_echo(const options& settings, pool& connections) {
    if (settings.wire == wire::raw) {
        return;
    }
    peer& first = connections.at(0);
    first.keep_completions(true);
    first.send(on_the_wire(settings, padded_call(settings, "100", settings.target)));
    connections.run([](peer&) {}, [&first](steady::time_point) { return first.counts().completions > 0; });
    first.keep_completions(false);
    first.seen = 1;
    const tally& counts = first.counts();
    const bool is_hub_json = settings.wire == wire::signalr && settings.protocol == "json";
    if (counts.errors == 0 &&
        counts.last_completion.find(is_hub_json ? "\"result\":\"xx" : "xx") == std::string::npos) {
        throw generator_error("not an echo: " + counts.last_completion);
    }
}

}  // namespace benchmark
