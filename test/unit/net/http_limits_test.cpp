// SPDX-License-Identifier: MIT
// Each limit of the HTTP part can be set, and is met exactly. How slow bodies and answers may be: http_rate_test.cpp.

#include "http_fixture.hpp"

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

class http_limits_test : public http_fixture {
protected:
    void set(const http_options& options) {
        connections_ = std::make_unique<http_connections>(*lane_, handler_, options, nullptr);
    }
    /// The status of the answer to a request, and what the limit counted.
    std::string answer_to(std::string_view request) {
        auto client = connect();
        return exchange_bytes(client, request).substr(9, 3);
    }
    std::uint64_t refused() const { return lane_->count().http_requests_refused.get(); }
};

TEST_F(http_limits_test, maximum_request_line) {
    set({.maximum_request_line = 20});
    const std::string behind = " HTTP/1.1\r\nHost: x\r\n\r\n";
    EXPECT_EQ(answer_to("GET /123456" + behind), "200");
    EXPECT_EQ(refused(), 0u);
    EXPECT_EQ(answer_to("GET /1234567" + behind), "414");
    EXPECT_EQ(refused(), 1u);
}

TEST_F(http_limits_test, maximum_header_bytes) {
    set({.maximum_header_bytes = 30});
    const std::string front = "GET / HTTP/1.1\r\nHost: x\r\nA: ";
    EXPECT_EQ(answer_to(front + std::string(10, 'a') + "\r\n\r\n"), "200");
    EXPECT_EQ(refused(), 0u);
    EXPECT_EQ(answer_to(front + std::string(30, 'a') + "\r\n\r\n"), "431");
    EXPECT_EQ(refused(), 1u);
}

TEST_F(http_limits_test, maximum_header_count) {
    set({.maximum_header_count = 2});
    EXPECT_EQ(answer_to("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n"), "200");
    EXPECT_EQ(refused(), 0u);
    EXPECT_EQ(answer_to("GET / HTTP/1.1\r\nHost: x\r\nA: b\r\nC: d\r\n\r\n"), "431");
    EXPECT_EQ(refused(), 1u);
}

TEST_F(http_limits_test, header_timeout) {
    set({.header_timeout = 3s});
    auto client = connect();
    client.write("GET / HTTP/1.1\r\n");
    pass(2750ms);
    client.read();
    EXPECT_EQ(client.received, "");
    pass(1250ms);
    client.read();
    EXPECT_TRUE(client.received.starts_with("HTTP/1.1 408 ")) << client.received;
    EXPECT_EQ(refused(), 1u);
}

TEST_F(http_limits_test, idle_timeout) {
    set({.idle_timeout = 3s});
    auto client = connect();
    auto silent = connect();
    EXPECT_EQ(exchange_bytes(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").substr(9, 3), "200");
    pass(2750ms);
    EXPECT_EQ(exchange_bytes(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").substr(9, 3), "200");
    pass(2750ms);
    client.read();
    silent.read();
    EXPECT_FALSE(client.ended);
    EXPECT_TRUE(silent.ended) << "one that never asked is idle too";
    pass(1250ms);
    client.read();
    EXPECT_TRUE(client.ended);
    EXPECT_EQ(client.received, "");
    EXPECT_EQ(refused(), 0u);
}

}  // namespace
}  // namespace asignalr::detail
