// SPDX-License-Identifier: MIT
// JSON word for word as .NET has it. Every table is the answer of System.Text.Json in the hands of ASP.NET Core 10's JsonHubProtocol,
// asked once and written down; "no" is what it refuses to bind.

#include "protocol/json_protocol.hpp"
#include "protocol/json_writer.hpp"

#include <asignalr/serialize/codec.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <optional>
#include <ostream>

namespace asignalr::detail {
namespace {

struct thing {
    int x = 7;
    std::optional<std::string> label;
    std::vector<int> list{9};
    friend bool operator==(const thing&, const thing&) = default;
};
constexpr auto fields_of(const thing*) { return fields(field("X", &thing::x), field("Label", &thing::label), field("List", &thing::list)); }
void PrintTo(const thing& one, std::ostream* out) { *out << one.x << ' ' << one.label.value_or("none") << ' ' << testing::PrintToString(one.list); }

template <class Type>
std::string written(const Type& from) {
    std::string out;
    json_writer writer(true);
    writer.begin(out);
    codec<Type>::write(writer, from);
    return out;
}

constexpr std::nullopt_t no = std::nullopt;

/// What a call with this argument is bound to.
template <class Type>
std::optional<Type> bound(std::string_view json) {
    json_protocol protocol(false);
    const std::string message = "{\"type\":1,\"target\":\"t\",\"arguments\":[" + std::string(json) + "]}\x1e";
    tape values(1000);
    hub_message call;
    if (protocol.parse(message, values, call).what != parse_result::outcome::message || call.arguments->size != 1) return no;
    value_reader reader(call.arguments + 1, call.encoding, call.ignore_case);
    Type into{};
    if (!codec<Type>::read(reader, into)) return no;
    return into;
}

template <class Type>
struct answer {
    const char* json;
    std::optional<Type> bound_to;
};

template <class Type>
void expect_bound(std::initializer_list<answer<Type>> rows) {
    for (const auto& [json, expected] : rows)
        EXPECT_EQ(bound<Type>(json), expected) << json;
}

// ---- written

TEST(dot_net_json, doubles_are_written) {
    using limits = std::numeric_limits<double>;
    const std::pair<double, const char*> rows[]{{0.0, "0"},
                                                {-0.0, "-0"},
                                                {1.0, "1"},
                                                {-1.5, "-1.5"},
                                                {0.1, "0.1"},
                                                {0.30000000000000004, "0.30000000000000004"},
                                                {100000.0, "100000"},
                                                {12345678.9, "12345678.9"},
                                                {0.00099, "0.00099"},
                                                {1.2e-4, "0.00012"},
                                                {1e-4, "0.0001"},
                                                {0.00012345678901234567, "0.00012345678901234567"},
                                                {9.9999e-5, "9.9999E-05"},
                                                {1e-5, "1E-05"},
                                                {1.5e-7, "1.5E-07"},
                                                {5e-324, "5E-324"},
                                                {999999999999999.0, "999999999999999"},
                                                {1e15, "1000000000000000"},
                                                {1234567890123456.8, "1234567890123456.8"},
                                                {9007199254740993.0, "9007199254740992"},
                                                {1e16, "10000000000000000"},
                                                {-1e16, "-10000000000000000"},
                                                {12345678901234567.0, "12345678901234568"},
                                                {72057594037927936.0, "72057594037927940"},
                                                {99999999999999984.0, "99999999999999980"},
                                                {1e17, "1E+17"},
                                                {123456789012345680.0, "1.2345678901234568E+17"},
                                                {1e21, "1E+21"},
                                                {8.41e21, "8.41E+21"},
                                                {1e100, "1E+100"},
                                                {limits::max(), "1.7976931348623157E+308"},
                                                {limits::lowest(), "-1.7976931348623157E+308"}};
    for (const auto& [number, text] : rows)
        EXPECT_EQ(written(number), text);
}

TEST(dot_net_json, floats_are_written) {
    using limits = std::numeric_limits<float>;
    const std::pair<float, const char*> rows[]{{0.0f, "0"},
                                               {-0.0f, "-0"},
                                               {0.1f, "0.1"},
                                               {0.33333334f, "0.33333334"},
                                               {1234567.8f, "1234567.8"},
                                               {16777216.0f, "16777216"},
                                               {987654300.0f, "987654300"},
                                               {1e8f, "100000000"},
                                               {1e9f, "1E+09"},
                                               {1.1e9f, "1.1E+09"},
                                               {1e-4f, "0.0001"},
                                               {9.9999e-5f, "9.9999E-05"},
                                               {1e-45f, "1E-45"},
                                               {limits::min(), "1.1754944E-38"},
                                               {limits::max(), "3.4028235E+38"}};
    for (const auto& [number, text] : rows)
        EXPECT_EQ(written(number), text);
}

TEST(dot_net_json, texts_are_written) {
    const std::pair<std::string, const char*> rows[]{{"plain", "plain"},
                                                     {R"("\/)", R"(\"\\/)"},
                                                     {"<>&'+`", "<>&'+`"},
                                                     {"\b\f\n\r\t", R"(\b\f\n\r\t)"},
                                                     {std::string("\v\0\x1e\x1f", 4), R"(\u000B\u0000\u001E\u001F)"},
                                                     {"\x7f\xc2\x80\xc2\x9f\xc2\xa0", R"(\u007F\u0080\u009F\u00A0)"},
                                                     {"caf\xc3\xa9 \xe2\x82\xac \xc2\xad", "caf\xc3\xa9 \xe2\x82\xac \xc2\xad"},
                                                     {"\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf\xe3\x80\x80", R"(\u2028\u2029\uFEFF\u3000)"},
                                                     {"\xe2\x80\x8b\xe2\x80\x8e\xe2\x81\xa0", "\xe2\x80\x8b\xe2\x80\x8e\xe2\x81\xa0"},
                                                     {"\xee\x80\x80\xef\xbf\xbd\xef\xbf\xbf", "\\uE000\xef\xbf\xbd\\uFFFF"},
                                                     {"\xcd\xb8\xd4\xb0", R"(\u0378\u0530)"},
                                                     {"\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf", R"(\uD83D\uDE00\uDBFF\uDFFF)"}};
    for (const auto& [text, escaped] : rows)
        EXPECT_EQ(written(text), '"' + std::string(escaped) + '"');
}

std::string utf8_of(unsigned point) {
    if (point < 0x80) return {static_cast<char>(point)};
    const char last = static_cast<char>(0x80 | (point & 0x3f));
    if (point < 0x800) return {static_cast<char>(0xc0 | point >> 6), last};
    return {static_cast<char>(0xe0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3f)), last};
}

// A table of 7,911 code points is too long: it is .NET's as a number (FNV-1a over their bytes, the low one first).
TEST(dot_net_json, code_points_are_escaped) {
    std::size_t count = 0;
    std::uint64_t hash = 14695981039346656037u;
    for (unsigned point = 0; point <= 0xffff; ++point) {
        const bool is_surrogate = point >= 0xd800 && point <= 0xdfff;
        if (is_surrogate || !written(utf8_of(point)).starts_with("\"\\u")) continue;
        ++count;
        for (const unsigned byte : {point & 0xff, point >> 8})
            hash = (hash ^ byte) * 1099511628211u;
    }
    EXPECT_EQ(count, 7911u);
    EXPECT_EQ(hash, 9902909020025534173u);
}

TEST(dot_net_json, names_are_written) {
    const std::pair<const char*, const char*> rows[]{{"URLValue", "urlValue"}, {"IOStream", "ioStream"}, {"X1", "x1"},       {"A", "a"},
                                                     {"AB", "ab"},             {"ABcd", "aBcd"},         {"aB", "aB"},       {"_X", "_X"},
                                                     {"IDD", "idd"},           {"Id2", "id2"},           {"IsOK", "isOK"},   {"A1B", "a1B"},
                                                     {"A_B", "a_B"},           {"ABC_D", "abC_D"},       {"XYz", "xYz"}};
    for (const auto& [name, camel] : rows) {
        std::string out;
        json_writer writer(true);
        writer.begin(out);
        writer.field(name);
        EXPECT_EQ(out, '"' + std::string(camel) + "\":");
    }
    EXPECT_EQ(written(thing()), R"({"x":7,"label":null,"list":[9]})");
    EXPECT_EQ((written(std::map<std::string, int>{{"Ab", 1}, {"ab<\xc3\xa9\x7f", 2}})), "{\"Ab\":1,\"ab<\xc3\xa9\\u007F\":2}");
}

// ---- read

TEST(dot_net_json, integers_are_read) {
    expect_bound<std::int32_t>({{"2147483647", 2147483647}, {"2147483648", no}, {"-2147483648", -2147483647 - 1}, {"-2147483649", no},
                                {" 1\t", 1},   {"-0", 0},     {"1.0", no},    {"1e2", no},  {"1.5", no},    {"-0.0", no},
                                {"0e0", no},   {"1e400", no}, {"\"1\"", no},  {"null", no}, {"true", no},   {"[1]", no},
                                {"99999999999999999999", no}});
    expect_bound<std::int64_t>({{"9223372036854775807", 9223372036854775807}, {"9223372036854775808", no},
                                {"-9223372036854775808", -9223372036854775807 - 1}, {"-9223372036854775809", no}, {"-0", 0}, {"1.0", no}});
    expect_bound<std::uint64_t>({{"18446744073709551615", 18446744073709551615u}, {"18446744073709551616", no}, {"-1", no}, {"-0", no},
                                 {"0", 0u}, {"0.0", no}});
    expect_bound<std::uint8_t>({{"255", std::uint8_t{255}}, {"256", no}, {"-0", no}});
    expect_bound<std::int8_t>({{"-128", std::int8_t{-128}}, {"-129", no}, {"128", no}, {"-0", std::int8_t{0}}});
    expect_bound<bool>({{"true", true}, {"false", false}, {"1", no}, {"\"true\"", no}, {"null", no}});
}

TEST(dot_net_json, doubles_are_read) {
    const double infinity = std::numeric_limits<double>::infinity();
    expect_bound<double>({{"5", 5.0},
                          {"0.1e1", 1.0},
                          {"1E+5", 1e5},
                          {"9007199254740993", 9007199254740992.0},
                          {"18446744073709551616", 18446744073709551616.0},
                          {"123456789012345678901234567890", 1.2345678901234568e29},
                          {"2.2250738585072011e-308", 2.225073858507201e-308},
                          {"1.7976931348623159e308", infinity},
                          {"1e400", infinity},
                          {"-1e99999999999", -infinity},
                          {"1e-99999999999", 0.0},
                          {"\"1\"", no},
                          {"\"NaN\"", no},
                          {"null", no}});
    for (const char* negative_zero : {"-0", "-0.0", "-1e-400"})
        EXPECT_TRUE(std::signbit(bound<double>(negative_zero).value_or(1))) << negative_zero;
    expect_bound<float>({{"3.4028235e38", std::numeric_limits<float>::max()}, {"3.5e38", static_cast<float>(infinity)},
                         {"-1e300", static_cast<float>(-infinity)}, {"1e-300", 0.0f}, {"0.1", 0.1f}, {"16777217", 16777216.0f}});
}

using moment = std::chrono::sys_time<ticks>;

TEST(dot_net_json, times_are_read) {
    using namespace std::chrono_literals;
    const moment day = std::chrono::sys_days(std::chrono::year(2000) / 1 / 2);
    const moment time = day + 3h + 4min + 5s;
    const moment first = std::chrono::sys_days(std::chrono::year(1) / 1 / 1), last = moment(std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1)) - ticks(1);
    const std::pair<const char*, std::optional<moment>> rows[]{
        {"2000-01-02T03:04:05Z", time},
        {"2000-01-02T03:04:05", time},
        {"2000-01-02T03:04:05.0000000Z", time},
        {"2000-01-02T05:04:05+02:00", time},
        {"2000-01-02T05:04:05+02", time},
        {"2000-01-01T21:34:05-05:30", time},
        {"2000-01-02T03:04:05-00:00", time},
        {"2000-01-02T17:04:05+14:00", time},
        {"2000-01-01T13:05:05-13:59", time},
        {"2000-01-02T03:04:05.Z", time},
        {"2000-01-02T05:04:05.+02", time},
        {R"(\u0032000-01-02T03:04:05\u005a)", time},
        {"2000-01-02", day},
        {"2000-01-02T03:04Z", time - 5s},
        {"2000-01-02T04:04+01:00", time - 5s},
        {"2000-01-02T03:04:05.1", time + 100ms},
        {"2000-01-02T05:04:05.12+02", time + 120ms},
        {"2000-01-02T03:04:05.99999999", time + ticks(9'999'999)},
        {"2000-01-02T03:04:05.1234567890123456", time + ticks(1'234'567)},
        {"0001-01-01T00:00:00Z", first},
        {"0001-01-01T14:00:00+14:00", first},
        {"9999-12-31T23:59:59.99999999Z", last},
        {"2024-02-29", std::chrono::sys_days(std::chrono::year(2024) / 2 / 29)},
        {"2023-02-29", no}, {"2000-00-01", no}, {"2000-13-01", no}, {"0000-01-01", no}, {"2000-1-2", no}, {"2000-01", no}, {"20000102", no},
        {"2000-01-02T03:04:05.12345678901234567", no}, {"2000-01-02T03:04:05.", no}, {"2000-01-02T03:04:05,5Z", no},
        {"2000-01-02t03:04:05Z", no}, {"2000-01-02T03:04:05z", no}, {"2000-01-02 03:04:05", no}, {"2000-01-02T03", no}, {"2000-01-02T", no},
        {"2000-01-02T03:04.5Z", no}, {"2000-01-02T3:04:05Z", no}, {"2000-01-02T24:00:00", no}, {"2000-01-02T23:59:60Z", no},
        {"2000-01-02T03:04:05+14:01", no}, {"2000-01-02T03:04:05-14:01", no}, {"2000-01-02T03:04:05+15", no}, {"2000-01-02T03:04:05+02:60", no},
        {"2000-01-02T03:04:05+0200", no}, {"2000-01-02T03:04:05+02:", no}, {"2000-01-02T03:04:05+2:00", no}, {"2000-01-02T03:04:05+02:00Z", no},
        {"2000-01-02Z", no}, {" 2000-01-02", no}, {"2000-01-02 ", no}, {"", no},
        {"0001-01-01T00:00:00+00:01", no}, {"9999-12-31T23:59:59-00:01", no}};
    for (const auto& [text, expected] : rows)
        EXPECT_EQ(bound<moment>('"' + std::string(text) + '"'), expected) << text;
    expect_bound<moment>({{"null", no}, {"0", no}, {"946684800", no}});
}

