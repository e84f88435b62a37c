// SPDX-License-Identifier: MIT
#include "transport/memory_transport.hpp"

#include "recording_events.hpp"
#include "runtime/lane.hpp"
#include "transport/memory_exchange.hpp"
#include "transport/transport_kind.hpp"

#include <asio/io_context.hpp>

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <string>

namespace asignalr::detail {
namespace {

/// A transport and its events, as both a server and a client have them.
struct memory_end {
    void write(std::string_view message) {
        std::string room(transport::header_room, '\0');
        room += message;
        by->write(room.data() + transport::header_room, message.size(), transfer_format::text);
    }
    std::string received() { return std::exchange(events.received, {}); }
    std::string log() { return std::exchange(events.log, {}); }

    recording_events events;
    std::unique_ptr<transport> by;
};

class memory_transport_test : public testing::Test {
protected:
    explicit memory_transport_test(std::size_t capacity = 8) {
        std::tie(server_.by, client_.by) = memory_transport::make_pair(*lane_, capacity);
        server_.by->start(server_.events);
        client_.by->start(client_.events);
    }
    ~memory_transport_test() override {
        server_.by.reset();
        client_.by.reset();
        run();
    }
    void run() {
        context_.restart();
        context_.poll();
    }

    asio::io_context context_{1};
    std::shared_ptr<lane> lane_ = lane::on_context(context_, {.sweeps_itself = false});
    memory_end server_;
    memory_end client_;
};

TEST_F(memory_transport_test, carries_bytes_both_ways_in_turns_of_their_own) {
    client_.write("ab");
    client_.write("c");
    EXPECT_EQ(server_.received(), "");
    run();
    EXPECT_EQ(server_.received(), "abc");
    EXPECT_EQ(server_.events.begun, 1);
    EXPECT_EQ(server_.events.finished, 1);
    const std::array<payload, 2> messages{payload::make("head", "d", transfer_format::text), payload::make("", "e", transfer_format::binary)};
    server_.by->write(messages);
    run();
    EXPECT_EQ(client_.received(), "de");
    EXPECT_EQ(client_.log() + server_.log(), "");
}

TEST_F(memory_transport_test, offers_again_what_was_not_taken) {
    server_.events.most_taken = 1;
    client_.write("abc");
    run();
    EXPECT_EQ(server_.received(), "a");
    server_.events.most_taken = 100;
    run();
    EXPECT_EQ(server_.received(), "") << "nothing new has come";
    client_.write("d");
    run();
    EXPECT_EQ(server_.received(), "bcd");
}

TEST_F(memory_transport_test, is_blocked_by_an_end_that_does_not_read) {
    server_.by->pause();
    client_.write("12345678");
    EXPECT_FALSE(client_.by->blocked());
    client_.write("9ab");
    EXPECT_TRUE(client_.by->blocked());
    EXPECT_EQ(client_.by->pending(), 3u);
    run();
    EXPECT_EQ(server_.received(), "");
    EXPECT_EQ(client_.log(), "");
    server_.by->resume();
    EXPECT_EQ(server_.received(), "") << "in a turn of its own";
    run();
    EXPECT_EQ(server_.received(), "123456789ab");
    EXPECT_EQ(client_.log(), "writable ");
    EXPECT_FALSE(client_.by->blocked());
    EXPECT_EQ(client_.by->taken_late(), 3u);
    EXPECT_EQ(server_.by->taken_late(), 0u);
}

TEST_F(memory_transport_test, a_message_of_more_than_the_capacity_passes_bit_by_bit) {
    server_.events.most_taken = 0;
    for (const char* part : {"123456789", "abcdefghi", "jk"}) {
        client_.write(part);
        run();
        EXPECT_FALSE(client_.by->blocked());
    }
    server_.events.most_taken = 100;
    client_.write("l");
    run();
    EXPECT_EQ(server_.received(), "123456789abcdefghijkl");
}

TEST_F(memory_transport_test, what_was_paused_within_a_delivery_is_kept) {
    server_.events.most_taken = 2;
    server_.events.pause_on_bytes = server_.by.get();
    client_.write("abcd");
    run();
    client_.write("ef");
    run();
    EXPECT_EQ(server_.received(), "ab");
    server_.events.most_taken = 100;
    server_.by->resume();
    run();
    EXPECT_EQ(server_.received(), "cdef");
}

TEST_F(memory_transport_test, closes_behind_what_was_written) {
    server_.write("last");
    server_.by->close(transport_close::normal);
    client_.write("too late");
    EXPECT_EQ(server_.log(), "");
    run();
    EXPECT_EQ(client_.received(), "last");
    EXPECT_EQ(client_.log(), "closed released ");
    EXPECT_EQ(server_.received(), "");
    EXPECT_EQ(server_.log(), "released ");
    client_.write("much too late");
    run();
    EXPECT_FALSE(client_.by->blocked());
    EXPECT_EQ(server_.received(), "");
}

TEST_F(memory_transport_test, an_abort_is_a_lost_connection_and_at_once) {
    server_.write("last");
    server_.by->abort();
    EXPECT_EQ(server_.log(), "released ");
    run();
    EXPECT_EQ(client_.received(), "last");
    EXPECT_EQ(client_.log(), "lost released ");
    EXPECT_EQ(server_.log(), "");
}

TEST_F(memory_transport_test, an_abort_ends_a_close) {
    server_.by->close(transport_close::going_away);
    server_.by->abort();
    server_.by->close(transport_close::normal);
    run();
    EXPECT_EQ(server_.log(), "released ");
    EXPECT_EQ(client_.log(), "closed released ");
}

TEST_F(memory_transport_test, an_end_that_is_destroyed_is_lost_to_the_other) {
    client_.write("last");
    client_.by.reset();
    EXPECT_EQ(client_.log(), "");
    run();
    EXPECT_EQ(server_.received(), "last");
    EXPECT_EQ(server_.log(), "lost released ");
}

TEST_F(memory_transport_test, who_does_not_read_sees_the_end_when_it_reads_again) {
    server_.by->pause();
    client_.write("last");
    client_.by->close(transport_close::normal);
    run();
    EXPECT_EQ(server_.log(), "");
    server_.by->resume();
    run();
    EXPECT_EQ(server_.received(), "last");
    EXPECT_EQ(server_.log(), "closed released ");
}

TEST_F(memory_transport_test, may_be_aborted_within_a_delivery) {
    struct aborting : transport_events {
        void on_read_begin() override { log += "begin "; }
        std::size_t on_bytes(char*, std::size_t size) override {
            by->abort();
            return size;
        }
        void on_read_end() override { log += "end "; }
        void on_writable() override { log += "writable "; }
        void on_input_ended(input_end) override { log += "ended "; }
        void on_released() override { log += "released "; }
        transport* by = nullptr;
        std::string log;
    } events;
    events.by = server_.by.get();
    server_.by->start(events);
    client_.write("a");
    run();
    EXPECT_EQ(events.log, "begin released end ");
    EXPECT_EQ(client_.log(), "lost released ");
}

TEST_F(memory_transport_test, takes_no_posts) {
    const auto asked = std::make_shared<memory_exchange>(*lane_, http_request("POST", "/hub?id=x", "127.0.0.1"));
    server_.by->on_post(asked);
    ASSERT_TRUE(asked->answer().has_value());
    EXPECT_EQ(asked->answer()->status, 405);
}

TEST_F(memory_transport_test, is_opened_by_a_request_of_this_process_and_never_offered) {
    memory_exchange plain(*lane_, http_request("GET", "/hub", ""));
    EXPECT_NE(transport_asked_for(plain).name, "InMemory");
    transport* const given = server_.by.get();
    http_request request("GET", "/hub", "");
    request.add_header("Accept", "text/event-stream");
    memory_exchange opening(*lane_, std::move(request), std::move(server_.by));
    const transport_kind& kind = transport_asked_for(opening);
    EXPECT_EQ(kind.name, "InMemory");
    EXPECT_FALSE(kind.is_offered);
    server_.by = kind.open(*lane_, opening, nullptr, {});
    EXPECT_EQ(server_.by.get(), given);
    EXPECT_EQ(server_.by->name(), "InMemory");
}

TEST_F(memory_transport_test, a_request_in_memory_keeps_its_answer) {
    memory_exchange asked(*lane_, http_request("GET", "/x?a=1", "10.0.0.1"));
    EXPECT_FALSE(asked.answer().has_value());
    asked.add_headers({{"A", "b"}});
    asked.respond_and_close({.status = 503, .body = "full"});
    ASSERT_TRUE(asked.answer().has_value());
    EXPECT_EQ(asked.answer()->status, 503);
    EXPECT_EQ(asked.answer()->body, "full");
    ASSERT_EQ(asked.answer()->headers.size(), 1u);
    EXPECT_EQ(asked.answer()->headers[0].first, "A");
    EXPECT_EQ(asked.take_request().query("a"), "1");
    EXPECT_THROW(asked.upgrade(), std::logic_error);
    EXPECT_THROW(asked.stream_response({}), std::logic_error);
}

}  // namespace
}  // namespace asignalr::detail
