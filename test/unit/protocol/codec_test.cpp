// SPDX-License-Identifier: MIT
// What the codecs make of JSON, there and back. It stands on this floor because it takes the JSON reader and writer.

#include "protocol/json_reader.hpp"
#include "protocol/json_writer.hpp"

#include <asignalr/serialize/codec.hpp>
#include <asignalr/serialize/error.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace asignalr {

enum class colour : std::uint8_t { red = 1, green = 2, blue = 4 };
constexpr auto enumerators_of(const colour*) { return enumerators<colour>({{"Red", colour::red}, {"Green", colour::green}}); }
enum class wide : std::uint64_t { small = 1, large = std::uint64_t{1} << 63 };
constexpr auto enumerators_of(const wide*) { return enumerators<wide>({{"Small", wide::small}, {"Large", wide::large}}); }
enum class plain : std::int16_t { minus = -3, zero = 0 };

struct point {
    int x = 7;
    std::optional<std::string> label;
    friend bool operator==(const point&, const point&) = default;
};
constexpr auto fields_of(const point*) { return fields(field("X", &point::x), field("Label", &point::label)); }

struct shape {
    std::vector<point> points;
    std::map<std::string, double> weights;
    colour paint = colour::green;
    friend bool operator==(const shape&, const shape&) = default;
};
constexpr auto fields_of(const shape*) {
    return fields(field("Points", &shape::points), field("Weights", &shape::weights), field("Paint", &shape::paint));
}

