// SPDX-License-Identifier: MIT
// How slowly a body may come and an answer be taken (reliability H15).

#include "http_fixture.hpp"

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

/// Keeps the warnings, one line each.
class warning_log final : public logger {
public:
    bool enabled(log_level level, std::string_view) const noexcept override { return level >= log_level::warning; }
    void write(const log_record& record) noexcept override {
        std::string line(record.message);
        for (const log_field& field : record.fields)
            line.append(" ").append(field.name).append("=").append(field.value);
        lines.push_back(line);
    }
    std::vector<std::string> lines;
};

class http_rate_test : public http_fixture, public body_events {
protected:
    http_rate_test() {
        set({});
        handler_.limit = 1'000'000;
    }
    void set(const http_options& options) {
        connections_ = std::make_unique<http_connections>(*lane_, handler_, options, log_);
    }
    /// Sends so many bytes of a body in each second; false if the server ends it.
    bool send_body(test_client& client, std::chrono::seconds time, std::size_t bytes) {
        for (std::chrono::seconds passed{}; passed < time; passed += 1s) {
            client.write(std::string(bytes, 'b'));
            pass(1s);
            client.read();
            if (client.ended || client.reset) return false;
        }
        return true;
    }
    /// Takes at most so many bytes in each second; false if the server ends it.
    bool take_answer(test_client& client, std::chrono::seconds time, std::size_t bytes) {
        std::string buffer(bytes, '\0');
        for (std::chrono::seconds passed{}; passed < time; passed += 1s) {
            if (bytes > 0) client.stream().read_some(buffer.data(), buffer.size());
            pass(1s);
        }
        return connections_->count() == 1;
    }
    bool log_names(std::string_view option) const { return !log_->lines.empty() && log_->lines.back().find(option) != std::string::npos; }
    std::uint64_t slow_readers() const { return lane_->count().slow_readers_closed.get(); }
    static std::string post(std::size_t size) {
        return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
    }
    void answer_with(std::size_t size) {
        handler_.script = [size](std::shared_ptr<exchange> arrived) { arrived->respond({.body = std::string(size, 'x')}); };
    }
    /// Takes the body of the next request as it arrives.
    void take_body() {
        handler_.streams = true;
        handler_.script = [this](std::shared_ptr<exchange> arrived) {
            asked_ = std::move(arrived);
            asked_->read_body(*this);
        };
    }
    void on_body(char*, std::size_t size) override { body_ += size; }
    void on_body_end() override { asked_->respond({}); }
    void on_body_lost() override { lost_ = true; }

    std::shared_ptr<warning_log> log_ = std::make_shared<warning_log>();
    std::shared_ptr<exchange> asked_;
    std::size_t body_ = 0;
    bool lost_ = false;
};

TEST_F(http_rate_test, a_body_that_keeps_up_may_take_its_time) {
    auto client = connect();
    client.write(post(600 * 240));
    EXPECT_TRUE(send_body(client, 599s, 240));
    client.write(std::string(240, 'b'));
    EXPECT_TRUE(collect(client).starts_with("HTTP/1.1 200 "));
    EXPECT_EQ(handler_.handled, 1);
}

