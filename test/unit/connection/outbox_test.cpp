// SPDX-License-Identifier: MIT
#include "connection/outbox.hpp"

#include "runtime/spawn.hpp"

#include <asignalr/base/error.hpp>

#include <asio/io_context.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {
namespace {

/// Notes what it is given, one text a write; takes nothing more while it is blocked.
class recording_transport final : public transport {
public:
    std::string_view name() const noexcept override { return "Recording"; }
    bool carries(transfer_format) const noexcept override { return true; }
    void start(transport_events&) override {}
    bool blocked() const noexcept override { return unsent > 0; }
    std::size_t pending() const noexcept override { return unsent; }
    void write(char* message, std::size_t size, transfer_format) override { note(std::string(message, size), 1); }
    void write(std::span<const payload> messages) override {
        std::string all;
        for (const payload& one : messages)
            all += one.message();
        note(std::move(all), messages.size());
    }
    void pause() noexcept override {}
    void resume() override {}
    void close(transport_close) override {}
    void abort() noexcept override {}
    void on_post(std::shared_ptr<exchange>) override {}
    void on_sweep(clock_source::time_point) override {}

    std::vector<std::string> writes;
    std::size_t most_at_once = 0;
    std::size_t unsent = 0;          ///< Bytes that the peer did not take yet.
    bool block_after_write = false;  ///< Whether the peer takes nothing of the next one.

private:
    void note(std::string bytes, std::size_t messages) {
        EXPECT_FALSE(blocked()) << "nothing may be written to a blocked transport";
        most_at_once = std::max(most_at_once, messages);
        if (block_after_write) unsent = bytes.size();
        writes.push_back(std::move(bytes));
    }
};

class outbox_test : public testing::Test {
protected:
    static constexpr std::size_t budget = 1000;

    outbox_test() { outbox_.attach(transport_, transfer_format::text); }
    ~outbox_test() override {
        outbox_.close();
        lane_->stop();
        run();
    }
    void run() {
        context_.restart();
        context_.poll();
    }
    bool say(std::string_view message) {
        outbox_.begin() += message;
        return outbox_.commit();
    }
    bool share(std::string_view message) { return outbox_.send(make_framed_payload(message, transfer_format::text)); }
    /// The peer takes nothing of what goes out now, nor later, until it is let go.
    void block() {
        transport_.block_after_write = true;
        say("blocking");
        run();
        transport_.writes.clear();
    }
    void let_go() {
        transport_.block_after_write = false;
        transport_.unsent = 0;
        outbox_.on_writable();
    }
    /// What was written since the last time, a bar between writes.
    std::string written() {
        std::string all;
        for (const std::string& one : std::exchange(transport_.writes, {}))
            all += (all.empty() ? "" : "|") + one;
        return all;
    }
    std::uint64_t queued_bytes() const { return lane_->count().queued_bytes.get(); }

