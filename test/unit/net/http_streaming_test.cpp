// SPDX-License-Identifier: MIT
// Bodies that are taken as they arrive, answers that are written bit by bit, and peers that leave meanwhile.

#include "http_fixture.hpp"

namespace asignalr::detail {
namespace {

/// Takes a body, and answers with it at its end.
class collecting_body final : public body_events {
public:
    explicit collecting_body(std::shared_ptr<exchange> asked) : asked_(std::move(asked)) {}

    void on_body(char* bytes, std::size_t size) override {
        pieces.emplace_back(bytes, size);
        if (pause_after_each) asked_->pause_body();
    }
    void on_body_end() override {
        ended = true;
        std::string all;
        for (const std::string& piece : pieces)
            all += piece;
        asked_->respond({.body = all});
    }
    void on_body_lost() override { lost = true; }

    void read() { asked_->read_body(*this); }
    void resume() { asked_->resume_body(); }
    exchange& asked() { return *asked_; }

    std::vector<std::string> pieces;
    bool pause_after_each = false;
    bool ended = false;
    bool lost = false;

private:
    std::shared_ptr<exchange> asked_;
};

class http_streaming_test : public http_fixture {
protected:
    http_streaming_test() {
        handler_.streams = true;
        handler_.script = [this](std::shared_ptr<exchange> arrived) {
            ++handler_.handled;
            body_ = std::make_unique<collecting_body>(std::move(arrived));
            if (read_at_once_) body_->read();
        };
    }
    static std::string post(std::string_view headers, std::string_view body = {}) {
        return "POST / HTTP/1.1\r\nHost: x\r\n" + std::string(headers) + "\r\n" + std::string(body);
    }