TEST(dot_net_json, durations_are_read) {
    constexpr std::int64_t second = 10'000'000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;
    using limits = std::numeric_limits<std::int64_t>;
    const std::pair<const char*, std::optional<std::int64_t>> rows[]{
        {"00:00:00", 0},
        {"-00:00:00", 0},
        {"-0", 0},
        {"1", day},
        {"-1", -day},
        {"0001", day},
        {"10675199", 10'675'199 * day},
        {"1:2", hour + 2 * minute},
        {"1.02:03", day + 2 * hour + 3 * minute},
        {"-1.23:59", -(day + 23 * hour + 59 * minute)},
        {"1:2:3", hour + 2 * minute + 3 * second},
        {"001:002:003", hour + 2 * minute + 3 * second},
        {"1.1:1:1.1", day + hour + minute + second + second / 10},
        {"00:00:00.0000001", 1},
        {"-00:00:00.0000001", -1},
        {"10675199.02:48:05.4775807", limits::max()},
        {"-10675199.02:48:05.4775808", limits::min()},
        {"10675199.02:48:05.4775808", no}, {"10675200", no}, {"99999999999999999999.00:00:00", no},
        {"00:00:00.12345678", no}, {"0:0:0.00000010", no}, {"00:00:00.", no}, {"24:0", no}, {"1.24:00", no}, {"1:60", no}, {"0:0:60", no},
        {"1.5", no}, {"1.", no}, {".5", no}, {"1:", no}, {"1:2:", no}, {"1:2.5", no}, {"1::2", no}, {":1:2", no}, {"1:2:3:4", no}, {"1.2.3", no},
        {"+00:00:00", no}, {"--00:00:00", no}, {"-", no}, {"", no}, {" 00:00:00", no}, {"00:00:00 ", no}, {"00:-1:00", no}};
    for (const auto& [text, expected] : rows) {
        const auto found = bound<ticks>('"' + std::string(text) + '"');
        EXPECT_EQ(found ? std::optional(found->count()) : no, expected) << text;
    }
    expect_bound<ticks>({{"0", no}, {"null", no}});
}

