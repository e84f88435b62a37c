// SPDX-License-Identifier: MIT
#include "server/hub_endpoint.hpp"

#include "base/text.hpp"
#include "connection/identifier.hpp"
#include "hub/hub_core.hpp"
#include "hub/hub_session.hpp"
#include "protocol/negotiate_message.hpp"
#include "runtime/lane.hpp"
#include "transport/websocket_transport.hpp"
#include "wire/websocket_handshake.hpp"

namespace asignalr::detail {
namespace {

http_response plain(int status, std::string text = {}) { return {.status = status, .body = std::move(text), .content_type = "text/plain"}; }

// What ASP.NET Core puts on every answer to a poll.
std::vector<std::pair<std::string, std::string>> never_stored() {
    return {{"Cache-Control", "no-cache, no-store"}, {"Expires", "Thu, 01 Jan 1970 00:00:00 GMT"}, {"Pragma", "no-cache"}};
}

bool accepts_event_stream(const http_request& request) {
    const auto accept = request.header("Accept");
    return accept && list_contains(*accept, "text/event-stream");
}

// A request as it may have been sent: what the owner's HTTP part reads again.
std::string raw_request(const http_request& request) {
    std::string bytes(request.method());
    bytes += ' ';
    for (const char character : request.path()) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(character);
        const bool safe = byte > 0x20 && byte < 0x7f && character != '?' && character != '#' && character != '%';
        if (safe)
            bytes += character;
        else
            bytes.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    if (!request.query_string().empty()) bytes.append("?").append(request.query_string());
    bytes += " HTTP/1.1\r\n";
    request.for_each_header([&](std::string_view name, std::string_view value) {
        const bool of_the_body = equals_ignoring_case(name, "Content-Length") || equals_ignoring_case(name, "Transfer-Encoding") ||
                                 equals_ignoring_case(name, "Expect");
        if (!of_the_body) bytes.append(name).append(": ").append(value).append("\r\n");
    });
    if (!request.body().empty()) bytes += "Content-Length: " + std::to_string(request.body().size()) + "\r\n";
    return bytes.append("\r\n").append(request.body());
}

}  // namespace

void hub_endpoint::negotiate(exchange& asked) {
    if (asked.request().method() != "POST") return asked.respond(plain(405));
    const http_request& request = asked.request();
    std::optional<std::string> version = request.query("negotiateVersion");
    if (request.query_count("negotiateVersion") > 1) version = ",";  // joined values are no number
    const negotiate_request wanted = parse_negotiate(version ? std::optional<std::string_view>(*version) : std::nullopt);
    http_response answer{.content_type = "application/json"};
    if (!wanted.error.empty()) {
        answer.body = negotiate_refused(wanted.error);
        return asked.respond(std::move(answer));
    }
    if (!check_room(asked)) return;
    hub_lane& at = hub_->at(lane_);
    std::string token = make_identifier(lane_, hub_->lane_count());
    std::string id = wanted.version > 0 ? make_identifier(lane_, hub_->lane_count()) : token;
    answer.body = negotiate_answer(wanted.version, id, token);
    at.registry().add_negotiated(std::move(token), std::move(id));
    asked.respond(std::move(answer));
}

// Answers and returns false if this lane's share of the connections is used up.
bool hub_endpoint::check_room(exchange& asked) {
    hub_lane& at = hub_->at(lane_);
    const std::size_t share = (hub_->options().maximum_connections + hub_->lane_count() - 1) / hub_->lane_count();
    if (at.registry().size() < share) return true;
    at.where().count().negotiations_refused.add();
    at.log().refused(
        refusal::negotiations, at.where().now(),
        "a connection was refused; hub_options::maximum_connections sets how many there may be");
    asked.respond(plain(503, "The server has too many connections."));
    return false;
}

// The order of the checks is ASP.NET Core's: the token, the transport, the state.
void hub_endpoint::connect(exchange& asked) {
    const std::string_view method = asked.request().method();
    if (method == "GET" && !accepts_event_stream(asked.request()) && asked.wants_websocket()) return open_websocket(asked);
    if (method != "GET" && method != "POST" && method != "DELETE") return asked.respond(plain(405));
    const bool polls = method == "GET" && !accepts_event_stream(asked.request());
    if (polls) asked.add_headers(never_stored());
    if (!check_token(asked)) return;
    if (method == "GET") {
        const std::string name = polls ? "LongPolling" : "ServerSentEvents";
        return asked.respond(plain(404, name + " transport not supported by this end point type"));
    }
    if (method == "POST") return asked.respond(plain(405, "POST requests are not allowed for WebSocket connections."));
    asked.respond(plain(400, "Cannot terminate this connection using the DELETE endpoint."));
}

// Answers and returns false if the request names no connection of this hub.
bool hub_endpoint::check_token(exchange& asked) {
    const auto token = asked.request().query("id");
    if (!token || token->empty() || asked.request().query_count("id") > 1) {
        asked.respond(plain(400, "Connection ID required"));
        return false;
    }
    const auto owner = owner_of(*token, hub_->lane_count());
    if (owner && *owner != lane_) {
        move_to_owner(asked, *owner);
        return false;
    }
    if (owner && hub_->at(lane_).registry().find(*token) != connection_registry::standing::unknown) return true;
    asked.respond(plain(404, "No Connection with that ID"));
    return false;
}

void hub_endpoint::open_websocket(exchange& asked) {
    connection_registry& registry = hub_->at(lane_).registry();
    const auto token = asked.request().query("id");
    if (!token) {
        // A client that skipped negotiate: id and token are one.
        if (!check_room(asked)) return;
        std::string id = make_identifier(lane_, hub_->lane_count());
        registry.add_in_use(id);
        return attach_websocket(asked, id, id);
    }
    if (asked.request().query_count("id") > 1) return asked.respond(plain(400, "Connection ID required"));
    const auto owner = owner_of(*token, hub_->lane_count());
    if (!owner) return asked.respond({.status = 404, .body = "No Connection with that ID", .content_type = ""});
    if (*owner != lane_) return move_to_owner(asked, *owner);
    switch (registry.find(*token)) {
        case connection_registry::standing::unknown:
            return asked.respond({.status = 404, .body = "No Connection with that ID", .content_type = ""});
        case connection_registry::standing::in_use: return asked.respond(plain(409));
        case connection_registry::standing::negotiated: break;
    }
    std::string id = registry.claim(*token);
    attach_websocket(asked, std::move(id), *token);
}

void hub_endpoint::attach_websocket(exchange& asked, std::string id, std::string token) {
    http_request request = asked.take_request();
    std::string head = websocket_answer(*request.header("Sec-WebSocket-Key"));
    upgraded_stream upgraded = asked.upgrade();
    hub_lane& at = hub_->at(lane_);
    upgraded.stream->set_unacknowledged_timeout(hub_->options().client_timeout);
    auto transport = std::make_unique<websocket_transport>(
        at.where(), std::move(upgraded.stream), std::move(head), std::move(upgraded.early_bytes), hub_->options().close_timeout);
    const kept<hub_session> session(
        new hub_session(hub_, at, std::move(id), std::move(token), std::move(request)));
    session->attach(std::move(transport));
}

// A connection lives on the lane that its token names. The request goes there with its socket, and is read again.
void hub_endpoint::move_to_owner(exchange& asked, std::size_t owner) {
    std::string bytes = raw_request(asked.request());
    upgraded_stream upgraded = asked.upgrade();
    bytes += upgraded.early_bytes;
    forward_(owner, std::move(upgraded.stream), std::move(bytes));
}

}  // namespace asignalr::detail
