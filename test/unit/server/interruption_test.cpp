// SPDX-License-Identifier: MIT
// F01, F02: conversations over every transport and in both encodings, from negotiate to the goodbye, that end behind each of their bytes.

#include "transport_script.hpp"

namespace asignalr::detail {
namespace {

class interruption_test : public script_fixture, public testing::WithParamInterface<conversation_way> {
protected:
    /// Something of every kind under way.
    static transport_script unfinished() {
        transport_script script(GetParam());
        const client_speech& speech = script.speech();
        script.poll();
        script.poll();
        script.say(speech.stream("1", "Endless"));
        script.say(speech.upload("2", "Sum", {"u"}));
        script.say(speech.item("u", 20));
        script.say(speech.call("3", "Wait", {"call"}));
        script.say(speech.call("4", "Echo", {"waits for the permit"}));
        return script;
    }

    void interrupt_everywhere(const transport_script& script) {
        start();
        raw_client other = connect_hub();
        for (const auto end : goodbyes) {
            for (std::size_t size = 0; size <= script.size(); ++size) {
                interrupt(script, size, end);
                expect_only(other, size);
                if (HasFatalFailure()) return;
            }
        }
        EXPECT_GT(world_->times("connected"), script.size() / 10) << "most of them come so far";
        EXPECT_GT(world_->times("left:call"), 0u);
        EXPECT_EQ(world_->times("waits:call"), world_->times("left:call"));
        EXPECT_GT(world_->times("stream left"), 0u);
        EXPECT_GT(world_->times("upload left"), 0u);
        other.leave();
        run();
        pass(std::chrono::seconds(2));
        expect_nothing_left();
    }

private:
    void interrupt(const transport_script& script, std::size_t size, void (*end)(raw_client&)) {
        player_.play(script, {.size = size});
        for (raw_client& client : player_.clients())
            end(client);
        player_.settle();  // who has shut only its half still reads
        player_.leave();
        world_->open_gate();
        run();
        // Once for what waits for a transport or a poll, once for what that ended.
        pass_at_once(std::chrono::seconds(16));
        pass_at_once(std::chrono::seconds(6));
    }
    void expect_only(raw_client& other, std::size_t size) {
        const statistics now = count();
        ASSERT_EQ(now.sockets, 1u) << "after " << size;
        ASSERT_EQ(now.connections, 1u) << "after " << size;
        ASSERT_EQ(now.running_invocations, 0u) << "after " << size;
        ASSERT_EQ(world_->hubs_alive, 1) << "after " << size;
        ASSERT_EQ(world_->times("connected"), disconnected() + 1) << "after " << size;
        ASSERT_EQ(call(other, "Add", "1,2"), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n") << "after " << size;
    }
};

INSTANTIATE_TEST_SUITE_P(over, interruption_test, testing::ValuesIn(conversation_ways), name_of_way);

TEST_P(interruption_test, up_to_calls_under_way) {
    transport_script script = unfinished();
    script.poll();
    interrupt_everywhere(script);
}

TEST_P(interruption_test, up_to_the_goodbye_of_the_transport) {
    transport_script script = unfinished();
    if (GetParam().by == transport_way::websockets) script.raw(client_frame("\x03\xe8", 0x88));
    if (GetParam().by == transport_way::long_polling) script.remove();
    interrupt_everywhere(script);
}

// A WebSocket's Close frame of the server is answered.
TEST_P(interruption_test, up_to_the_goodbye_of_the_hub) {
    transport_script script = unfinished();
    script.say(script.speech().close());
    if (GetParam().by == transport_way::websockets) script.raw(client_frame("\x03\xe8", 0x88));
    script.poll();
    interrupt_everywhere(script);
}

}  // namespace
}  // namespace asignalr::detail