namespace detail {
namespace {

template <class Type>
std::string write(const Type& from, bool camel_case = true) {
    std::string out;
    json_writer writer(camel_case);
    writer.begin(out);
    codec<Type>::write(writer, from);
    return out;
}

template <class Type>
std::optional<Type> read(std::string_view json, bool ignore_case = true) {
    tape values(10'000);
    if (read_json(json, values) != json_verdict::complete) return std::nullopt;
    value_reader reader(values.first(), value_encoding::json, ignore_case);
    Type into{};
    if (!codec<Type>::read(reader, into)) return std::nullopt;
    return into;
}

template <class Type>
void round_trip(const Type& from, std::string_view json) {
    EXPECT_EQ(write(from), json);
    EXPECT_EQ(read<Type>(json), from) << json;
}

TEST(codec, plain_values) {
    round_trip(true, "true");
    round_trip(false, "false");
    round_trip(std::string("caf\xc3\xa9"), "\"caf\xc3\xa9\"");
    round_trip(1.5, "1.5");
    round_trip(0.25f, "0.25");
    for (const char* wrong : {"1", "\"true\"", "null", "[]"})
        EXPECT_FALSE(read<bool>(wrong)) << wrong;
    for (const char* wrong : {"1", "true", "[]", "{}"})
        EXPECT_FALSE(read<std::string>(wrong)) << wrong;
    EXPECT_EQ(read<std::string>("null"), "");
}

template <class Integer>
void expect_range() {
    using limits = std::numeric_limits<Integer>;
    round_trip(limits::min(), std::to_string(limits::min()));
    round_trip(limits::max(), std::to_string(limits::max()));
    // One beyond, in decimal, by way of a text: 64 bits have no wider type.
    std::string above = std::to_string(limits::max());
    above.back() = static_cast<char>(above.back() + 1);
    EXPECT_FALSE(read<Integer>(above)) << above;
    if constexpr (std::is_signed_v<Integer>) {
        std::string below = std::to_string(limits::min());
        below.back() = static_cast<char>(below.back() + 1);
        EXPECT_FALSE(read<Integer>(below)) << below;
        EXPECT_EQ(read<Integer>("-0"), Integer{0});
    } else {
        EXPECT_FALSE(read<Integer>("-1"));
        EXPECT_FALSE(read<Integer>("-0"));
    }
    for (const char* wrong : {"1.0", "1e2", "\"1\"", "null", "true", "1.5", "1e400"})
        EXPECT_FALSE(read<Integer>(wrong)) << wrong;
}

TEST(codec, integers_are_exact_and_ranged) {
    expect_range<std::int8_t>();
    expect_range<std::uint8_t>();
    expect_range<std::int16_t>();
    expect_range<std::uint16_t>();
    expect_range<std::int32_t>();
    expect_range<std::uint32_t>();
    expect_range<std::int64_t>();
    expect_range<std::uint64_t>();
    round_trip(std::int64_t{9007199254740993}, "9007199254740993");
}

TEST(codec, doubles_take_every_number) {
    EXPECT_EQ(read<double>("5"), 5.0);
    EXPECT_EQ(read<double>("18446744073709551615"), 18446744073709551615.0);
    EXPECT_TRUE(std::isinf(*read<double>("1e400")));
    EXPECT_TRUE(std::signbit(*read<double>("-0")));
    round_trip(-0.0, "-0");
    EXPECT_FALSE(read<double>("\"1\""));
    EXPECT_FALSE(read<double>("null"));
}

TEST(codec, floats_beyond_their_range_are_infinite) {
    EXPECT_EQ(read<float>("3.4028234663852886e38"), std::numeric_limits<float>::max());
    EXPECT_EQ(read<float>("3.5e38"), std::numeric_limits<float>::infinity());
    EXPECT_EQ(read<float>("-1e300"), -std::numeric_limits<float>::infinity());
    EXPECT_EQ(read<float>("1e400"), std::numeric_limits<float>::infinity());
    EXPECT_EQ(read<float>("1e-300"), 0.0f);
}

TEST(codec, lists) {
    round_trip(std::vector<int>{}, "[]");
    round_trip(std::vector<int>{1, -2}, "[1,-2]");
    round_trip(std::vector<bool>{true, false}, "[true,false]");
    round_trip(std::array<int, 2>{1, 2}, "[1,2]");
    EXPECT_EQ(read<std::vector<int>>("null"), std::vector<int>{});
    EXPECT_FALSE(read<std::vector<int>>("[1,\"2\"]"));
    EXPECT_FALSE(read<std::vector<int>>("{}"));
    EXPECT_FALSE((read<std::array<int, 2>>("[1]")));
    EXPECT_FALSE((read<std::array<int, 2>>("[1,2,3]")));
}

TEST(codec, bytes_are_base64) {
    round_trip(std::vector<std::byte>{std::byte{0}, std::byte{255}}, "\"AP8=\"");
    round_trip(std::vector<std::uint8_t>{1, 2, 3}, "\"AQID\"");
    EXPECT_EQ(read<std::vector<std::uint8_t>>("\"AQ ID\""), (std::vector<std::uint8_t>{1, 2, 3}));
    EXPECT_EQ(read<std::vector<std::uint8_t>>("null"), std::vector<std::uint8_t>{});
    for (const char* wrong : {"\"AQI\"", "\"AQI!\"", "[1,2]", "1"})
        EXPECT_FALSE(read<std::vector<std::uint8_t>>(wrong)) << wrong;
}

TEST(codec, maps) {
    round_trip(std::map<std::string, int>{{"A", 1}, {"b", 2}}, R"({"A":1,"b":2})");
    round_trip(std::unordered_map<std::string, int>{{"Only", 1}}, R"({"Only":1})");
    EXPECT_EQ((read<std::map<std::string, int>>(R"({"a":1,"a":2})")), (std::map<std::string, int>{{"a", 2}}));
    EXPECT_EQ((read<std::map<std::string, int>>("null")), (std::map<std::string, int>{}));
    EXPECT_FALSE((read<std::map<std::string, int>>(R"({"a":null})")));
    EXPECT_FALSE((read<std::map<std::string, int>>("[]")));
}

TEST(codec, optionals) {
    EXPECT_EQ(write(std::optional<int>{}), "null");
    EXPECT_EQ(write(std::optional<int>{3}), "3");
    const auto none = read<std::optional<int>>("null");
    ASSERT_TRUE(none);
    EXPECT_EQ(*none, std::nullopt);
    EXPECT_EQ(*read<std::optional<int>>("3"), 3);
    EXPECT_FALSE(read<std::optional<int>>("\"3\""));
    round_trip(std::vector<std::optional<int>>{std::nullopt, 1}, "[null,1]");
}

TEST(codec, tuples_and_pairs) {
    round_trip(std::tuple<int, std::string, bool>{1, "a", true}, "[1,\"a\",true]");
    round_trip(std::pair<int, std::string>{1, "a"}, "[1,\"a\"]");
    EXPECT_FALSE((read<std::pair<int, int>>("[1]")));
    EXPECT_FALSE((read<std::pair<int, int>>("[1,2,3]")));
    EXPECT_FALSE((read<std::pair<int, int>>("null")));
}

TEST(codec, enums) {
    round_trip(colour::red, "1");
    round_trip(plain::minus, "-3");
    EXPECT_EQ(read<colour>("\"Green\""), colour::green);
    EXPECT_FALSE(read<colour>("\"green\""));
    EXPECT_EQ(read<colour>("\"4\""), colour::blue);
    EXPECT_FALSE(read<colour>("\"256\""));
    EXPECT_FALSE(read<colour>("\"4 \""));
    EXPECT_FALSE(read<colour>("\"\""));
    EXPECT_FALSE(read<colour>("256"));
    EXPECT_FALSE(read<colour>("1.0"));
    EXPECT_FALSE(read<plain>("\"zero\""));
    round_trip(colour::blue, "4");  // not listed
    round_trip(wide::small, "1");
    round_trip(wide::large, "9223372036854775808");
}

TEST(codec, structs) {
    const shape whole{{{1, "a"}, {2, std::nullopt}}, {{"Heavy", 2.5}}, colour::red};
    round_trip(whole, R"({"points":[{"x":1,"label":"a"},{"x":2,"label":null}],"weights":{"Heavy":2.5},"paint":1})");
    EXPECT_EQ(write(point{}, false), R"({"X":7,"Label":null})");
}

TEST(codec, struct_fields_may_be_missing_unknown_or_in_any_case) {
    EXPECT_EQ(read<point>("{}"), point{});
    EXPECT_EQ(read<point>("null"), point{});
    EXPECT_EQ(read<point>(R"({"more":[{"x":9}],"LABEL":"l","x":3,"again":{"x":1}})"), (point{3, "l"}));
    EXPECT_EQ(read<point>(R"({"x":3})", false), point{});
    EXPECT_EQ(read<point>(R"({"X":3})", false), (point{3, {}}));
    EXPECT_FALSE(read<point>(R"({"x":"3"})"));
    EXPECT_FALSE(read<point>("[]"));
}

TEST(codec, values_of_any_type) {
    const std::string json = R"({"a":[1,-2,18446744073709551615,1.5,"t",true,null],"b":{}})";
    const auto any = read<value>(json);
    ASSERT_TRUE(any);
    EXPECT_EQ(write(*any), json);
    const auto& list = std::get<value::list>(std::get<value::map>(any->content()).at("a").content());
    EXPECT_EQ(list[0], value(1));
    EXPECT_EQ(list[2], value(std::numeric_limits<std::uint64_t>::max()));
    EXPECT_EQ(list[3], value(1.5));
    EXPECT_TRUE(list[6].is_null());
    EXPECT_EQ(read<value>("\"x\""), value("x"));
}

TEST(codec, times_durations_and_guids) {
    using namespace std::chrono;
    const system_clock::time_point noon = sys_days(2000y / 1 / 1) + 12h + milliseconds(250);
    round_trip(noon, "\"2000-01-01T12:00:00.25Z\"");
    round_trip(sys_days(2024y / 2 / 29), "\"2024-02-29T00:00:00Z\"");
    EXPECT_EQ(read<system_clock::time_point>("\"2000-01-01T13:00:00.25+01:00\""), noon);
    EXPECT_FALSE(read<system_clock::time_point>("\"2000-13-01\""));
    EXPECT_FALSE(read<system_clock::time_point>("5"));
    // .NET's default value is beyond what a count of nanoseconds can say.
    round_trip(tick_time(sys_days(1y / 1 / 1)), "\"0001-01-01T00:00:00Z\"");
    round_trip(sys_days(9999y / 12 / 31), "\"9999-12-31T00:00:00Z\"");
    EXPECT_FALSE(read<sys_time<nanoseconds>>("\"0001-01-01T00:00:00Z\""));
    EXPECT_FALSE(read<sys_time<nanoseconds>>("\"2262-04-12T00:00:00Z\""));
    EXPECT_THROW(write(sys_days(10000y / 1 / 1)), serialization_error);
    round_trip(hours(25), "\"1.01:00:00\"");
    round_trip(milliseconds(-1500), "\"-00:00:01.5000000\"");
    const auto id = guid::parse("00010203-0405-0607-0706-050403020100");
    ASSERT_TRUE(id);
    round_trip(*id, "\"00010203-0405-0607-0706-050403020100\"");
    EXPECT_FALSE(read<guid>("\"00010203\""));
}

TEST(codec, durations_and_times_that_their_type_cannot_hold_do_not_fit) {
    using namespace std::chrono;
    const char* const longest = "\"10675199.02:48:05.4775807\"";
    const char* const shortest = "\"-10675199.02:48:05.4775808\"";
    for (const char* text : {longest, shortest, "\"106751.23:47:16.8547759\""}) {
        EXPECT_FALSE(read<nanoseconds>(text)) << text;
        EXPECT_FALSE((read<duration<std::int32_t, std::milli>>(text))) << text;
        EXPECT_TRUE(read<ticks>(text)) << text;
        EXPECT_TRUE(read<seconds>(text)) << text;
        EXPECT_TRUE(read<duration<double>>(text)) << text;
    }
    EXPECT_EQ(read<nanoseconds>("\"106751.23:47:16.8547758\""), nanoseconds(9223372036854775800));
    EXPECT_EQ((read<duration<std::int8_t>>("\"00:02:07.9\"")), (duration<std::int8_t>(127)));
    EXPECT_FALSE((read<duration<std::int8_t>>("\"00:02:08\"")));
    EXPECT_FALSE((read<duration<std::uint8_t>>("\"-00:00:01\"")));
    EXPECT_THROW(write(hours::max()), serialization_error);
    EXPECT_THROW(write(seconds::min()), serialization_error);
    EXPECT_THROW(write(duration<std::uint64_t>(std::numeric_limits<std::uint64_t>::max())), serialization_error);
    EXPECT_THROW(write(duration<double>(1e12)), serialization_error);
    EXPECT_THROW(write(duration<double>(std::nan(""))), serialization_error);
    EXPECT_EQ(write(duration<double>(1.5)), "\"00:00:01.5000000\"");
    EXPECT_FALSE((read<sys_time<duration<std::int32_t>>>("\"2100-01-01T00:00:00Z\"")));
    EXPECT_THROW(write(sys_time<hours>::max()), serialization_error);
}

}  // namespace
}  // namespace detail
}  // namespace asignalr
