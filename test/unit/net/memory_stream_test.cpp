// SPDX-License-Identifier: MIT
#include "net/memory_stream.hpp"

#include <asio/error.hpp>
#include <asio/io_context.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace asignalr::detail {
namespace {

struct recorded_events final : stream_events {
    int readable = 0;
    int writable = 0;
    void on_readable() override { ++readable; }
    void on_writable() override { ++writable; }
};

class memory_stream_test : public testing::Test {
protected:
    memory_stream_test() {
        std::tie(left_, right_) = memory_stream::make_pair(context_.get_executor(), 10);
        left_->attach(&left_events_);
        right_->attach(&right_events_);
    }
    void run() {
        context_.restart();
        context_.poll();
    }
    static io_result write(memory_stream& stream, std::string_view bytes) { return stream.write_some({&bytes, 1}); }
    static std::string read(memory_stream& stream, std::size_t size = 100) {
        std::string bytes(size, '\0');
        const io_result result = stream.read_some(bytes.data(), size);
        if (result.error) return "[" + result.error.message() + "]";
        bytes.resize(result.size);
        return bytes;
    }

    asio::io_context context_{1};
    recorded_events left_events_, right_events_;
    std::unique_ptr<memory_stream> left_, right_;
};

TEST_F(memory_stream_test, carries_bytes_both_ways) {
    const std::vector<std::string_view> pieces{"ab", "", "cd"};
    EXPECT_EQ(left_->write_some(pieces).size, 4u);
    write(*right_, "xyz");
    EXPECT_EQ(read(*right_, 3), "abc");
    EXPECT_EQ(read(*right_), "d");
    EXPECT_EQ(read(*left_), "xyz");
    EXPECT_TRUE(right_->read_some(nullptr, 0).would_block());
}

TEST_F(memory_stream_test, tells_once_and_never_from_within_the_others_call) {
    right_->wait_readable();
    right_->wait_readable();
    run();
    EXPECT_EQ(right_events_.readable, 0);
    write(*left_, "a");
    EXPECT_EQ(right_events_.readable, 0);
    run();
    write(*left_, "b");
    run();
    EXPECT_EQ(right_events_.readable, 1);
    right_->wait_readable();
    EXPECT_EQ(right_events_.readable, 1);
    run();
    EXPECT_EQ(right_events_.readable, 2);
}

TEST_F(memory_stream_test, a_slow_reader_stops_the_writer) {
    EXPECT_EQ(write(*left_, "0123456789ab").size, 10u);
    EXPECT_TRUE(write(*left_, "ab").would_block());
    left_->wait_writable();
    run();
    EXPECT_EQ(left_events_.writable, 0);
    EXPECT_EQ(read(*right_, 4), "0123");
    run();
    EXPECT_EQ(left_events_.writable, 1);
    EXPECT_EQ(write(*left_, "ab").size, 2u);
}

TEST_F(memory_stream_test, half_close_ends_one_direction) {
    write(*left_, "a");
    left_->shutdown_send();
    EXPECT_EQ(write(*left_, "b").error, asio::error::broken_pipe);
    EXPECT_EQ(read(*right_), "a");
    char buffer[1];
    EXPECT_EQ(right_->read_some(buffer, 1).error, asio::error::eof);
    EXPECT_EQ(write(*right_, "c").size, 1u);
    EXPECT_EQ(read(*left_), "c");
}

TEST_F(memory_stream_test, reset_breaks_both_ends) {
    write(*left_, "a");
    left_->wait_readable();
    right_->wait_readable();
    left_->reset();
    run();
    EXPECT_EQ(left_events_.readable, 1);
    EXPECT_EQ(right_events_.readable, 1);
    char buffer[1];
    EXPECT_EQ(right_->read_some(buffer, 1).error, asio::error::connection_reset);
    EXPECT_EQ(write(*right_, "c").error, asio::error::connection_reset);
}

TEST_F(memory_stream_test, closing_with_bytes_unread_is_a_reset) {
    write(*left_, "a");
    right_->close();
    char buffer[1];
    EXPECT_EQ(left_->read_some(buffer, 1).error, asio::error::connection_reset);
    EXPECT_TRUE(right_->read_some(buffer, 1).error);
    EXPECT_TRUE(write(*right_, "x").error);
}

TEST_F(memory_stream_test, no_event_after_the_end_of_the_object_or_of_the_attachment) {
    right_->wait_readable();
    write(*left_, "a");
    right_.reset();
    left_->wait_readable();
    left_->attach(nullptr);
    run();
    EXPECT_EQ(right_events_.readable, 0);
    EXPECT_EQ(left_events_.readable, 0);
}

TEST_F(memory_stream_test, moves_to_another_executor_with_what_arrived) {
    asio::io_context other{1};
    write(*left_, "a");
    const auto moved = right_->move_to(other.get_executor());
    recorded_events moved_events;
    moved->attach(&moved_events);
    moved->wait_readable();
    run();
    EXPECT_EQ(moved_events.readable, 0);
    other.poll();
    EXPECT_EQ(moved_events.readable, 1);
    EXPECT_EQ(right_events_.readable, 0);
    char buffer[1];
    EXPECT_EQ(moved->read_some(buffer, 1).size, 1u);
}

TEST_F(memory_stream_test, transfers_can_be_cut) {
    left_->limit_transfers(1);
    EXPECT_EQ(write(*left_, "abc").size, 1u);
    right_->limit_transfers(2);
    write(*left_, "b");
    write(*left_, "c");
    EXPECT_EQ(read(*right_), "ab");
}

}  // namespace
}  // namespace asignalr::detail
