// SPDX-License-Identifier: MIT
// What a client posts to a connection for which it has not opened a transport yet.

#include "http_client.hpp"

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

class early_post_test : public http_client_fixture {};

TEST_F(early_post_test, what_is_posted_before_the_first_poll_is_kept) {
    start();
    const std::string token = new_token();
    EXPECT_EQ(post(token, std::string(json_handshake) + invocation_message("1", "Add", "1,2") + record_end).status, 200);
    EXPECT_EQ(get(token).body, "");
    EXPECT_EQ(lines_of(get(token).body), "{}\n{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n");
}

// S21
TEST_F(early_post_test, maximum_early_post_answers_with_413) {
    const std::string early = std::string(json_handshake) + invocation_message("1", "Add", "1,2") + record_end;
    start({.maximum_early_post = early.size()});
    const std::string token = new_token();
    EXPECT_EQ(post(token, early).status, 200);
    EXPECT_EQ(post(token, "x").status, 413);
    EXPECT_EQ(count().http_requests_refused, 1u);
    raw_client in_pieces = connect();
    in_pieces.write(request_for("POST", token, "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"));
    EXPECT_EQ(answer_to(in_pieces).status, 200) << "nothing more was posted";
    ASSERT_EQ(log_->important.size(), 1u);
    EXPECT_NE(log_->important[0].find("hub_options::maximum_early_post"), std::string::npos) << log_->important[0];
    EXPECT_EQ(get(token).body, "");
    EXPECT_EQ(lines_of(get(token).body), "{}\n{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n") << "what was refused is not there";
    EXPECT_EQ(post(token, std::string(early.size() * 2, ' ') + "{\"type\":6}\x1e").status, 200) << "now it is open";
}

TEST_F(early_post_test, a_post_that_is_too_much_in_its_middle_leaves_nothing_behind) {
    start({.maximum_early_post = 1000});
    const std::string token = new_token();
    raw_client big = connect();
    big.write(request_for("POST", token, "Transfer-Encoding: chunked\r\n", "200\r\n" + std::string(512, 'x') + "\r\n"));
    settle(big);
    raw_client behind = connect();
    behind.write(request_for("POST", token, {}, json_handshake));
    settle(behind);
    big.write("200\r\n" + std::string(512, 'x') + "\r\n0\r\n\r\n");
    EXPECT_EQ(answer_to(big).status, 413);
    EXPECT_EQ(answer_to(behind).status, 200);
    EXPECT_EQ(get(token).body, "");
    EXPECT_EQ(lines_of(get(token).body), "{}\n");
}

TEST_F(early_post_test, what_is_posted_and_never_opened_is_forgotten) {
    start({.disconnect_timeout = 15s});
    const std::string token = new_token();
    raw_client half = connect();
    half.write(request_for("POST", token, "Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n"));
    settle(half);
    pass_at_once(16s);
    EXPECT_EQ(answer_to(half).status, 404);
    pass(3s);
    expect_nothing_left_in_time();
}

}  // namespace
}  // namespace asignalr::detail
