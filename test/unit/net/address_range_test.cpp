// SPDX-License-Identifier: MIT
#include "net/address_range.hpp"

#include <gtest/gtest.h>

namespace asignalr::detail {
namespace {

bool contains(std::string_view range, std::string_view address) {
    return address_range::parse(range).value().contains(parse_address(address).value());
}

TEST(address_range, a_single_address_is_a_range_of_one) {
    EXPECT_TRUE(contains("192.0.2.7", "192.0.2.7"));
    EXPECT_FALSE(contains("192.0.2.7", "192.0.2.8"));
    EXPECT_TRUE(contains("2001:DB8::1", "2001:db8:0::1"));
    EXPECT_FALSE(contains("2001:db8::1", "2001:db8::2"));
}

TEST(address_range, networks_end_at_any_bit) {
    EXPECT_TRUE(contains("10.0.0.0/8", "10.255.0.1"));
    EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
    EXPECT_TRUE(contains("172.16.0.0/12", "172.31.255.255"));
    EXPECT_FALSE(contains("172.16.0.0/12", "172.32.0.0"));
    EXPECT_TRUE(contains("0.0.0.0/0", "255.255.255.255"));
    EXPECT_FALSE(contains("192.0.2.6/32", "192.0.2.7"));
    EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::"));
    EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::"));
}

TEST(address_range, the_families_are_apart_but_for_mapped_addresses) {
    EXPECT_FALSE(contains("0.0.0.0/0", "::1"));
    EXPECT_FALSE(contains("::/0", "127.0.0.1"));
    EXPECT_TRUE(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
    EXPECT_TRUE(contains("::FFFF:10.1.2.3", "10.1.2.3"));
}

TEST(address_range, other_texts_are_none) {
    for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0", "::1/129", "localhost", "10.0.0.1:80", "[::1]"})
        EXPECT_FALSE(address_range::parse(text)) << text;
}

}  // namespace
}  // namespace asignalr::detail
