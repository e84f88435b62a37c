// SPDX-License-Identifier: MIT
// F03, F04: a conversation over every transport and in both encodings is the same wherever its bytes are cut, and a peer that goes while
// something is being written to it leaves nothing behind.

#include "transport_script.hpp"

#include <algorithm>
#include <cstdlib>

namespace asignalr::detail {
namespace {

/// The payloads of the chunks that came whole.
std::string unchunked(std::string_view raw) {
    std::string bytes;
    for (std::size_t line; (line = raw.find("\r\n")) != std::string_view::npos;) {
        const std::size_t size = std::strtoul(std::string(raw.substr(0, line)).c_str(), nullptr, 16);
        bytes += raw.substr(line + 2, size);
        raw.remove_prefix(std::min(raw.size(), line + 2 + size + 2));
    }
    return bytes;
}

/// What the events of a stream carry, as one text: events may gather messages in different ways.
std::string data_of_events(std::string_view stream) {
    std::string data;
    for (std::size_t end; (end = stream.find("\r\n")) != std::string_view::npos; stream.remove_prefix(end + 2)) {
        std::string_view line = stream.substr(0, end);
        constexpr std::string_view mark = "data: ";
        if (line.starts_with(mark)) data += line.substr(mark.size());
    }
    return data;
}

class splitting_test : public script_fixture, public testing::WithParamInterface<conversation_way> {
protected:
    bool is_over(transport_way by) const { return GetParam().by == by; }

    /// A client that does a bit of everything and says goodbye.
    static transport_script orderly() {
        transport_script script(GetParam());
        const client_speech& speech = script.speech();
        script.poll();
        script.say(speech.call("1", "Echo", {"gr\u00fc\u00df dich"}) + speech.stream("2", "Count", {3}));
        script.say(speech.upload("3", "Sum", {"u"}));
        script.say(speech.item("u", 20) + speech.item("u", 22) + speech.upload_end("u"));
        script.say(speech.call("", "Echo", {"nobody waits"}) + speech.call("4", "Nonsense") + speech.ping());
        script.say(speech.call("5", "Echo", {std::string(200, 'x')}));
        if (GetParam().by == transport_way::websockets) {
            const std::string divided = speech.call("6", "Add", {1, 2});
            const unsigned opcode = speech.is_binary() ? 2 : 1;
            script.raw(client_frame("are you there", 0x89) + client_frame(divided.substr(0, 10), opcode) + client_frame(divided.substr(10), 0x80));
        }
        script.say(speech.close());
        if (GetParam().by == transport_way::websockets) script.raw(client_frame("\x03\xe8", 0x88));
        return script;
    }

    std::string converse(const transport_script& script, const play_options& how) {
        player_.play(script, how);
        std::vector<raw_client>& clients = player_.clients();
        std::string transcript = heard(clients[0]);
        for (std::size_t number = 1; number < clients.size(); ++number)
            for (http_answer answer; (answer = take_answer(clients[number].raw)).status != 0;)
                transcript += " POST " + std::to_string(answer.status) + " " + answer.body;
        player_.leave();
        pass_at_once(std::chrono::seconds(16));
        return transcript;
    }

    /// Everything that the server says to this client, without what may differ: the date, the token, where messages are put together.
    std::string heard(raw_client& client) {
        settle(client);
        if (is_over(transport_way::websockets)) {
            std::string text = client.bytes;
            for (const std::string& pong : client.pongs)
                text += " pong " + pong;
            return text + " close " + std::to_string(client.close_code) + (client.ended ? " end" : "");
        }
        if (is_over(transport_way::server_sent_events)) {
            const std::size_t end = client.raw.find("\r\n\r\n");
            return data_of_events(unchunked(std::string_view(client.raw).substr(end + 4))) + (client.ended ? " end" : "");
        }
        std::string text;
        for (int polls = 0; polls < 100; ++polls) {
            http_answer answer;
            while ((answer = take_answer(client.raw)).status == 200)
                text += answer.body;
            if (answer.status != 0) return text + " end " + std::to_string(answer.status);
            client.write(request_for("GET", player_.token()));
            settle(client);
        }
        return text + " no end";
    }
};

INSTANTIATE_TEST_SUITE_P(over, splitting_test, testing::ValuesIn(conversation_ways), name_of_way);

// F04
TEST_P(splitting_test, the_transcript_is_the_same_for_every_cut) {
    start();
    const transport_script script = orderly();
    const std::string whole = converse(script, {});
    EXPECT_NE(whole.find("gr\u00fc\u00df dich"), std::string::npos) << whole;
    EXPECT_NE(whole.find("Nonsense"), std::string::npos) << whole;
    EXPECT_NE(whole.find("end"), std::string::npos) << whole;
    for (std::size_t at = 1; at < script.size(); ++at)
        ASSERT_EQ(converse(script, {.cut_at = at}), whole) << "cut at " << at;
    for (const std::size_t transfer : {std::size_t{1}, std::size_t{7}}) {
        EXPECT_EQ(converse(script, {.transfer_size = transfer}), whole);
        EXPECT_EQ(converse(script, {.transfer_size = transfer, .bytewise = true}), whole);
    }
    EXPECT_EQ(converse(script, {.bytewise = true}), whole);
    expect_nothing_left_in_time();
}

// F03: the answers wait for a client that takes little, or are written to one that has gone.
TEST_P(splitting_test, a_peer_that_goes_under_queued_writes_leaves_nothing_behind) {
    start();
    transport_script script(GetParam());
    const client_speech& speech = script.speech();
    script.poll();
    script.say(speech.call("1", "Fill", {100'000}) + speech.call("2", "Fill", {100'000}) + speech.stream("3", "Count", {100}));
    const std::string last(1, script.parts().back().bytes.back());  // makes the server write
    for (const auto end : goodbyes) {
        for (const bool writes_before : {true, false}) {
            player_.play(script, {.size = script.size() - 1});
            EXPECT_EQ(count().connections, 1u);
            player_.clients().back().write(last);
            if (writes_before) run();
            for (raw_client& client : player_.clients())
                end(client);
            run();
            player_.leave();
            expect_nothing_left_in_time();
        }
    }
    EXPECT_EQ(world_->times("connected"), 6u);
    EXPECT_EQ(disconnected(), 6u);
    EXPECT_TRUE(log_->important.empty()) << log_->important[0];
}

}  // namespace
}  // namespace asignalr::detail