TEST(dot_net_json, bytes_are_read) {
    using bytes = std::vector<std::uint8_t>;
    const bytes three{1, 2, 3}, two{1, 2}, one{1};
    expect_bound<bytes>({{R"("")", bytes()},       {R"("AQID")", three},   {R"("AQI=")", two},       {R"("AQ==")", one},
                         {R"("AQ ID")", three},    {R"("AQ\tID")", three}, {R"(" AQ\r\nID ")", three}, {R"("A Q = =")", one},
                         {R"("AQ\u0049D")", three}, {R"("  ")", bytes()},
                         {R"("AQI")", no},         {R"("AQ=")", no},       {R"("AQ===")", no},       {R"("AQID=")", no},
                         {R"("====")", no},        {R"("AQ==AQ==")", no},  {R"("AQ=A")", no},        {R"("A===")", no},
                         {R"("AQI!")", no},        {R"("AQ\fID")", no},    {R"("AQ\u00a0ID")", no},  {R"("-_8=")", no},
                         {R"("AR==")", no},        {R"("AQJ=")", no},      {"[1,2]", no},            {"1", no}});
}

TEST(dot_net_json, guids_are_read) {
    const auto known = guid::parse("00010203-0405-0607-0809-0a0b0c0d0e0f");
    expect_bound<guid>({{R"("00010203-0405-0607-0809-0a0b0c0d0e0f")", known},
                        {R"("00010203-0405-0607-0809-0A0B0C0D0E0F")", known},
                        {R"("\u00300010203-0405-0607-0809-0a0b0c0d0e0f")", known},
                        {R"("000102030405060708090a0b0c0d0e0f")", no},
                        {R"("{00010203-0405-0607-0809-0a0b0c0d0e0f}")", no},
                        {R"(" 00010203-0405-0607-0809-0a0b0c0d0e0f")", no},
                        {R"("+0010203-0405-0607-0809-0a0b0c0d0e0f")", no},
                        {R"("")", no},
                        {"null", no}});
}