TEST_F(http_rate_test, a_body_below_the_minimum_is_408) {
    auto client = connect();
    client.write(post(100'000));
    EXPECT_TRUE(send_body(client, 4s, 24));
    EXPECT_FALSE(send_body(client, 4s, 24));
    EXPECT_TRUE(client.received.starts_with("HTTP/1.1 408 ")) << client.received;
    EXPECT_TRUE(log_names("minimum_body_rate"));
    EXPECT_EQ(lane_->count().http_requests_refused.get(), 1u);
    EXPECT_EQ(handler_.handled, 0);
}

TEST_F(http_rate_test, so_is_one_that_came_quickly_and_then_stalls) {
    auto client = connect();
    client.write(post(100'000));
    client.write(std::string(50'000, 'b'));
    EXPECT_TRUE(send_body(client, 29s, 0));
    EXPECT_FALSE(send_body(client, 3s, 0));
    EXPECT_TRUE(client.received.starts_with("HTTP/1.1 408 "));
    EXPECT_TRUE(log_names("stall_timeout"));
}

TEST_F(http_rate_test, a_chunked_body_has_the_same_minimum) {
    take_body();
    auto client = connect();
    client.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int second = 0; second < 8 && !lost_; ++second) {
        client.write("1\r\nb\r\n");
        pass(1s);
    }
    EXPECT_TRUE(lost_);
    EXPECT_GE(body_, 4u);
    EXPECT_TRUE(collect(client).starts_with("HTTP/1.1 408 "));
}

TEST_F(http_rate_test, time_in_which_the_server_does_not_read_is_not_the_clients) {
    take_body();
    auto client = connect();
    client.write(post(100'000));
    run();
    client.write(std::string(1'000, 'b'));
    run();
    asked_->pause_body();
    pass(3600s);
    EXPECT_FALSE(lost_);
    asked_->resume_body();
    EXPECT_TRUE(send_body(client, 4s, 0)) << "it has to notice first";
    EXPECT_TRUE(send_body(client, 60s, 500));
    EXPECT_FALSE(send_body(client, 32s, 0));
    EXPECT_TRUE(lost_);
}

TEST_F(http_rate_test, so_is_a_body_that_was_paused_before_it_was_asked_for) {
    take_body();
    handler_.script = [this](std::shared_ptr<exchange> arrived) {
        asked_ = std::move(arrived);
        asked_->pause_body();
        asked_->read_body(*this);
    };
    auto client = connect();
    client.write(post(10));
    pass(3600s);
    EXPECT_FALSE(lost_);
    asked_->resume_body();
    EXPECT_FALSE(send_body(client, 7s, 0));
    EXPECT_TRUE(lost_);
}

TEST_F(http_rate_test, the_rates_are_options) {
    set({.minimum_body_rate = 1000, .rate_grace = 1s});
    auto client = connect();
    client.write(post(100'000));
    EXPECT_FALSE(send_body(client, 10s, 500));
    set({.minimum_body_rate = 0});
    auto slow = connect();
    slow.write(post(100'000));
    EXPECT_TRUE(send_body(slow, 300s, 1));
    EXPECT_FALSE(send_body(slow, 32s, 0));
}

TEST_F(http_rate_test, an_answer_that_is_taken_fast_enough_may_take_its_time) {
    answer_with(100'000);
    auto client = connect(1000);
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(take_answer(client, 200s, 300));
    EXPECT_EQ(slow_readers(), 0u);
}

TEST_F(http_rate_test, who_takes_an_answer_too_slowly_is_closed) {
    answer_with(100'000);
    for (const std::size_t bytes : {0u, 1u, 100u}) {
        auto client = connect(1000);
        client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_TRUE(take_answer(client, 4s, bytes)) << bytes;
        EXPECT_FALSE(take_answer(client, 10s, bytes)) << bytes;
    }
    EXPECT_EQ(slow_readers(), 3u);
    EXPECT_TRUE(log_names("minimum_response_rate"));
    EXPECT_TRUE(lane_->sweep().empty());
}

TEST_F(http_rate_test, the_rate_of_answers_and_the_longest_pause_are_options) {
    answer_with(100'000);
    set({.minimum_response_rate = 1000, .rate_grace = 1s});
    auto client = connect(1000);
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_FALSE(take_answer(client, 10s, 500));
    set({.minimum_response_rate = 0, .stall_timeout = 60s});
    auto slow = connect(1000);
    slow.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(take_answer(slow, 300s, 1));
    EXPECT_TRUE(take_answer(slow, 59s, 0));
    EXPECT_FALSE(take_answer(slow, 3s, 0));
    EXPECT_EQ(slow_readers(), 2u);
}

TEST_F(http_rate_test, what_the_kernel_took_is_not_taken_yet) {
    answer_with(100'000);
    auto client = connect(1'000'000);
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(take_answer(client, 4s, 1));
    EXPECT_FALSE(take_answer(client, 4s, 1));
    EXPECT_EQ(slow_readers(), 1u);
}

TEST_F(http_rate_test, an_answer_behind_another_is_looked_at_like_the_first) {
    answer_with(20'000);
    auto client = connect(1'000'000);
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(take_answer(client, 3s, 1000));
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(take_answer(client, 38s, 1000));
    client.read();
    EXPECT_TRUE(take_answer(client, 60s, 0)) << "everything was taken: it is idle";
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_FALSE(take_answer(client, 8s, 0));
    EXPECT_EQ(slow_readers(), 1u);
}

}  // namespace
}  // namespace asignalr::detail