    asio::io_context context_{1};
    std::shared_ptr<lane> lane_ = lane::on_context(context_, {.sweeps_itself = false});
    outgoing_buffers buffers_;
    recording_transport transport_;
    outbox outbox_{*lane_, buffers_, budget};
};

TEST_F(outbox_test, the_first_message_of_a_turn_leaves_at_once_and_the_others_together_at_its_end) {
    lane_->post([this] {
        say("one ");
        EXPECT_EQ(written(), "one ");
        say("two ");
        share("three ");
        say("four ");
        EXPECT_EQ(written(), "");
        EXPECT_FALSE(outbox_.idle());
    });
    run();
    EXPECT_EQ(written(), "two three four ");
    EXPECT_TRUE(outbox_.idle());
    EXPECT_EQ(queued_bytes(), 0u);
}

TEST_F(outbox_test, what_is_said_while_reading_leaves_in_one_write) {
    outbox_.cork();
    say("answer ");
    share("broadcast ");
    say("answer ");
    EXPECT_EQ(written(), "");
    outbox_.uncork();
    EXPECT_EQ(written(), "answer broadcast answer ");
}

TEST_F(outbox_test, gathers_no_more_than_it_should) {
    outbox_.cork();
    for (int number = 0; number < 40; ++number)
        say(std::string(1000, 'x'));
    EXPECT_EQ(transport_.writes.size(), 2u) << "17 messages reach 16 KiB";
    outbox_.uncork();
    EXPECT_EQ(written().size(), 40 * 1000u + 2);
}

TEST_F(outbox_test, a_long_shared_message_is_not_copied_but_keeps_its_place) {
    const std::string long_one(5000, 'L');
    outbox_.cork();
    say("before ");
    share(long_one);
    say("after ");
    outbox_.uncork();
    run();
    EXPECT_EQ(written(), "before |" + long_one + "|after ");
}

TEST_F(outbox_test, two_outboxes_share_the_buffers_and_only_one_is_being_read) {
    recording_transport other_transport;
    outbox other(*lane_, buffers_, budget);
    other.attach(other_transport, transfer_format::text);
    outbox_.cork();
    say("mine ");
    other.begin() += "theirs ";
    other.commit();
    say("mine");
    EXPECT_EQ(other_transport.writes, std::vector<std::string>{"theirs "});
    outbox_.uncork();
    EXPECT_EQ(written(), "mine mine");
    other.close();
}

TEST_F(outbox_test, waits_for_a_blocked_transport_and_keeps_the_order) {
    block();
    for (const char* word : {"a ", "b ", "c "})
        say(word);
    share("d ");
    run();
    EXPECT_EQ(written(), "");
    EXPECT_GT(queued_bytes(), 8u) << "with the headers";
    EXPECT_EQ(outbox_.queued(), queued_bytes() + transport_.pending());
    let_go();
    EXPECT_EQ(written(), "a b c d ");
    EXPECT_EQ(queued_bytes(), 0u);
    EXPECT_TRUE(outbox_.idle());
}

TEST_F(outbox_test, a_write_holds_at_most_64_messages) {
    block();
    for (int number = 0; number < 150; ++number)
        say("m");
    let_go();
    EXPECT_EQ(transport_.most_at_once, 64u);
    EXPECT_EQ(written(), std::string(64, 'm') + "|" + std::string(64, 'm') + "|" + std::string(22, 'm'));
}

TEST_F(outbox_test, stops_in_the_middle_when_the_transport_blocks_again) {
    block();
    for (int number = 0; number < 100; ++number)
        say("m");
    transport_.unsent = 0;
    outbox_.on_writable();
    EXPECT_EQ(written(), std::string(64, 'm'));
    EXPECT_FALSE(outbox_.idle());
    let_go();
    EXPECT_EQ(written(), std::string(36, 'm'));
    EXPECT_EQ(queued_bytes(), 0u);
}

TEST_F(outbox_test, the_budget_is_judged_before_a_message_so_that_one_large_one_passes) {
    EXPECT_TRUE(say(std::string(50 * budget, 'x')));
    block();
    EXPECT_TRUE(say(std::string(5 * budget, 'y')));
    EXPECT_FALSE(say("z")) << "a message of one's own";
    EXPECT_FALSE(share("z")) << "a shared one";
    let_go();
    EXPECT_EQ(written(), std::string(5 * budget, 'y')) << "what was refused left no trace";
    EXPECT_TRUE(say("z"));
}

TEST_F(outbox_test, what_is_taken_back_left_no_trace) {
    outbox_.cork();
    say("kept ");
    outbox_.begin() += "half a mess";
    outbox_.rollback();
    say("kept too");
    outbox_.uncork();
    EXPECT_EQ(written(), "kept kept too");
    outbox_.begin() += "half a mess";
    outbox_.rollback();
    say("alone");
    EXPECT_EQ(written(), "alone");
}

TEST_F(outbox_test, a_closed_one_drops_everything) {
    block();
    say("waits");
    outbox_.close();
    EXPECT_EQ(queued_bytes(), 0u);
    EXPECT_TRUE(say("nobody hears this"));
    EXPECT_TRUE(share("nor this"));
    run();
    EXPECT_EQ(written(), "");
    EXPECT_TRUE(outbox_.idle());
}

TEST_F(outbox_test, closed_while_reading_it_says_nothing_of_what_it_gathered) {
    outbox_.cork();
    say("gathered");
    outbox_.close();
    outbox_.uncork();
    EXPECT_EQ(written(), "");
    EXPECT_EQ(buffers_.cork_owner, nullptr);
    EXPECT_TRUE(buffers_.corked.empty());
}

asio::awaitable<void> wait_for_room(outbox& of, std::string& outcome) {
    try {
        co_await outbox::room(of.waiting(), of);
        outcome = "room";
    } catch (const std::system_error& error) {
        outcome = error.code() == errc::connection_closed ? "closed" : "failed";
    }
}

TEST_F(outbox_test, who_waits_for_room_goes_on_below_half_the_budget) {
    block();
    say(std::string(budget * 3 / 4, 'x'));
    std::string outcome;
    spawn(lane_->executor(), wait_for_room(outbox_, outcome));
    run();
    EXPECT_EQ(outcome, "");
    let_go();
    run();
    EXPECT_EQ(outcome, "room");
}

TEST_F(outbox_test, who_waits_for_room_does_not_wait_where_there_is_some) {
    std::string outcome;
    spawn(lane_->executor(), wait_for_room(outbox_, outcome));
    run();
    EXPECT_EQ(outcome, "room");
}

TEST_F(outbox_test, who_waits_for_room_is_told_of_the_end) {
    block();
    say(std::string(budget, 'x'));
    std::string outcome;
    spawn(lane_->executor(), wait_for_room(outbox_, outcome));
    run();
    outbox_.close();
    run();
    EXPECT_EQ(outcome, "closed");
}

}  // namespace
}  // namespace asignalr::detail