TEST(dot_net_json, texts_are_read) {
    expect_bound<std::string>({{R"("\b\f\n\r\t\\\"\/")", "\b\f\n\r\t\\\"/"}, {R"("\u00e9\ud83d\ude00")", "\xc3\xa9\xf0\x9f\x98\x80"},
                               {R"("\u001e")", "\x1e"},      {"\"\x7f\xc2\x85\xef\xbb\xbf\"", "\x7f\xc2\x85\xef\xbb\xbf"},
                               {R"("\ud800")", no},          {R"("\udc00")", no},
                               {R"("\ud83d\ud83d")", no},    {R"("\ude00\ud83d")", no},
                               {"\"\xff\"", no},             {"\"\xc3\"", no},
                               {"\"\xc0\x80\"", no},         {"\"\xed\xa0\x80\"", no},
                               {"1", no},                    {"true", no},
                               {"[]", no},                   {"{}", no},
                               {"null", ""}});  // where .NET has a null, there is an empty text
}

TEST(dot_net_json, maps_and_lists_are_read) {
    using numbers = std::map<std::string, int>;
    expect_bound<numbers>({{"{}", numbers()}, {"null", numbers()}, {R"({"a":1,"a":2})", numbers{{"a", 2}}}, {R"({"":1})", numbers{{"", 1}}},
                           {R"({"a":1,"A":2})", numbers{{"A", 2}, {"a", 1}}}, {R"({"\/":1})", numbers{{"/", 1}}}, {R"({"a":null})", no},
                           {R"({"\ud800":1})", no}, {"[]", no}, {R"({"a":1,})", no}});
    using list = std::vector<int>;
    expect_bound<list>({{"[]", list()}, {"null", list()}, {"[1,2]", list{1, 2}}, {"[1,null]", no}, {"{}", no}, {"[1,]", no}, {"[,1]", no}});
    expect_bound<std::optional<int>>({{"null", std::optional<int>()}, {"1", 1}, {R"("1")", no}});
}

