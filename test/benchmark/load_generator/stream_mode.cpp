// SPDX-License-Identifier: MIT
#include "messages.hpp"
#include "modes.hpp"

namespace benchmark {
namespace {

void until_completed(pool& connections) {
    const peer& only = connections.at(0);
    connections.run([](peer&) {}, [&only](steady::time_point) { return only.counts().completions > 0; });
}

std::string upload_of(const options& settings, std::uint64_t count) {
    std::string all =
        on_the_wire(settings, call_message(settings, {.id = "100", .target = "Sum", .stream_ids = "\"1\""}));
    const std::string item = settings.order == "dotnet" ? R"({"type":2,"invocationId":"1","item":7})"
                                                        : R"({"invocationId":"1","item":7,"type":2})";
    const std::string frame = on_the_wire(settings, item + record_end);
    for (std::uint64_t index = 0; index < count; ++index) {
        all += frame;
    }
    const std::string last =
        settings.order == "dotnet" ? R"({"type":3,"invocationId":"1"})" : R"({"invocationId":"1","type":3})";
    return all + on_the_wire(settings, last + record_end);
}

}  // namespace

void run_stream(const options& settings, report& result) {
    pool connections(settings);
    connections.open(1);
    const std::string arguments = std::to_string(settings.messages) + "," + std::to_string(settings.size);
    cpu_window window(settings.server_process);
    window.begin();
    const call request{.type = 4, .id = "100", .target = "Stream", .arguments = arguments};
    connections.at(0).send(on_the_wire(settings, call_message(settings, request)));
    until_completed(connections);
    window.end();
    result.add_window(window, connections.at(0).counts().items);
    result.add_errors(connections);
}

void run_upload(const options& settings, report& result) {
    pool connections(settings);
    connections.open(1);
    connections.at(0).keep_completions(true);
    cpu_window window(settings.server_process);
    window.begin();
    connections.at(0).send(upload_of(settings, settings.messages));
    until_completed(connections);
    window.end();
    const tally& counts = connections.at(0).counts();
    const std::string sum = "\"result\":" + std::to_string(7 * settings.messages) + "}";
    if (counts.errors == 0 && counts.last_completion.find(sum) == std::string::npos) {
        throw generator_error("wrong sum: " + counts.last_completion);
    }
    result.add_window(window, settings.messages);
    result.add_errors(connections);
}

}  // namespace benchmark
