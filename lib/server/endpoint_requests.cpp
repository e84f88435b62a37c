// SPDX-License-Identifier: MIT
#include "server/endpoint_requests.hpp"

#include "base/text.hpp"
#include "connection/identifier.hpp"
#include "protocol/negotiate_message.hpp"
#include "runtime/lane.hpp"

namespace asignalr::detail {
namespace {

http_response plain(int status, std::string text = {}) { return {.status = status, .body = std::move(text), .content_type = "text/plain"}; }

// RFC 6455 section 4.4 wants the version named, RFC 9110 section 15.5.22 the protocol.
void refuse_opening(exchange& asked) {
    if (asked.opening() == websocket_opening::broken)
        return asked.respond(plain(400, "The opening handshake of the WebSocket is malformed."));
    http_response answer = plain(426, "WebSockets are spoken here in version 13.");
    answer.headers = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    asked.respond(std::move(answer));
}

// A request's head as it may have been sent: what the owner's HTTP part reads again, with the body behind it.
std::string raw_head(const exchange& asked) {
    const http_request& request = asked.request();
    std::string bytes(request.method());
    bytes.append(" ").append(request.target()).append(asked.knows_chunks() ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
    request.for_each_header([&](std::string_view name, std::string_view value) {
        bytes.append(name).append(": ").append(value).append("\r\n");
    });
    return bytes + "\r\n";
}

std::vector<offered_transport> offered(transport_types allowed) {
    std::vector<offered_transport> offers;
    for (const transport_kind& kind : transport_kinds())
        if (kind.is_offered && contains(allowed, kind.type)) offers.push_back({kind.name, kind.carries_text, kind.carries_binary});
    return offers;
}

}  // namespace

endpoint_requests::endpoint_requests(
    std::shared_ptr<endpoint> to, std::size_t lane, const trusted_proxies& proxies, const forward_function& forward) noexcept
    : to_(std::move(to)), at_(to_->at(lane)), lane_(lane), proxies_(proxies), forward_(forward) {}

void endpoint_requests::negotiate(exchange& asked) {
    if (asked.request().method() != "POST") return asked.respond(plain(405));
    const http_request& request = asked.request();
    std::optional<std::string> version = request.query("negotiateVersion");
    if (request.query_count("negotiateVersion") > 1) version.emplace(1, ',');  // joined values are no number
    const negotiate_request wanted = parse_negotiate(version ? std::optional<std::string_view>(*version) : std::nullopt);
    http_response answer{.content_type = "application/json"};
    if (!wanted.error.empty()) {
        answer.body = negotiate_refused(wanted.error);
        return asked.respond(std::move(answer));
    }
    places_by_address::place place;
    if (!check_room(asked, place)) return;
    std::string token = make_identifier(lane_, to_->lane_count());
    std::string id = wanted.version > 0 ? make_identifier(lane_, to_->lane_count()) : token;
    answer.body = negotiate_answer(wanted.version, id, token, offered(to_->common().transports));
    at_.registry().add_negotiated(std::move(token), std::move(id), std::move(place));
    asked.respond(std::move(answer));
}

// Answers and returns false if this lane's share of the connections is used up, or that of whoever asks.
bool endpoint_requests::check_room(exchange& asked, places_by_address::place& into) {
    const endpoint_options& limits = to_->common();
    const std::size_t share = (limits.maximum_connections + to_->lane_count() - 1) / to_->lane_count();
    if (at_.registry().size() >= share)
        return refuse(asked, "a connection was refused: there are too many", "maximum_connections", "The server has too many connections.");
    const auto address = proxies_.counted_address(asked.request().remote_address());
    if (!address) return true;
    into = to_->by_address().take(*address, limits.maximum_connections_per_address);
    return into || refuse(
                       asked, "a connection was refused: its address has too many; trusted_proxies lists those that speak for others",
                       "maximum_connections_per_address", "Your address has too many connections.");
}

bool endpoint_requests::refuse(exchange& asked, std::string_view message, const char* option, std::string_view text) {
    at_.where().count().negotiations_refused.add();
    at_.log().refused(
        refusal::negotiations, at_.where().now(), message, {{"option", std::string(to_->common().name) + "::" + option}});
    asked.respond(plain(503, std::string(text)));
    return false;
}

void endpoint_requests::connect(const std::shared_ptr<exchange>& asked) {
    const std::string_view method = asked->request().method();
    if (method == "GET") return get(asked);
    if (method == "POST") return post(asked);
    if (method == "DELETE") return end(asked);
    asked->respond(plain(405));
}

// Answers and returns null if the request names no connection of this hub, or another lane's.
connection_registry::entry* endpoint_requests::find(exchange& asked, std::string_view content_type) {
    const auto token = asked.request().query("id");
    if (!token || token->empty() || asked.request().query_count("id") > 1) {
        asked.respond(plain(400, "Connection ID required"));
        return nullptr;
    }
    const auto owner = owner_of(*token, to_->lane_count());
    if (owner && *owner != lane_) {
        move_to_owner(asked, *owner);
        return nullptr;
    }
    connection_registry::entry* const found = owner ? at_.registry().find(*token) : nullptr;
    const bool gone = found == nullptr || (found->in_use && (found->open == nullptr || found->open->by() == nullptr));
    if (!gone) return found;
    asked.respond({.status = 404, .body = "No Connection with that ID", .content_type = std::string(content_type)});
    return nullptr;
}

// The order of the checks is ASP.NET Core's: the token, the transport, the state.
void endpoint_requests::get(const std::shared_ptr<exchange>& asked) {
    const transport_kind& kind = transport_asked_for(*asked);
    if (kind.type == transport_types::web_sockets && asked->opening() != websocket_opening::whole) return refuse_opening(*asked);
    if (kind.is_never_stored) asked->never_store();
    if (!kind.needs_negotiate && asked->request().query_count("id") == 0) return open_without_token(*asked, kind);
    connection_registry::entry* const found = find(*asked, kind.needs_negotiate ? "text/plain" : "");
    if (found == nullptr || !check_allowed(*asked, kind)) return;
    if (found->in_use) {
        transport& by = *found->open->by();
        if (by.name() != kind.name) return asked->respond(plain(400, "Cannot change transports mid-connection"));
        return by.on_get(asked);
    }
    std::string token = *asked->request().query("id");
    std::unique_ptr<posted_input> posted = std::move(found->posted);
    std::string id = at_.registry().claim(*found);
    open(*asked, kind, std::move(posted), std::move(id), std::move(token));
}

posted_input::early_limit endpoint_requests::early_limit() noexcept {
    return {to_->common().maximum_early_post, &at_.log(), to_->common().name};
}

// Before a transport is chosen, what is posted is kept for it.
void endpoint_requests::post(const std::shared_ptr<exchange>& asked) {
    connection_registry::entry* const found = find(*asked, "text/plain");
    if (found == nullptr) return;
    if (found->in_use) return found->open->by()->on_post(asked);
    if (!found->posted) found->posted = std::make_unique<posted_input>(early_limit());
    found->posted->take(asked);
}

void endpoint_requests::end(const std::shared_ptr<exchange>& asked) {
    connection_registry::entry* const found = find(*asked, "text/plain");
    if (found == nullptr) return;
    if (found->in_use) return found->open->by()->on_delete(asked);
    asked->respond(plain(400, "Cannot terminate this connection using the DELETE endpoint."));
}

// A client that skipped negotiate: id and token are one.
void endpoint_requests::open_without_token(exchange& asked, const transport_kind& kind) {
    places_by_address::place place;
    if (!check_allowed(asked, kind) || !check_room(asked, place)) return;
    std::string id = make_identifier(lane_, to_->lane_count());
    at_.registry().add_in_use(id, std::move(place));
    open(asked, kind, nullptr, id, id);
}

void endpoint_requests::open(
    exchange& asked, const transport_kind& kind, std::unique_ptr<posted_input> posted, std::string id, std::string token) {
    try {
        auto by = kind.open(at_.where(), asked, std::move(posted), to_->common().times);
        at_.open(std::move(by), std::move(id), token, asked.take_request());
    } catch (const std::bad_alloc&) {
        at_.registry().remove(token);
        throw;
    }
}

// Answers and returns false if the hub does not offer this transport.
bool endpoint_requests::check_allowed(exchange& asked, const transport_kind& kind) {
    if (contains(to_->common().transports, kind.type)) return true;
    asked.respond(plain(404, std::string(kind.name) + " transport not supported by this end point type"));
    return false;
}

// A connection lives on the lane that its token names. The request goes there with its socket, and is read again.
void endpoint_requests::move_to_owner(exchange& asked, std::size_t owner) {
    std::string bytes = raw_head(asked);
    upgraded_stream upgraded = asked.upgrade();
    bytes += upgraded.early_bytes;
    forward_(owner, std::move(upgraded.stream), std::move(bytes), asked.added_headers());
}

}  // namespace asignalr::detail
