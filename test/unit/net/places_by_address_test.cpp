// SPDX-License-Identifier: MIT
#include "net/places_by_address.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace asignalr::detail {
namespace {

class places_by_address_test : public testing::Test {
protected:
    places_by_address::place take(const std::string& address, std::size_t limit = 2) {
        return all_->take(asio::ip::make_address(address), limit);
    }
    std::shared_ptr<places_by_address> all_ = std::make_shared<places_by_address>();
};

TEST_F(places_by_address_test, a_place_is_free_when_nobody_holds_it) {
    auto first = take("192.0.2.7");
    auto second = take("192.0.2.7");
    EXPECT_TRUE(first && second);
    EXPECT_FALSE(take("192.0.2.7"));
    EXPECT_TRUE(take("192.0.2.8"));
    first.reset();
    EXPECT_TRUE(take("192.0.2.7"));
}

TEST_F(places_by_address_test, addresses_without_sockets_are_forgotten) {
    EXPECT_FALSE(take("192.0.2.7", 0));
    for (int last = 0; last < 256; ++last)
        EXPECT_TRUE(take("192.0.2." + std::to_string(last)));
    EXPECT_EQ(all_->size(), 0u);
}

TEST_F(places_by_address_test, six_counts_by_network) {
    auto first = take("2001:db8::1", 1);
    EXPECT_FALSE(take("2001:db8::ffff:ffff:ffff:ffff", 1));
    EXPECT_TRUE(take("2001:db8:0:1::1", 1));
    auto four = take("0.0.0.1", 1);
    EXPECT_TRUE(take("::1", 1)) << "another family";
}

TEST_F(places_by_address_test, a_place_may_outlive_the_server) {
    auto place = take("192.0.2.7");
    all_.reset();
    place.reset();
}

TEST(ThreadsSocketsByAddress, places_are_taken_and_given_back_on_all_lanes) {
    auto all = std::make_shared<places_by_address>();
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number)
        threads.emplace_back([&all] {
            for (int round = 0; round < 2000; ++round)
                const auto place = all->take(asio::ip::make_address_v4(static_cast<unsigned>(round % 3 + 1)), 3);
        });
    for (std::thread& one : threads)
        one.join();
    EXPECT_EQ(all->size(), 0u);
}

}  // namespace
}  // namespace asignalr::detail
