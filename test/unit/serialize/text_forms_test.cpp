// SPDX-License-Identifier: MIT
#include "serialize/duration_text.hpp"
#include "serialize/time_text.hpp"

#include <asignalr/serialize/codec.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace asignalr::detail {
namespace {

using namespace std::chrono;

tick_time parsed(std::string_view text) {
    tick_time time{};
    EXPECT_TRUE(parse_time(text, time)) << text;
    return time;
}

TEST(time_text, is_written_as_dot_net_does) {
    const tick_time day = sys_days(2000y / 1 / 2);
    EXPECT_EQ(time_text(day), "2000-01-02T00:00:00Z");
    EXPECT_EQ(time_text(day + 3h + 4min + 5s), "2000-01-02T03:04:05Z");
    EXPECT_EQ(time_text(day + milliseconds(120)), "2000-01-02T00:00:00.12Z");
    EXPECT_EQ(time_text(day + ticks(12345)), "2000-01-02T00:00:00.0012345Z");
    EXPECT_EQ(time_text(sys_days(1969y / 12 / 31) + 23h + 59min + 59s + milliseconds(500)), "1969-12-31T23:59:59.5Z");
}

TEST(time_text, reads_the_forms_of_iso_8601) {
    const tick_time time = sys_days(2000y / 1 / 2) + 3h + 4min + 5s;
    for (const char* text : {"2000-01-02T03:04:05Z", "2000-01-02T03:04:05", "2000-01-02T03:04:05.0000000Z", "2000-01-02T05:04:05+02:00",
                             "2000-01-01T21:34:05-05:30", "2000-01-02T03:04:05+00:00"})
        EXPECT_EQ(parsed(text), time) << text;
    EXPECT_EQ(parsed("2000-01-02"), sys_days(2000y / 1 / 2));
    EXPECT_EQ(parsed("2000-01-02T03:04Z"), time - 5s);
    EXPECT_EQ(parsed("2000-01-02T03:04:05.1234567Z"), time + ticks(1234567));
    EXPECT_EQ(parsed("2000-01-02T03:04:05.1234567890123456"), time + ticks(1234567));
    EXPECT_EQ(parsed("2024-02-29"), sys_days(2024y / 2 / 29));
}

TEST(time_text, reaches_from_the_first_to_the_last_moment_of_dot_net) {
    const tick_time first = sys_days(1y / 1 / 1), behind = sys_days(10000y / 1 / 1);
    EXPECT_EQ(parsed("0001-01-01T00:00:00"), first);
    EXPECT_EQ(time_text(first), "0001-01-01T00:00:00Z");
    EXPECT_EQ(parsed("9999-12-31T23:59:59.9999999Z"), behind - ticks(1));
    EXPECT_EQ(time_text(behind - ticks(1)), "9999-12-31T23:59:59.9999999Z");
    EXPECT_TRUE(has_time_text(first));
    EXPECT_FALSE(has_time_text(first - ticks(1)));
    EXPECT_FALSE(has_time_text(behind));
}

TEST(time_text, refuses_everything_else) {
    for (const char* text :
         {"", "2000", "2000-1-1", "2000-01-02 03:04:05", "2000-01-02T", "2000-01-02T03", "2000-01-02T24:00:00", "2000-01-02T03:60:00",
          "2000-01-02T03:04:60", "2000-02-30", "2023-02-29", "2000-00-01", "2000-13-01", "0000-01-01", "2000-01-02T03:04:05.", "2000-01-02T03:04:05ZZ",
          "2000-01-02T03:04:05+15:00", "2000-01-02T03:04:05+14:01", "2000-01-02T03:04:05+0200", "2000-01-02T03:04:05+02:60", "2000-01-02Z", " 2000-01-02", "2000-01-02 ",
          "2000-01-02T03:04:05.12345678901234567", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "02000-01-02", "-200-01-02", "20x0-01-02"}) {
        tick_time time{};
        EXPECT_FALSE(parse_time(text, time)) << text;
    }
}

TEST(time_text, reads_back_what_it_writes) {
    for (const std::int64_t hundreds : {0ll, 1ll, -1ll, 9999999ll, 10000000ll, 12345678901234567ll, -12345678901234567ll}) {
        const tick_time time{ticks(hundreds)};
        EXPECT_EQ(parsed(time_text(time)), time);
    }
}

TEST(duration_text, is_written_as_dot_net_does) {
    constexpr std::int64_t second = 10'000'000;
    const std::pair<std::int64_t, const char*> rows[]{{0, "00:00:00"},
                                                      {second, "00:00:01"},
                                                      {-second, "-00:00:01"},
                                                      {1, "00:00:00.0000001"},
                                                      {59 * 60 * second + 59 * second, "00:59:59"},
                                                      {24 * 3600 * second, "1.00:00:00"},
                                                      {25 * 3600 * second + 5 * second / 2, "1.01:00:02.5000000"},
                                                      {std::numeric_limits<std::int64_t>::max(), "10675199.02:48:05.4775807"},
                                                      {std::numeric_limits<std::int64_t>::min(), "-10675199.02:48:05.4775808"}};
    for (const auto& [ticks, text] : rows) {
        EXPECT_EQ(duration_text(ticks), text);
        std::int64_t read = 5;
        EXPECT_TRUE(parse_duration(text, read)) << text;
        EXPECT_EQ(read, ticks) << text;
    }
}

TEST(duration_text, reads_short_forms) {
    std::int64_t ticks = 0;
    EXPECT_TRUE(parse_duration("-2", ticks));
    EXPECT_EQ(ticks, -2 * 86'400 * 10'000'000ll);
    EXPECT_TRUE(parse_duration("1.2:3", ticks));
    EXPECT_EQ(ticks, (86'400 + 7'200 + 180) * 10'000'000ll);
    EXPECT_TRUE(parse_duration("00:00:00.5", ticks));
    EXPECT_EQ(ticks, 5'000'000);
    EXPECT_TRUE(parse_duration("1:2:3", ticks));
    EXPECT_EQ(ticks, (3600 + 120 + 3) * 10'000'000ll);
}

TEST(duration_text, refuses_everything_else) {
    for (const char* text : {"", "1.", "1.5", "1:2.5", "1:", "24:00:00", "00:60:00", "00:00:60", "00:00:00.", "00:00:00.12345678", "+00:00:00", "--00:00:00", "-",
                             "00:00:00 ", " 00:00:00", "1.:00:00", "-1.-1:00:00", "10675200.00:00:00", "10675199.02:48:05.4775808",
                             "99999999999999999999.00:00:00", "00:-1:00", "00:00:00.-1", "1.2.03:04:05", "a:b:c"}) {
        std::int64_t ticks = 0;
        EXPECT_FALSE(parse_duration(text, ticks)) << text;
    }
}

TEST(guid, travels_as_text) {
    const auto id = guid::parse("00010203-0405-0607-0809-0a0b0c0d0e0f");
    ASSERT_TRUE(id);
    for (std::size_t index = 0; index < 16; ++index)
        EXPECT_EQ(std::to_integer<std::size_t>(id->bytes[index]), index);
    EXPECT_EQ(id->text(), "00010203-0405-0607-0809-0a0b0c0d0e0f");
    EXPECT_EQ(guid::parse("ABCDEFAB-CDEF-ABCD-EFAB-CDEFABCDEFAB")->text(), "abcdefab-cdef-abcd-efab-cdefabcdefab");
    EXPECT_LT(guid{}, *id);
    for (const char* text : {"", "00010203-0405-0607-0809-0a0b0c0d0e0", "00010203-0405-0607-0809-0a0b0c0d0e0f0", "000102030405060708090a0b0c0d0e0f0000",
                             "{0010203-0405-0607-0809-0a0b0c0d0e0}", "g0010203-0405-0607-0809-0a0b0c0d0e0f", "00010203_0405-0607-0809-0a0b0c0d0e0f",
                             "0001020-30405-0607-0809-0a0b0c0d0e0f"})
        EXPECT_FALSE(guid::parse(text)) << text;
}

TEST(value, holds_what_it_was_given) {
    EXPECT_TRUE(value().is_null());
    EXPECT_TRUE(value(nullptr).is_null());
    EXPECT_EQ(*value(true).get_if<bool>(), true);
    EXPECT_EQ(*value(5u).get_if<std::int64_t>(), 5);
    EXPECT_EQ(*value(-5).get_if<std::int64_t>(), -5);
    EXPECT_EQ(*value(std::numeric_limits<std::uint64_t>::max()).get_if<std::uint64_t>(), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(*value("text").get_if<std::string>(), "text");
    EXPECT_EQ(*value(std::string_view("text")).get_if<std::string>(), "text");
    EXPECT_EQ(value("text").get_if<double>(), nullptr);
    EXPECT_EQ(value(value::list{1, "two", nullptr}).get_if<value::list>()->size(), 3u);
    EXPECT_EQ(value(1), value(1u));
    EXPECT_NE(value(1), value(1.0));
    EXPECT_NE(value(1), value(true));
}

}  // namespace
}  // namespace asignalr::detail
