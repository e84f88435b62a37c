// SPDX-License-Identifier: MIT
#include "net/socket_stream.hpp"

#include <asio/error.hpp>
#include <asio/io_context.hpp>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace asignalr::detail {
namespace {

struct called_events final : stream_events {
    std::function<void()> readable = [this] { ++readable_count; };
    std::function<void()> writable = [this] { ++writable_count; };
    int readable_count = 0;
    int writable_count = 0;
    void on_readable() override { readable(); }
    void on_writable() override { writable(); }
};

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

class socket_stream_test : public testing::Test {
protected:
    socket_stream_test() {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0)
            throw std::system_error(errno, std::generic_category());
        stream_ = socket_stream::adopt(context_.get_executor(), unique_descriptor(ends[0]));
        stream_->attach(&events_);
        peer_ = unique_descriptor(ends[1]);
    }
    void run() {
        context_.restart();
        context_.run_for(std::chrono::milliseconds(20));
    }
    void peer_sends(std::string_view bytes) const {
        EXPECT_EQ(::send(peer_.get(), bytes.data(), bytes.size(), 0), ssize_t(bytes.size()));
    }

    asio::io_context context_{1};
    called_events events_;
    std::unique_ptr<byte_stream> stream_;
    unique_descriptor peer_;
};

TEST_F(socket_stream_test, reads_writes_and_ends) {
    char buffer[16];
    EXPECT_TRUE(stream_->read_some(buffer, sizeof buffer).would_block());
    stream_->wait_readable();
    stream_->wait_readable();
    run();
    EXPECT_EQ(events_.readable_count, 0);
    peer_sends("hello");
    run();
    EXPECT_EQ(events_.readable_count, 1);
    EXPECT_EQ(stream_->read_some(buffer, sizeof buffer).size, 5u);

    const std::vector<std::string_view> pieces{"ab", "", "cd"};
    EXPECT_EQ(stream_->write_some(pieces).size, 4u);
    EXPECT_EQ(::recv(peer_.get(), buffer, sizeof buffer, 0), 4);
    EXPECT_EQ(std::string_view(buffer, 4), "abcd");
    stream_->shutdown_send();
    EXPECT_EQ(::recv(peer_.get(), buffer, sizeof buffer, 0), 0);

    peer_ = {};
    EXPECT_EQ(stream_->read_some(buffer, sizeof buffer).error, asio::error::eof);
    const std::string_view text = "x";
    EXPECT_EQ(stream_->write_some({&text, 1}).error, asio::error::broken_pipe) << "and no SIGPIPE";
    EXPECT_EQ(stream_->remote_address(), "");
}

TEST_F(socket_stream_test, more_pieces_than_fit_are_written_in_part) {
    const std::vector<std::string_view> pieces(100, "a");
    EXPECT_EQ(stream_->write_some(pieces).size, 64u);
}

