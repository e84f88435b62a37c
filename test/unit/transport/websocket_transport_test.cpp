// SPDX-License-Identifier: MIT
#include "websocket_fixture.hpp"

namespace asignalr::detail {
namespace {

class websocket_transport_test : public websocket_fixture {};

// ---- RFC 6455: what a peer may not do, and the close code it gets

struct offence {
    const char* what;
    std::string bytes;
    unsigned code;
};

class websocket_offence_test : public websocket_fixture, public testing::WithParamInterface<offence> {};

TEST_P(websocket_offence_test, is_answered_with_its_close_code_and_the_end) {
    open();
    EXPECT_EQ(exchange_bytes(GetParam().bytes), close_frame(GetParam().code) + "[end]");
    EXPECT_EQ(events_.log, "malformed ");
    EXPECT_EQ(lane_->count().malformed_messages.get(), 1u);
    client_->close();
    run();
    EXPECT_EQ(events_.log, "malformed released ");
}

TEST_P(websocket_offence_test, is_noticed_however_the_bytes_are_cut) {
    open();
    server_end_->limit_transfers(1);
    EXPECT_EQ(exchange_bytes(GetParam().bytes), close_frame(GetParam().code) + "[end]");
    EXPECT_EQ(events_.log, "malformed ");
}

std::vector<offence> offences() {
    std::string unmasked = "\x81\x01x";
    return {
        {"reserved_bit_1", client_frame("x", 0xc1), 1002},
        {"reserved_bit_2", client_frame("x", 0xa1), 1002},
        {"reserved_bit_3", client_frame("x", 0x91), 1002},
        {"reserved_opcode_3", client_frame("x", 0x83), 1002},
        {"reserved_opcode_7", client_frame("x", 0x87), 1002},
        {"reserved_control_opcode", client_frame("x", 0x8b), 1002},
        {"fragmented_ping", client_frame("x", 0x09), 1002},
        {"fragmented_close", client_frame("\x03\xe8", 0x08), 1002},
        {"unmasked", std::move(unmasked), 1002},
        {"long_ping", client_frame(std::string(126, 'x'), 0x89), 1002},
        {"long_close", client_frame("\x03\xe8" + std::string(124, 'x'), 0x88), 1002},
        {"invalid_text", client_frame("\xc3\x28"), 1007},
        {"cut_character", client_frame("\xc3"), 1007},
        {"surrogate", client_frame("\xed\xa0\x80"), 1007},
        {"overlong", client_frame("\xc0\xaf"), 1007},
        {"invalid_text_in_fragments", client_frame("\xc3", 0x01) + client_frame("\x28", 0x80), 1007},
        {"continuation_without_start", client_frame("x", 0x80), 1002},
        {"start_within_message", client_frame("x", 0x01) + client_frame("x", 0x81), 1002},
        {"close_of_one_byte", client_frame("\x03", 0x88), 1002},
        {"close_code_999", client_frame("\x03\xe7", 0x88), 1002},
        {"close_code_1004", client_frame("\x03\xec", 0x88), 1002},
        {"close_code_1005", client_frame("\x03\xed", 0x88), 1002},
        {"close_code_1006", client_frame("\x03\xee", 0x88), 1002},
        {"close_code_1015", client_frame("\x03\xf7", 0x88), 1002},
        {"close_code_2999", client_frame("\x0b\xb7", 0x88), 1002},
        {"close_code_5000", client_frame("\x13\x88", 0x88), 1002},
        {"invalid_text_in_close", client_frame("\x03\xe8\xff", 0x88), 1007},
    };
}

INSTANTIATE_TEST_SUITE_P(rfc_6455, websocket_offence_test, testing::ValuesIn(offences()), [](const auto& info) {
    return std::string(info.param.what);
});

// ---- reading

TEST_F(websocket_transport_test, delivers_what_frames_carry) {
    open();
    give(client_frame("one") + client_frame("two", 0x01) + client_frame("", 0x00) + client_frame("three", 0x80));
    EXPECT_EQ(events_.received, "onetwothree");
    EXPECT_EQ(events_.begun, events_.finished);
    EXPECT_EQ(events_.log, "");
}

TEST_F(websocket_transport_test, delivers_what_came_with_the_request) {
    open(64 * 1024, client_frame("early") + client_frame("later").substr(0, 4));
    give(client_frame("later").substr(4));
    EXPECT_EQ(events_.received, "earlylater");
}

TEST_F(websocket_transport_test, tells_the_kind_and_the_end_of_messages) {
    open();
    events_.frames_of = transport_.get();
    give(client_frame("whole") + client_frame("", 0x82) + client_frame("a", 0x01) + client_frame("ping", 0x89) + client_frame("", 0x00));
    give(client_frame("b", 0x80) + client_frame("cut here", 0x82).substr(0, 9));
    EXPECT_EQ(events_.pieces, "text:whole. binary:. text:a text: text:b. binary:cut ");
    give(client_frame("cut here", 0x82).substr(9, 5));
    events_.pieces.clear();
    give(client_frame("cut here", 0x82).substr(14));
    EXPECT_EQ(events_.pieces, "");
    give(client_frame("more"));
    EXPECT_EQ(events_.pieces, "text:more. ");
}

TEST_F(websocket_transport_test, counts_the_frames_of_a_message_unless_it_is_told_not_to) {
    std::string bytes = client_frame("a", 0x01);
    for (std::uint32_t count = 1; count < frame_decoder::most_frames_per_message; ++count)
        bytes += client_frame("b", 0x00);
    bytes += client_frame("c", 0x80);
    for (const bool any_number : {false, true}) {
        events_ = {};
        open(1024 * 1024);
        if (any_number) transport_->allow_any_number_of_frames();
        EXPECT_EQ(exchange_bytes(bytes), any_number ? "" : close_frame(1008) + "[end]");
        EXPECT_EQ(events_.received.size(), frame_decoder::most_frames_per_message + (any_number ? 1 : 0));
    }
}

TEST_F(websocket_transport_test, answers_pings_and_passes_over_pongs) {
    open();
    EXPECT_EQ(exchange_bytes(client_frame("", 0x89)), server_frame("", 0x8a));
    const std::string longest(125, 'p');
    EXPECT_EQ(exchange_bytes(client_frame(longest, 0x89)), server_frame(longest, 0x8a));
    EXPECT_EQ(exchange_bytes(client_frame("unasked", 0x8a)), "");
    EXPECT_EQ(exchange_bytes(client_frame("a", 0x01) + client_frame("p", 0x89) + client_frame("b", 0x80)), server_frame("p", 0x8a));
    EXPECT_EQ(events_.received, "ab");
}

TEST_F(websocket_transport_test, offers_again_what_was_not_taken) {
    open();
    events_.most_taken = 2;
    give(client_frame("abcde"));
    EXPECT_EQ(events_.received, "ab");
    give(client_frame("fg"));
    EXPECT_EQ(events_.received, "abcdef");
    events_.most_taken = 100;
    give(client_frame("h"));
    EXPECT_EQ(events_.received, "abcdefgh");
}

TEST_F(websocket_transport_test, a_pause_keeps_everything_and_a_resume_delivers_it_in_order) {
    open();
    events_.pause_on_bytes = transport_.get();
    give(client_frame("one") + client_frame("two") + client_frame("ping", 0x89));
    EXPECT_EQ(events_.received, "one");
    give(client_frame("three"));
    EXPECT_EQ(events_.received, "one");
    transport_->resume();
    run();
    EXPECT_EQ(events_.received, "onetwo");
    events_.pause_on_bytes = nullptr;
    transport_->resume();
    EXPECT_EQ(take(), server_frame("ping", 0x8a));
    EXPECT_EQ(events_.received, "onetwothree");
}

TEST_F(websocket_transport_test, a_pause_stops_reading) {
    open(1024);
    transport_->pause();
    give(client_frame(std::string(3000, 'x')));
    run();
    EXPECT_EQ(events_.received, "");
    const std::string_view more = "x";
    EXPECT_TRUE(client_->write_some({&more, 1}).would_block());
}

TEST_F(websocket_transport_test, takes_16_kib_a_turn) {
    open(1024 * 1024);
    give(client_frame(std::string(100'000, 'x')));
    EXPECT_EQ(events_.received.size(), 100'000u);
    EXPECT_GE(events_.begun, 100'000 / (16 * 1024));
    EXPECT_EQ(events_.begun, events_.finished);
}

// ---- writing

TEST_F(websocket_transport_test, writes_one_frame_or_several_shared_ones) {
    open();
    write("one");
    EXPECT_EQ(take(), server_frame("one"));
    const std::array<payload, 2> both{shared("two"), shared(std::string(200, 'x'))};
    transport_->write(both);
    EXPECT_EQ(take(), server_frame("two") + server_frame(std::string(200, 'x')));
    EXPECT_FALSE(transport_->blocked());
    EXPECT_EQ(transport_->pending(), 0u);
}

TEST_F(websocket_transport_test, keeps_what_is_not_taken_and_sends_it_later) {
    open(100);
    const std::string message(1000, 'x');
    write(message);
    EXPECT_TRUE(transport_->blocked());
    EXPECT_EQ(transport_->pending(), server_frame(message).size() - 100);
    EXPECT_EQ(take(), server_frame(message));
    EXPECT_EQ(events_.log, "writable ");
    EXPECT_FALSE(transport_->blocked());
    EXPECT_EQ(transport_->pending(), 0u);
}

TEST_F(websocket_transport_test, shared_messages_leave_whole_wherever_the_peer_stops) {
    const std::array<payload, 3> messages{shared("first"), shared(std::string(300, 'm')), shared("last")};
    std::string all;
    for (const payload& message : messages)
        all += message.framed();
    for (std::size_t capacity = 4; capacity < all.size() + 2; ++capacity) {
        SCOPED_TRACE(capacity);
        events_ = {};
        open(capacity);
        transport_->write(messages);
        EXPECT_EQ(transport_->pending(), all.size() - std::min(capacity, all.size()));
        ASSERT_EQ(take(), all);
        EXPECT_EQ(events_.log, capacity < all.size() ? "writable " : "");
    }
}

TEST_F(websocket_transport_test, control_frames_go_behind_a_blocked_message) {
    open(64);
    const std::string message(500, 'x');
    write(message);
    give(client_frame("ping", 0x89));
    EXPECT_EQ(take(), server_frame(message) + server_frame("ping", 0x8a));
    EXPECT_EQ(events_.log, "writable ");
}

TEST_F(websocket_transport_test, of_many_pings_the_last_is_answered_when_nothing_leaves) {
    open(64);
    const std::string message(500, 'x');
    write(message);
    give(client_frame("first", 0x89));
    const std::size_t waiting = transport_->pending();
    for (int count = 0; count < 1000; ++count)
        give(client_frame("again", 0x89));
    give(client_frame("final", 0x89));
    EXPECT_EQ(transport_->pending(), waiting);
    EXPECT_EQ(take(), server_frame(message) + server_frame("final", 0x8a));
}

TEST_F(websocket_transport_test, a_close_goes_behind_a_blocked_message) {
    open(64);
    const std::string message(500, 'x');
    write(message);
    transport_->close(transport_close::going_away);
    EXPECT_EQ(take(), server_frame(message) + close_frame(1001));
    EXPECT_EQ(exchange_bytes(client_frame("\x03\xe9", 0x88)), "[end]");
    client_->close();
    run();
    EXPECT_EQ(events_.log, "released ");
}

TEST_F(websocket_transport_test, behind_an_offence_nothing_is_taken_apart_while_the_refusal_waits) {
    // Two bytes are enough to be refused, and what follows would make them a ping of 127 bytes.
    for (const std::string_view offence : {"\x89\xff", "\x83\xff", "\x09\xff"}) {
        events_ = {};
        open(64);
        const std::string message(500, 'x');
        write(message);
        give(offence);
        for (int times = 0; times < 100; ++times)
            give(std::string(50, '\x01'));
        give(client_frame("late"));
        EXPECT_EQ(events_.log, "malformed ");
        EXPECT_EQ(events_.received, "");
        EXPECT_EQ(take(), server_frame(message) + close_frame(1002) + "[end]");
    }
}

TEST_F(websocket_transport_test, behind_the_close_of_the_peer_nothing_is_taken_apart_while_the_answer_waits) {
    open(64);
    const std::string message(500, 'x');
    write(message);
    give(client_frame("\x03\xe8", 0x88));
    give(client_frame("late") + client_frame("ping", 0x89) + client_frame("\x03\xe9", 0x88));
    EXPECT_EQ(events_.log, "closed ");
    EXPECT_EQ(events_.received, "");
    EXPECT_EQ(take(), server_frame(message) + close_frame(1000) + "[end]");
}

// ---- ending

TEST_F(websocket_transport_test, answers_a_close_with_1000) {
    for (const std::string& payload : {std::string(), std::string("\x03\xe8"), std::string("\x0f\xa0why")}) {
        events_ = {};
        open();
        EXPECT_EQ(exchange_bytes(client_frame(payload, 0x88)), close_frame(1000) + "[end]");
        EXPECT_EQ(events_.log, "closed ");
        client_->close();
        run();
        EXPECT_EQ(events_.log, "closed released ");
    }
}

TEST_F(websocket_transport_test, closes_with_the_code_of_the_reason) {
    const std::pair<transport_close, unsigned> codes[] = {
        {transport_close::normal, 1000}, {transport_close::going_away, 1001}, {transport_close::too_large, 1009}, {transport_close::failed, 1011}};
    for (const auto& [why, code] : codes) {
        events_ = {};
        open();
        transport_->close(why);
        EXPECT_EQ(take(), close_frame(code));
        give(client_frame("too late"));
        EXPECT_EQ(events_.received, "");
        EXPECT_EQ(exchange_bytes(client_frame("\x03\xe8", 0x88)), "[end]");
        client_->close();
        run();
        EXPECT_EQ(events_.log, "released ");
    }
}

TEST_F(websocket_transport_test, a_close_that_is_not_answered_ends_after_its_time) {
    open();
    transport_->close(transport_close::normal);
    EXPECT_EQ(take(), close_frame(1000));
    pass(std::chrono::milliseconds(4999));
    EXPECT_EQ(events_.log, "");
    pass(std::chrono::milliseconds(1));
    EXPECT_EQ(events_.log, "released ");
    EXPECT_EQ(take(), "[end]");
}

TEST_F(websocket_transport_test, who_stays_after_the_close_is_closed_within_a_second) {
    open();
    EXPECT_EQ(exchange_bytes(client_frame("", 0x88)), close_frame(1000) + "[end]");
    pass(std::chrono::milliseconds(999));
    EXPECT_EQ(events_.log, "closed ");
    pass(std::chrono::milliseconds(1));
    EXPECT_EQ(events_.log, "closed released ");
}

// H20
TEST_F(websocket_transport_test, who_goes_on_sending_after_a_refusal_is_read_for_64_kib_at_most) {
    open(1024 * 1024);
    EXPECT_EQ(exchange_bytes(client_frame("x", 0x83)), close_frame(1002) + "[end]");
    give(std::string(64 * 1024, 'x'));
    EXPECT_EQ(events_.log, "malformed ");
    give("x");
    EXPECT_EQ(events_.log, "malformed released ");
    EXPECT_EQ(events_.received, "");
}

TEST_F(websocket_transport_test, a_lost_peer_is_told_once) {
    for (const bool resets : {false, true}) {
        events_ = {};
        open();
        resets ? client_->reset() : client_->shutdown_send();
        run();
        EXPECT_EQ(events_.log, "lost released ");
        EXPECT_EQ(take(), resets ? "[reset]" : "[end]");
    }
}

// F03
TEST_F(websocket_transport_test, a_reset_under_a_blocked_write_is_told_once) {
    open(64);
    write(std::string(500, 'x'));
    client_->reset();
    run();
    EXPECT_EQ(events_.log, "lost released ");
    EXPECT_EQ(transport_->pending(), 0u);
}

// F03: nothing is read, so only a write can notice.
TEST_F(websocket_transport_test, a_write_to_a_lost_peer_is_noticed_while_paused) {
    open();
    transport_->pause();
    client_->reset();
    run();
    EXPECT_EQ(events_.log, "");
    write("ping");
    EXPECT_EQ(events_.log, "");  // never inside a write
    run();
    EXPECT_EQ(events_.log, "lost released ");
}

TEST_F(websocket_transport_test, an_abort_ends_at_once_and_tells_no_end_of_input) {
    open();
    write("last");
    transport_->abort();
    EXPECT_EQ(events_.log, "released ");
    EXPECT_EQ(take(), server_frame("last") + "[end]");
    transport_->abort();
    transport_->close(transport_close::normal);
    EXPECT_EQ(events_.log, "released ");
}

TEST_F(websocket_transport_test, may_be_paused_when_the_peer_closes) {
    open();
    transport_->pause();
    give(client_frame("one") + client_frame("", 0x88));
    EXPECT_EQ(events_.log, "");
    transport_->resume();
    run();
    EXPECT_EQ(events_.received, "one");
    EXPECT_EQ(events_.log, "closed ");
}

TEST_F(websocket_transport_test, a_close_while_paused_still_sees_the_answer) {
    open();
    transport_->pause();
    give(client_frame("unread"));
    transport_->close(transport_close::normal);
    EXPECT_EQ(take(), close_frame(1000));
    EXPECT_EQ(exchange_bytes(client_frame("", 0x88)), "[end]");
    EXPECT_EQ(events_.received, "");
    EXPECT_EQ(events_.log, "");
}

// The bytes that were kept during a pause come before those that are read after close().
TEST_F(websocket_transport_test, a_close_frame_that_was_kept_during_a_pause_is_seen) {
    open();
    events_.pause_on_bytes = transport_.get();
    give(client_frame("one") + client_frame("", 0x88));
    EXPECT_EQ(events_.received, "one");
    transport_->close(transport_close::normal);
    EXPECT_EQ(take(), close_frame(1000) + "[end]");
    EXPECT_EQ(events_.log, "");
}

TEST_F(websocket_transport_test, half_a_frame_that_was_kept_during_a_pause_is_not_lost) {
    open();
    events_.pause_on_bytes = transport_.get();
    const std::string close = client_frame("\x03\xe8", 0x88);
    give(client_frame("one") + close.substr(0, 3));
    transport_->close(transport_close::normal);
    EXPECT_EQ(take(), close_frame(1000));
    EXPECT_EQ(exchange_bytes(close.substr(3)), "[end]");
    EXPECT_EQ(events_.log, "");
}

}  // namespace
}  // namespace asignalr::detail
