// SPDX-License-Identifier: MIT
#include "connection/identifier.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace asignalr::detail {
namespace {

TEST(identifier, names_its_lane_whatever_their_number) {
    for (const std::size_t lanes : {1u, 2u, 3u, 7u, 64u, 255u, 256u})
        for (std::size_t lane = 0; lane < lanes; ++lane)
            for (int repetition = 0; repetition < 4; ++repetition) {
                const std::string made = make_identifier(lane, lanes);
                ASSERT_EQ(made.size(), identifier_size);
                ASSERT_EQ(owner_of(made, lanes), lane) << made << " of " << lanes;
            }
}

TEST(identifier, is_never_the_same_twice) {
    std::set<std::string> seen;
    for (int number = 0; number < 1000; ++number)
        EXPECT_TRUE(seen.insert(make_identifier(0, 2)).second);
}

TEST(identifier, the_owner_is_read_from_the_first_byte) {
    EXPECT_EQ(owner_of("AAAAAAAAAAAAAAAAAAAAAA", 2), 0u);
    EXPECT_EQ(owner_of("AQAAAAAAAAAAAAAAAAAAAA", 2), 1u);
    EXPECT_EQ(owner_of("_wAAAAAAAAAAAAAAAAAAAA", 16), 15u);
}

TEST(identifier, what_cannot_be_an_id_has_no_owner) {
    for (const char* text : {"", "A", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAA+A",
                             "AAAAAAAAAAAAAAAAAAAA/A", "AAAAAAAAAAA AAAAAAAAAA", "\xc3\xa4""AAAAAAAAAAAAAAAAAAAA"})
        EXPECT_EQ(owner_of(text, 2), std::nullopt) << text;
}

}  // namespace
}  // namespace asignalr::detail