TEST_F(socket_stream_test, tells_when_a_full_socket_takes_more) {
    const std::string large(100'000, 'x');
    const std::string_view view = large;
    while (!stream_->write_some({&view, 1}).error) {
    }
    stream_->wait_writable();
    stream_->wait_readable();
    run();
    EXPECT_EQ(events_.writable_count, 0);
    std::string drained(10'000'000, '\0');
    while (::recv(peer_.get(), drained.data(), drained.size(), MSG_DONTWAIT) > 0) {
    }
    run();
    EXPECT_EQ(events_.writable_count, 1);
    EXPECT_EQ(events_.readable_count, 0);
}

TEST_F(socket_stream_test, tells_what_the_peer_has_not_taken) {
    EXPECT_EQ(stream_->untaken(), 0u);
    const std::string_view text = "something";
    stream_->write_some({&text, 1});
    EXPECT_GE(stream_->untaken(), text.size());
    char buffer[16];
    EXPECT_EQ(::recv(peer_.get(), buffer, sizeof buffer, 0), ssize_t(text.size()));
    EXPECT_EQ(stream_->untaken(), 0u);
    stream_->close();
    EXPECT_EQ(stream_->untaken(), 0u);
    stream_->drop_output();
}

TEST_F(socket_stream_test, keeps_what_it_is_given_until_it_is_closed_wherever_it_is) {
    auto kept = std::make_shared<int>();
    stream_->keep(kept);
    auto moved = stream_->move_to(context_.get_executor());
    stream_.reset();
    EXPECT_EQ(kept.use_count(), 2);
    moved->close();
    EXPECT_EQ(kept.use_count(), 1);
}

TEST_F(socket_stream_test, may_be_destroyed_while_waiting) {
    stream_->wait_readable();
    stream_->wait_writable();
    stream_.reset();
    run();
    EXPECT_EQ(events_.readable_count + events_.writable_count, 0);
}

TEST_F(socket_stream_test, may_be_destroyed_by_its_own_event) {
    events_.readable = [this] { stream_.reset(); };
    stream_->wait_readable();
    stream_->wait_writable();
    peer_sends("a");
    run();
    EXPECT_FALSE(stream_);
}

TEST_F(socket_stream_test, no_event_after_closing_or_detaching) {
    stream_->wait_readable();
    peer_sends("a");
    stream_->attach(nullptr);
    run();
    stream_->attach(&events_);
    stream_->wait_readable();
    stream_->close();
    run();
    EXPECT_EQ(events_.readable_count, 0);
    stream_->wait_readable();
    char buffer[1];
    EXPECT_TRUE(stream_->read_some(buffer, 1).error);
    const std::string_view text = "x";
    EXPECT_TRUE(stream_->write_some({&text, 1}).error);
    stream_->shutdown_send();
}

TEST_F(socket_stream_test, outlives_neither_its_context_nor_leaks_a_descriptor) {
    const std::size_t before = open_descriptors();
    {
        asio::io_context other{1};
        std::array<int, 2> ends{};
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
        const unique_descriptor peer(ends[1]);
        const auto waiting = socket_stream::adopt(other.get_executor(), unique_descriptor(ends[0]));
        waiting->attach(&events_);
        waiting->wait_readable();
        other.poll();
    }
    EXPECT_EQ(open_descriptors(), before);
}

TEST_F(socket_stream_test, moves_to_another_executor_even_while_waiting) {
    asio::io_context other{1};
    stream_->wait_readable();
    stream_->attach(nullptr);
    const auto moved = stream_->move_to(other.get_executor());
    called_events moved_events;
    moved->attach(&moved_events);
    moved->wait_readable();
    peer_sends("a");
    run();
    EXPECT_EQ(moved_events.readable_count, 0);
    other.run_for(std::chrono::milliseconds(20));
    EXPECT_EQ(moved_events.readable_count, 1);
    EXPECT_EQ(events_.readable_count, 0);
    char buffer[4];
    EXPECT_EQ(moved->read_some(buffer, sizeof buffer).size, 1u);
    EXPECT_TRUE(stream_->read_some(buffer, sizeof buffer).error);
}

TEST(tcp_socket_stream, has_its_options) {
    asio::io_context context{1};
    const int raw = ::socket(AF_INET, SOCK_STREAM, 0);
    ASSERT_GE(raw, 0);
    const auto stream = socket_stream::adopt(context.get_executor(), unique_descriptor(raw));
    stream->set_unacknowledged_timeout(std::chrono::seconds(30));
    int no_delay = 0;
    unsigned timeout = 0;
    socklen_t size = sizeof no_delay;
    ASSERT_EQ(::getsockopt(raw, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
    size = sizeof timeout;
    ASSERT_EQ(::getsockopt(raw, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, &size), 0);
    EXPECT_NE(no_delay, 0);
    EXPECT_EQ(timeout, 30'000u);
}

}  // namespace
}  // namespace asignalr::detail
