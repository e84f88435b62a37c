// SPDX-License-Identifier: MIT
// Conversations over every transport, from negotiate to the goodbye, that end behind each of their bytes.

#include "http_client.hpp"

#include <algorithm>
#include <functional>

namespace asignalr::detail {
namespace {

// As long as a token, which takes its place.
constexpr std::string_view token_here = "TTTTTTTTTTTTTTTTTTTTTT";

/// What is written in turn, and on which of the client's sockets. The first one negotiates.
struct written {
    std::size_t socket;
    std::string bytes;
};
using script = std::vector<written>;

std::string record(std::string_view message) { return std::string(message) + record_end; }

/// Something of every kind under way.
std::vector<std::string> unfinished_calls() {
    return {record(invocation_message("1", "Endless", "", 4)), record(upload_invocation("2", "Sum", "u")), record(item_message("u", "20")),
            record(invocation_message("3", "Wait", "\"call\"")), record(invocation_message("4", "Echo", "\"waits for the permit\""))};
}

class interruption_test : public http_client_fixture {
protected:
    static std::string negotiation() { return "POST /hub/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n"; }
    static script websocket(std::string_view goodbye) {
        std::string frames = client_frame(json_handshake);
        for (const std::string& message : unfinished_calls())
            frames += client_frame(message);
        return {{0, negotiation()}, {0, upgrade_request("/hub?id=" + std::string(token_here))}, {0, frames}, {0, std::string(goodbye)}};
    }
    static script over_posts(std::string_view headers) {
        script parts{{0, negotiation()}, {0, request_for("GET", token_here, headers)}, {1, request_for("POST", token_here, {}, json_handshake)}};
        return parts;
    }

    /// Writes the first bytes of it.
    std::vector<raw_client> play(const script& parts, std::size_t size) {
        std::vector<raw_client> clients;
        clients.push_back(connect());
        std::string token(token_here);
        for (const written& part : parts) {
            if (size == 0) break;
            if (part.socket == clients.size()) clients.push_back(connect());
            std::string bytes = part.bytes;
            if (const std::size_t at = bytes.find(token_here); at != std::string::npos) bytes.replace(at, token.size(), token);
            const std::size_t most = std::min(size, bytes.size());
            clients[part.socket].write(std::string_view(bytes).substr(0, most));
            for (raw_client& client : clients)
                settle(client);
            if (&part == &parts.front() && most == bytes.size()) token = text_member(take_answer(clients[0].raw).body, "connectionToken");
            size -= most;
        }
        return clients;
    }

    std::size_t disconnected() const {
        return static_cast<std::size_t>(std::count_if(world_->events.begin(), world_->events.end(), [](const std::string& event) {
            return event.starts_with("disconnected:");
        }));
    }

    void interrupt_everywhere(const script& parts) {
        start();
        raw_client other = connect_hub();
        std::size_t all = 0;
        for (const written& part : parts)
            all += part.bytes.size();
        for (const auto& end : {&raw_client::break_off, &raw_client::leave}) {
            for (std::size_t size = 0; size <= all; ++size) {
                std::vector<raw_client> clients = play(parts, size);
                for (raw_client& client : clients)
                    (client.*end)();
                run();
                world_->open_gate();
                run();
                // Once for what waits for a transport or a poll, once for what that ended.
                pass_at_once(std::chrono::seconds(16));
                pass_at_once(std::chrono::seconds(6));
                const statistics now = count();
                ASSERT_EQ(now.sockets, 1u) << "after " << size << " of " << all;
                ASSERT_EQ(now.connections, 1u) << "after " << size;
                ASSERT_EQ(now.running_invocations, 0u) << "after " << size;
                ASSERT_EQ(world_->hubs_alive, 1) << "after " << size;
                ASSERT_EQ(world_->times("connected"), disconnected() + 1) << "after " << size;
                ASSERT_EQ(call(other, "Add", "1,2"), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n") << "after " << size;
            }
        }
        EXPECT_GT(world_->times("connected"), all / 10) << "most of them come so far";
        EXPECT_GT(world_->times("left:call"), 0u);
        EXPECT_EQ(world_->times("waits:call"), world_->times("left:call"));
        EXPECT_GT(world_->times("stream left"), 0u);
        EXPECT_GT(world_->times("upload left"), 0u);
        other.leave();
        run();
        pass(std::chrono::seconds(2));
        expect_nothing_left();
    }
};

// F01
TEST_F(interruption_test, a_websocket_from_negotiate_to_the_close_handshake_of_the_client) {
    interrupt_everywhere(websocket(client_frame("\x03\xe8", 0x88)));
}

// F01: the server's Close frame is answered.
TEST_F(interruption_test, a_websocket_from_negotiate_to_the_close_handshake_of_the_server) {
    interrupt_everywhere(websocket(client_frame(record("{\"type\":7}")) + client_frame("\x03\xe8", 0x88)));
}

// F01
TEST_F(interruption_test, server_sent_events_from_negotiate_to_calls_under_way) {
    script parts = over_posts("Accept: text/event-stream\r\n");
    for (const std::string& message : unfinished_calls())
        parts.push_back({1, request_for("POST", token_here, {}, message)});
    interrupt_everywhere(parts);
}

// F01: with the first poll, one that is answered, one that is parked, and the DELETE.
TEST_F(interruption_test, long_polling_from_negotiate_to_delete) {
    script parts = over_posts({});
    parts.push_back({0, request_for("GET", token_here)});
    parts.push_back({0, request_for("GET", token_here)});
    for (const std::string& message : unfinished_calls())
        parts.push_back({1, request_for("POST", token_here, {}, message)});
    parts.push_back({0, request_for("GET", token_here)});
    parts.push_back({1, request_for("DELETE", token_here)});
    interrupt_everywhere(parts);
}

}  // namespace
}  // namespace asignalr::detail
