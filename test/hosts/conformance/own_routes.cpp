// SPDX-License-Identifier: MIT
#include "own_routes.hpp"

#include "request_journal.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

using asignalr::http_request;
using asignalr::http_response;

namespace {

std::size_t open_descriptors() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
        ++count;
    return count;
}

http_response statistics_of(const asignalr::server& server) {
    const asignalr::statistics now = server.statistics();
    std::string body = "{";
    const auto add = [&](const char* name, std::uint64_t value) {
        body += (body.size() > 1 ? ",\"" : "\"") + std::string(name) + "\":" + std::to_string(value);
    };
    add("sockets", now.sockets);
    add("http_requests_refused", now.http_requests_refused);
    add("slow_readers_closed", now.slow_readers_closed);
    add("connections", now.connections);
    add("running_invocations", now.running_invocations);
    add("idle_runners", now.idle_runners);
    add("queued_bytes", now.queued_bytes);
    add("connections_started", now.connections_started);
    add("connections_ended", now.connections_ended);
    add("messages_sent", now.messages_sent);
    add("serializations", now.serializations);
    add("writes", now.writes);
    add("lane_posts", now.lane_posts);
    add("descriptors", open_descriptors());
    return {.body = body + "}", .content_type = "application/json"};
}

}  // namespace

void add_own_routes(asignalr::server& server) {
    server.get("/statistics", [&server](const http_request&) { return statistics_of(server); });

    // More than a socket takes at once, for readers that are slow.
    server.get("/large", [](const http_request&) { return http_response{.body = std::string(1024 * 1024, 'x')}; });
}

void record_requests(asignalr::server& server) {
    const auto journal = std::make_shared<request_journal>();
    server.use([journal](const http_request& request, asignalr::http_headers&) { journal->add(request); });
    server.get("/requests", [journal](const http_request&) { return http_response{.body = journal->text()}; });
    server.post("/requests", [](const http_request& request) { return http_response{.body = std::to_string(request.body().size())}; });
}