    std::unique_ptr<collecting_body> body_;
    bool read_at_once_ = true;
};

TEST_F(http_streaming_test, a_body_is_taken_piece_by_piece) {
    test_client client = connect();
    EXPECT_EQ(exchange_bytes(client, post("Content-Length: 6\r\n", "ab")), "");
    EXPECT_EQ(body_->pieces, (std::vector<std::string>{"ab"})) << "not before it is whole";
    exchange_bytes(client, "cd");
    EXPECT_EQ(exchange_bytes(client, "ef"), answer_of("abcdef"));
    EXPECT_EQ(body_->pieces.size(), 3u);
    EXPECT_EQ(exchange_bytes(client, post("Content-Length: 1\r\n", "x")), answer_of("x")) << "the connection goes on";
}

TEST_F(http_streaming_test, so_is_a_chunked_one) {
    test_client client = connect();
    EXPECT_EQ(exchange_bytes(client, post("Transfer-Encoding: chunked\r\n", "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")), answer_of("abc"));
}

TEST_F(http_streaming_test, without_a_body_there_is_only_its_end) {
    test_client client = connect();
    EXPECT_EQ(exchange_bytes(client, post("Content-Length: 0\r\n")), answer_of(""));
    EXPECT_TRUE(body_->pieces.empty());
    EXPECT_EQ(exchange_bytes(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"), answer_of(""));
}

TEST_F(http_streaming_test, requests_behind_a_body_wait_for_its_answer) {
    test_client client = connect();
    EXPECT_EQ(
        exchange_bytes(client, post("Content-Length: 1\r\n", "a") + post("Content-Length: 2\r\n", "bc")),
        answer_of("a") + answer_of("bc"));
}

TEST_F(http_streaming_test, a_client_that_waits_is_told_to_go_on_when_the_body_is_wanted) {
    read_at_once_ = false;
    test_client client = connect();
    EXPECT_EQ(exchange_bytes(client, post("Content-Length: 2\r\nExpect: 100-continue\r\n")), "");
    body_->read();
    EXPECT_EQ(collect(client), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_EQ(exchange_bytes(client, "ab"), answer_of("ab"));
}

TEST_F(http_streaming_test, a_paused_body_stays_with_the_client) {
    constexpr std::size_t size = 200'000;
    handler_.limit = size;
    test_client client = connect(4096);
    read_at_once_ = false;
    client.write(post("Content-Length: " + std::to_string(size) + "\r\n"));
    run();
    body_->pause_after_each = true;
    body_->read();
    std::string sent(size, 'x');
    std::size_t taken = 0;
    const auto offer = [&] {
        while (taken < size) {
            const std::string_view rest = std::string_view(sent).substr(taken);
            const io_result result = client.stream().write_some({&rest, 1});
            if (result.error) break;
            taken += result.size;
            run();
        }
    };
    offer();
    EXPECT_LT(taken, 64u * 1024) << "what was not read waits outside";
    pass(std::chrono::minutes(5));
    EXPECT_FALSE(body_->lost) << "the client is not late: it may not send";
    while (!body_->ended) {
        const std::size_t before = body_->pieces.size();
        body_->resume();
        run();
        offer();
        ASSERT_TRUE(body_->ended || body_->pieces.size() > before);
    }
    EXPECT_TRUE(collect(client).starts_with("HTTP/1.1 200 "));
}

TEST_F(http_streaming_test, an_answer_before_the_body_closes_the_connection) {
    read_at_once_ = false;
    test_client client = connect();
    exchange_bytes(client, post("Content-Length: 5\r\n", "ab"));
    body_->asked().respond({.status = 404, .body = "no"});
    EXPECT_EQ(collect(client), answer_of("no", "404 Not Found", closing));
    EXPECT_TRUE(client.ended);
}

TEST_F(http_streaming_test, a_peer_that_leaves_loses_its_body) {
    test_client client = connect();
    exchange_bytes(client, post("Content-Length: 5\r\n", "ab"));
    client.leave();
    run();
    EXPECT_TRUE(body_->lost);
    EXPECT_TRUE(body_->asked().abandoned());
    EXPECT_EQ(connections_->count(), 0u);
}

TEST_F(http_streaming_test, a_body_that_breaks_the_rules_is_refused_and_lost) {
    test_client client = connect();
    const std::string answer = exchange_bytes(client, post("Transfer-Encoding: chunked\r\n", "2\r\nabc"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << answer;
    EXPECT_TRUE(body_->lost);
    EXPECT_TRUE(client.ended);
}

TEST_F(http_streaming_test, a_body_over_the_limit_is_cut_there) {
    test_client client = connect();
    EXPECT_TRUE(exchange_bytes(client, post("Content-Length: 1001\r\n")).starts_with("HTTP/1.1 413 "));
    EXPECT_EQ(handler_.handled, 0);
    test_client other = connect();
    const std::string answer = exchange_bytes(
        other, post("Transfer-Encoding: chunked\r\n", "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\nx\r\n"));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 ")) << answer;
    EXPECT_TRUE(body_->lost);
}

TEST_F(http_streaming_test, a_body_that_stops_coming_is_refused) {
    test_client client = connect();
    exchange_bytes(client, post("Content-Length: 5\r\n", "ab"));
    pass(std::chrono::seconds(4));
    EXPECT_FALSE(body_->lost);
    pass(std::chrono::seconds(2));
    EXPECT_TRUE(body_->lost);
    EXPECT_TRUE(collect(client).starts_with("HTTP/1.1 408 "));
}

TEST_F(http_streaming_test, whoever_asks_is_told_that_the_peer_left) {
    handler_.streams = false;
    std::shared_ptr<exchange> parked;
    int left = 0;
    handler_.script = [&](std::shared_ptr<exchange> arrived) {
        parked = std::move(arrived);
        parked->when_peer_leaves([&left] { ++left; });
    };
    test_client client = connect();
    exchange_bytes(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(left, 0);
    client.leave();
    run();
    EXPECT_EQ(left, 1);
    parked.reset();
    run();
    EXPECT_EQ(connections_->count(), 0u);
}

TEST_F(http_streaming_test, an_answer_can_be_written_bit_by_bit) {
    handler_.streams = false;
    streamed_answer answer;
    handler_.script = [&](std::shared_ptr<exchange> arrived) {
        arrived->add_headers({{"X-Always", "1"}});
        answer = arrived->stream_response({.content_type = "text/event-stream", .headers = {{"Pragma", "no-cache"}}});
    };
    test_client client = connect();
    exchange_bytes(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\nbehind");
    EXPECT_EQ(
        without_dates(answer.head),
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n"
        "Pragma: no-cache\r\nX-Always: 1\r\n\r\n");
    EXPECT_TRUE(answer.chunked);
    EXPECT_EQ(answer.upgraded.early_bytes, "behind");
    EXPECT_EQ(connections_->count(), 0u) << "it is HTTP's no more";

    test_client old = connect();
    exchange_bytes(old, "GET / HTTP/1.0\r\nHost: x\r\n\r\n");
    EXPECT_FALSE(answer.chunked);
    EXPECT_EQ(answer.head.find("Transfer-Encoding"), std::string::npos);
}

}  // namespace
}  // namespace asignalr::detail
