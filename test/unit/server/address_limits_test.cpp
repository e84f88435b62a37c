// SPDX-License-Identifier: MIT
// What one address may have at a time, and who is not counted.

#include "server_fixture.hpp"

namespace asignalr::detail {
namespace {

class address_limits_test : public server_fixture {};

// H21
TEST_F(address_limits_test, maximum_sockets_per_address_closes_the_next_one_at_once) {
    start({}, {.http = {.maximum_sockets_per_address = 2}});
    std::vector<raw_client> open;
    for (int number = 0; number < 102; ++number)
        open.push_back(connect(1024, "192.0.2.7"));
    EXPECT_EQ(count().sockets, 2u);
    EXPECT_EQ(count().sockets_refused, 100u);
    settle(open.back());
    EXPECT_TRUE(open.back().is_over());
    EXPECT_EQ(open.back().raw, "");
    EXPECT_TRUE(log_names("http_options::maximum_sockets_per_address"));
    EXPECT_EQ(log_->important.size(), 1u) << "one line a second";
    open.push_back(connect(1024, "192.0.2.8"));
    EXPECT_EQ(count().sockets, 3u) << "another address has its own";
    open[0].leave();
    run();
    open.push_back(connect(1024, "192.0.2.7"));
    EXPECT_EQ(count().sockets, 3u) << "a place that became free";
    EXPECT_EQ(count().sockets_refused, 100u);
    expect_others_are_served();
}

// H21
TEST_F(address_limits_test, who_speaks_for_others_may_have_more_sockets) {
    start({}, {.http = {.maximum_sockets_per_address = 1}, .trusted_proxies = {"10.1.0.0/16"}});
    std::vector<raw_client> open;
    for (const char* const address : {"10.1.2.3", "", "127.0.0.1", "::1"})
        for (int number = 0; number < 3; ++number)
            open.push_back(connect(1024, address));
    EXPECT_EQ(count().sockets, 12u);
    EXPECT_EQ(count().sockets_refused, 0u);
    for (const char* const address : {"2001:db8::1", "2001:db8::2", "2001:db8::ffff:1", "2001:db8:0:1::1"})
        open.push_back(connect(1024, address));
    EXPECT_EQ(count().sockets, 14u) << "the first three are of one network";
    EXPECT_EQ(count().sockets_refused, 2u);
}

// H21: an upgraded socket keeps its place.
TEST_F(address_limits_test, a_websocket_counts_for_its_address) {
    start({}, {.http = {.maximum_sockets_per_address = 1}});
    raw_client first = connect(64 * 1024, "192.0.2.7");
    first.write(upgrade_request("/hub"));
    settle(first);
    EXPECT_TRUE(first.head.starts_with("HTTP/1.1 101 "));
    connect(1024, "192.0.2.7");
    EXPECT_EQ(count().sockets_refused, 1u);
    first.leave();
    run();
    connect(1024, "192.0.2.7");
    EXPECT_EQ(count().sockets_refused, 1u);
}

// S20: one socket may negotiate for ever, but not shut others out.
TEST_F(address_limits_test, maximum_connections_per_address_answers_with_503) {
    start({.maximum_connections_per_address = 2});
    const std::string one = "POST /hub/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n";
    raw_client greedy = connect(64 * 1024, "192.0.2.7");
    const auto negotiates = [&](raw_client& client) {
        client.raw.clear();
        client.write(one);
        settle(client);
        return client.raw.substr(9, 3);
    };
    EXPECT_EQ(negotiates(greedy), "200");
    EXPECT_EQ(negotiates(greedy), "200");
    for (int number = 0; number < 100; ++number)
        EXPECT_EQ(negotiates(greedy), "503");
    EXPECT_EQ(count().negotiations_refused, 100u);
    EXPECT_EQ(count().connections, 2u);
    EXPECT_TRUE(log_names("hub_options::maximum_connections_per_address"));
    EXPECT_EQ(log_->important.size(), 1u) << "one line a second";
    raw_client other = connect(64 * 1024, "192.0.2.8");
    EXPECT_EQ(negotiates(other), "200") << "another address has its own";
    pass(std::chrono::seconds(16));
    EXPECT_EQ(negotiates(greedy), "200") << "what nobody claimed was forgotten";

    raw_client opened = connect(64 * 1024, "192.0.2.7");
    opened.write(upgrade_request("/hub"));
    settle(opened);
    EXPECT_TRUE(opened.head.starts_with("HTTP/1.1 101 ")) << opened.raw;
    EXPECT_EQ(negotiates(greedy), "503") << "one without negotiate counts";
    raw_client late = connect(64 * 1024, "192.0.2.7");
    late.write(upgrade_request("/hub"));
    settle(late);
    EXPECT_TRUE(late.raw.starts_with("HTTP/1.1 503 ")) << late.raw;
    opened.leave();
    run();
    EXPECT_EQ(negotiates(greedy), "200");
    expect_others_are_served();
}

TEST_F(address_limits_test, who_speaks_for_others_may_have_more_connections) {
    start({.maximum_connections_per_address = 1}, {.trusted_proxies = {"10.1.0.0/16"}});
    for (const char* const address : {"10.1.2.3", "", "127.0.0.1", "::1"}) {
        raw_client client = connect(64 * 1024, address);
        for (int number = 0; number < 3; ++number) {
            client.raw.clear();
            client.write("POST /hub/negotiate HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n");
            settle(client);
            EXPECT_TRUE(client.raw.starts_with("HTTP/1.1 200 ")) << address << client.raw;
        }
    }
    raw_client proxy = connect(64 * 1024, "10.1.2.3");
    for (const int status : {200, 503}) {
        proxy.raw.clear();
        proxy.write("POST /hub/negotiate HTTP/1.1\r\nHost: here\r\nX-Forwarded-For: 192.0.2.7\r\nContent-Length: 0\r\n\r\n");
        settle(proxy);
        EXPECT_TRUE(proxy.raw.starts_with("HTTP/1.1 " + std::to_string(status))) << proxy.raw;
    }
}

}  // namespace
}  // namespace asignalr::detail
