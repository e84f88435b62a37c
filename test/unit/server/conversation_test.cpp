// SPDX-License-Identifier: MIT
#include "net/memory_stream.hpp"
#include "server_fixture.hpp"

#include <functional>

namespace asignalr::detail {
namespace {

/// A client that does a bit of everything and says goodbye.
std::string orderly_conversation() {
    std::string bytes = upgrade_request("/hub");
    const auto say = [&](std::string_view message) { bytes += client_frame(std::string(message) + record_end); };
    bytes += client_frame(json_handshake);
    say(invocation_message("1", "Echo", "\"gr\u00fc\u00df dich\""));
    say(invocation_message("2", "Count", "3", 4));
    bytes += client_frame("are you there", 0x89);
    say(upload_invocation("3", "Sum", "u"));
    say(item_message("u", "20"));
    say(item_message("u", "22"));
    say(upload_end("u"));
    say(invocation_message("", "Echo", "\"nobody waits\""));
    say(invocation_message("4", "Nonsense"));
    say("{\"type\":6}");
    // A message over two frames, and two messages in one.
    const std::string divided = invocation_message("5", "Add", "1,2") + record_end;
    bytes += client_frame(divided.substr(0, 10), 0x01) + client_frame(divided.substr(10), 0x80);
    bytes += client_frame(invocation_message("6", "Add", "3,4") + record_end + invocation_message("7", "Add", "5,6") + record_end);
    return bytes + client_frame("\x03\xe8", 0x88);
}

/// A client with something of every kind under way, to be interrupted.
std::string unfinished_conversation() {
    std::string bytes = upgrade_request("/hub");
    const auto say = [&](std::string_view message) { bytes += client_frame(std::string(message) + record_end); };
    bytes += client_frame(json_handshake);
    say(invocation_message("1", "Endless", "", 4));
    say(upload_invocation("2", "Sum", "u"));
    say(item_message("u", "20"));
    say(upload_invocation("3", "SumLater", "v"));
    say(invocation_message("4", "Wait", "\"call\""));
    say(invocation_message("5", "Echo", "\"waits for the permit\""));
    say(cancel_message("5"));
    return bytes + client_frame("{\"type\":1,\"target\"").substr(0, 12);
}

std::string transcript(raw_client& client) {
    std::string text = client.head + client.take_messages();
    for (const std::string& pong : client.pongs)
        text += "pong " + pong + "\n";
    return text + "close " + std::to_string(client.close_code) + (client.ended ? " end" : "");
}

class conversation_test : public server_fixture {
protected:
    std::string converse(const std::vector<std::string_view>& pieces, std::size_t transfer_size = static_cast<std::size_t>(-1)) {
        raw_client client = connect();
        server_end_->limit_transfers(transfer_size);
        for (const std::string_view piece : pieces) {
            client.write(piece);
            settle(client);
        }
        client.leave();
        run();
        return transcript(client);
    }

