// SPDX-License-Identifier: MIT
#include "net/minimum_rate.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

/// 240 bytes a second, 5 s of grace, 30 s without a byte.
class minimum_rate_test : public testing::Test {
protected:
    minimum_rate_test() { rate_.start(limit_, now_); }

    /// Whether it is too slow, when `bytes` come at the end of each second of `time`.
    bool is_too_slow_after(std::chrono::seconds time, std::size_t bytes) {
        for (std::chrono::seconds passed{}; passed < time && !rate_.is_too_slow(now_); passed += 1s) {
            now_ += 1s;
            if (!rate_.is_too_slow(now_)) rate_.add(limit_, bytes, now_);
        }
        return rate_.is_too_slow(now_);
    }

    rate_limit limit_{240, 5s, 30s};
    clock_source::time_point now_ = manual_clock().now();
    minimum_rate rate_;
};

TEST_F(minimum_rate_test, the_grace_is_exact) {
    EXPECT_FALSE(rate_.is_too_slow(now_ + 5s - 1ns));
    EXPECT_TRUE(rate_.is_too_slow(now_ + 5s));
}

TEST_F(minimum_rate_test, who_keeps_up_may_go_on) { EXPECT_FALSE(is_too_slow_after(3600s, 240)); }

TEST_F(minimum_rate_test, who_is_a_little_too_slow_uses_up_the_grace) {
    EXPECT_FALSE(is_too_slow_after(400s, 238));
    EXPECT_TRUE(is_too_slow_after(300s, 238));
}

TEST_F(minimum_rate_test, a_byte_now_and_then_is_too_slow) { EXPECT_TRUE(is_too_slow_after(6s, 1)); }

TEST_F(minimum_rate_test, a_burst_buys_the_longest_stall_and_no_more) {
    for (const std::size_t burst : {std::size_t{240 * 60}, std::numeric_limits<std::size_t>::max()}) {
        rate_.start(limit_, now_);
        rate_.add(limit_, burst, now_);
        EXPECT_FALSE(rate_.is_too_slow(now_ + 30s - 1ns));
        EXPECT_TRUE(rate_.is_too_slow(now_ + 30s));
    }
}

TEST_F(minimum_rate_test, time_that_is_not_the_peers_does_not_count) {
    now_ += 2s;
    rate_.add(limit_, 240 * 10, now_);  // 13 s are left
    rate_.pause(now_);
    rate_.pause(now_ + 1s);
    now_ += 1h;
    EXPECT_FALSE(rate_.is_too_slow(now_));
    rate_.resume(limit_, now_);
    EXPECT_FALSE(rate_.is_too_slow(now_ + 13s - 1ns));
    EXPECT_TRUE(rate_.is_too_slow(now_ + 13s));
}

TEST_F(minimum_rate_test, who_may_go_on_gets_the_grace_to_notice) {
    rate_.pause(now_ + 4s);
    now_ += 60s;
    rate_.resume(limit_, now_);
    EXPECT_FALSE(rate_.is_too_slow(now_ + 5s - 1ns));
    EXPECT_TRUE(rate_.is_too_slow(now_ + 5s));
    rate_.resume(limit_, now_ + 10s);
    EXPECT_TRUE(rate_.is_too_slow(now_ + 5s)) << "it was not paused";
}

TEST_F(minimum_rate_test, a_start_ends_a_pause) {
    rate_.pause(now_);
    rate_.start(limit_, now_);
    EXPECT_TRUE(rate_.is_too_slow(now_ + 5s));
}

TEST_F(minimum_rate_test, without_a_rate_only_the_stall_counts) {
    limit_.bytes_per_second = 0;
    rate_.start(limit_, now_);
    EXPECT_FALSE(rate_.is_too_slow(now_ + 29s));
    now_ += 29s;
    rate_.add(limit_, 0, now_);
    EXPECT_TRUE(rate_.is_too_slow(now_ + 1s)) << "nothing came";
    rate_.add(limit_, 1, now_);
    EXPECT_FALSE(rate_.is_too_slow(now_ + 29s));
    EXPECT_TRUE(rate_.is_too_slow(now_ + 30s));
}

}  // namespace
}  // namespace asignalr::detail