TEST(dot_net_json, structs_are_read) {
    expect_bound<thing>({{"{}", thing()},
                         {"null", thing()},  // where .NET has a null
                         {R"({"X":1})", thing{1, {}, {9}}},
                         {R"({"x":1,"LABEL":"a"})", thing{1, "a", {9}}},
                         {R"({"X":1,"x":2})", thing{2, {}, {9}}},
                         {R"({"\u0058":5})", thing{5, {}, {9}}},
                         {R"({"label":null,"list":null})", thing{7, {}, {}}},
                         {R"({"list":[1,2]})", thing{7, {}, {1, 2}}},
                         {R"({"unknown":[{}],"":0,"X":3})", thing{3, {}, {9}}},
                         {R"({"unknown":"\ud800","X":3})", thing{3, {}, {9}}},
                         {"{\"unknown\":[\"\xff\"],\"X\":3}", thing{3, {}, {9}}},
                         {"{\"\xef\xbd\x98\":5}", thing()},  // a wide x is another letter
                         {R"({"\ud800":1})", no},
                         {"{\"\xff\":1}", no},  // which .NET skips
                         {R"({"x":null})", no},
                         {R"({"X":"1"})", no},
                         {R"({"X":1.0})", no},
                         {R"({"X":1,"X":"bad"})", no},
                         {"[]", no},
                         {"[1]", no},
                         {"1", no},
                         {R"("x")", no}});
}

TEST(dot_net_json, no_other_json_is_read) {
    for (const char* json : {"", "00", "01", "-01", "+1", ".5", "5.", "1e", "1e+", "- 1", "--1", "0x10", "1_000", "NaN", "Infinity", "True", "'a'",
                             R"("\u00")", R"("\u000g")", R"("\x41")", R"("\'")", R"("\a")", R"("\0")", R"("\U0041")", "\"\x1f\"", "\"\n\"",
                             "1//c", "1/**/", "/*c*/1", "\xef\xbb\xbf\"\"", "[1 2]"})
        EXPECT_EQ(bound<value>(json), no) << json;
}

}  // namespace
}  // namespace asignalr::detail