    /// Interrupts the conversation behind each of its bytes; somebody else is served all the time.
    void interrupt_everywhere(const std::function<void(raw_client&)>& interrupt) {
        start();
        raw_client other = connect_hub();
        const std::string bytes = unfinished_conversation();
        for (std::size_t size = 0; size <= bytes.size(); ++size) {
            SCOPED_TRACE(size);
            raw_client client = connect();
            client.write(std::string_view(bytes).substr(0, size));
            settle(client);
            interrupt(client);
            run();
            world_->open_gate();
            run();
            pass(std::chrono::seconds(2));  // what still comes from the client is read for a second
            const statistics now = count();
            ASSERT_EQ(now.sockets, 1u);
            ASSERT_EQ(now.connections, 1u);
            ASSERT_EQ(now.running_invocations, 0u);
            ASSERT_EQ(world_->hubs_alive, 1);
            ASSERT_EQ(world_->times("connected"), world_->times("disconnected:") + 1);
            ASSERT_EQ(call(other, "Add", "1,2"), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n");
        }
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

// F04
TEST_F(conversation_test, every_split_point_gives_the_same_transcript) {
    start();
    const std::string bytes = orderly_conversation();
    const std::string whole = converse({bytes});
    EXPECT_NE(whole.find("\"invocationId\":\"7\",\"result\":11"), std::string::npos) << whole;
    EXPECT_NE(whole.find("pong are you there"), std::string::npos) << whole;
    EXPECT_TRUE(whole.ends_with("close 1000 end")) << whole;
    for (std::size_t at = 1; at < bytes.size(); ++at) {
        const std::string_view all(bytes);
        ASSERT_EQ(converse({all.substr(0, at), all.substr(at)}), whole) << "split at " << at;
    }
    pass(std::chrono::seconds(2));
    expect_nothing_left();
}

// F04
TEST_F(conversation_test, single_bytes_give_the_same_transcript) {
    start();
    const std::string bytes = orderly_conversation();
    std::vector<std::string_view> pieces;
    for (std::size_t at = 0; at < bytes.size(); ++at)
        pieces.push_back(std::string_view(bytes).substr(at, 1));
    const std::string whole = converse({bytes});
    EXPECT_EQ(converse(pieces), whole);
    EXPECT_EQ(converse({bytes}, 1), whole);
    EXPECT_EQ(converse(pieces, 1), whole);
    pass(std::chrono::seconds(2));
    expect_nothing_left();
}

// F01
TEST_F(conversation_test, a_reset_at_every_byte_leaves_nothing_behind) {
    interrupt_everywhere([](raw_client& client) { client.break_off(); });
}

// F01
TEST_F(conversation_test, a_close_at_every_byte_leaves_nothing_behind) {
    interrupt_everywhere([](raw_client& client) { client.leave(); });
}

// F01
TEST_F(conversation_test, a_close_with_unread_answers_at_every_byte_leaves_nothing_behind) {
    start();
    const std::string bytes = unfinished_conversation();
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        raw_client client = connect();
        client.write(std::string_view(bytes).substr(0, size));
        run();
        client.leave();
        run();
        world_->open_gate();
        pass(std::chrono::seconds(2));
        ASSERT_EQ(count().sockets, 0u) << size;
    }
    expect_nothing_left();
}

// F02
TEST_F(conversation_test, a_half_close_at_every_byte_ends_the_connection) {
    interrupt_everywhere([this](raw_client& client) {
        client.half_close();
        settle(client);
        client.leave();
    });
}

// F02
TEST_F(conversation_test, a_half_close_is_a_lost_connection) {
    start();
    raw_client client = connect_hub();
    client.half_close();
    settle(client);
    EXPECT_TRUE(client.is_over());
    EXPECT_EQ(world_->times("disconnected:"), 1u);
    expect_nothing_left();
}

// F02
TEST_F(conversation_test, a_half_close_behind_a_request_still_gets_the_answer) {
    start();
    raw_client client = connect();
    client.write("POST /hub/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n");
    client.half_close();
    settle(client);
    EXPECT_NE(client.raw.find("connectionToken"), std::string::npos);
    EXPECT_TRUE(client.ended);
}

// F03
TEST_F(conversation_test, a_reset_under_queued_writes_leaves_nothing_behind) {
    for (const bool resets : {true, false}) {
        if (!core_) start();
        raw_client client = connect_hub(1024);
        client.send(invocation_message("", "Fill", "100000"));
        client.send(invocation_message("", "Fill", "100000"));
        run();
        EXPECT_GT(count().queued_bytes, 0u);
        resets ? client.break_off() : client.leave();
        run();
        pass(std::chrono::seconds(2));
        expect_nothing_left();
    }
    EXPECT_EQ(world_->times("disconnected:"), 2u);
}

// F03: each write fails, the one of the Close frame included.
TEST_F(conversation_test, a_reset_before_every_answer_is_seen_once) {
    start();
    for (const std::string_view target : {"Echo", "Abort", "Nonsense", "Count"}) {
        raw_client client = connect_hub();
        client.send(invocation_message("1", target, target == "Echo" ? "\"text\"" : target == "Count" ? "2" : "", target == "Count" ? 4 : 1));
        client.break_off();
        run();
        pass(std::chrono::seconds(2));
        expect_nothing_left();
    }
    EXPECT_EQ(world_->times("connected"), 4u);
    EXPECT_EQ(world_->times("disconnected:"), 4u);
}

}  // namespace
}  // namespace asignalr::detail
