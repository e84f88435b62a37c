// SPDX-License-Identifier: MIT
// The same arguments in both encodings: whatever the type of the parameter, both bind to the same or neither does.

#include "hexadecimal.hpp"
#include "protocol/json_protocol.hpp"
#include "protocol/messagepack_protocol.hpp"

#include <asignalr/serialize/codec.hpp>

#include <gtest/gtest.h>

#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace asignalr::detail {

enum class fruit : std::uint8_t { apple = 1, pear = 2 };
constexpr auto enumerators_of(const fruit*) { return enumerators<fruit>({{"Apple", fruit::apple}, {"Pear", fruit::pear}}); }
enum class plain_number : std::int8_t { one = 1 };

struct basket {
    fruit inside = fruit::pear;
    int count = 3;
    std::optional<std::string> owner;
    friend bool operator==(const basket&, const basket&) = default;
};
constexpr auto fields_of(const basket*) {
    return fields(field("Inside", &basket::inside), field("Count", &basket::count), field("Owner", &basket::owner));
}

namespace {

constexpr std::nullopt_t no = std::nullopt;

template <class Type>
std::optional<Type> bound(hub_protocol& protocol, const std::string& framed) {
    tape values(1000);
    hub_message call;
    EXPECT_EQ(protocol.parse(framed, values, call).what, parse_result::outcome::message) << framed;
    if (call.has_broken_values) return no;
    value_reader reader(call.arguments + 1, call.encoding, call.ignore_case);
    Type into{};
    if (!codec<Type>::read(reader, into)) return no;
    return into;
}

template <class Type>
struct logical_argument {
    const char* json;
    const char* messagepack;  // hexadecimal
    std::optional<Type> bound_to;
};

template <class Type>
void expect_bound(std::initializer_list<logical_argument<Type>> rows) {
    json_protocol json(false);
    messagepack_protocol messagepack;
    for (const auto& row : rows) {
        const std::string text = R"({"type":1,"target":"t","arguments":[)" + std::string(row.json) + "]}\x1e";
        const std::string payload = from_hexadecimal("95 01 80 c0 a1 't' 91 " + std::string(row.messagepack));
        EXPECT_EQ(bound<Type>(json, text), row.bound_to) << row.json;
        EXPECT_EQ(bound<Type>(messagepack, static_cast<char>(payload.size()) + payload), row.bound_to) << row.messagepack;
    }
}

TEST(both_bindings, numbers) {
    expect_bound<int>({{"1", "01", 1}, {"-1", "d3 ffffffffffffffff", -1}, {"2147483647", "cf 000000007fffffff", 2147483647},
                       {"2147483648", "ce 80000000", no}, {"1.0", "cb 3ff0000000000000", no}, {R"("1")", "a1 '1'", no}, {"true", "c3", no},
                       {"null", "c0", no}, {"[1]", "91 01", no}, {"{}", "80", no}});
    expect_bound<std::uint8_t>({{"255", "d1 00ff", std::uint8_t{255}}, {"256", "cd 0100", no}, {"-1", "ff", no}});
    expect_bound<std::int64_t>({{"9223372036854775807", "cf 7fffffffffffffff", std::numeric_limits<std::int64_t>::max()},
                                {"9223372036854775808", "cf 8000000000000000", no}});
    expect_bound<std::uint64_t>({{"18446744073709551615", "cf ffffffffffffffff", std::numeric_limits<std::uint64_t>::max()}, {"-1", "d0 ff", no}});
    expect_bound<double>({{"1", "01", 1.0}, {"1.5", "ca 3fc00000", 1.5}, {"-9223372036854775808", "d3 8000000000000000", -9223372036854775808.0},
                          {"1e999", "cb 7ff0000000000000", std::numeric_limits<double>::infinity()}, {R"("1")", "a1 '1'", no}, {"null", "c0", no}});
    expect_bound<float>({{"0.5", "cb 3fe0000000000000", 0.5f}, {"1e300", "cb 7e37e43c8800759c", std::numeric_limits<float>::infinity()}});
    expect_bound<bool>({{"true", "c3", true}, {"false", "c2", false}, {"1", "01", no}, {R"("true")", "a4 'true'", no}, {"null", "c0", no}});
}

TEST(both_bindings, texts_and_bytes) {
    expect_bound<std::string>({{R"("caf\u00e9")", "a5 'caf' c3a9", "caf\xc3\xa9"}, {"\"\"", "a0", ""}, {"null", "c0", ""},
                               {R"("\u0000")", "a1 00", std::string(1, '\0')},
                               {"1", "01", no}, {"true", "c3", no}, {"[]", "90", no}});
    using bytes = std::vector<std::uint8_t>;
    expect_bound<bytes>({{R"("AP8=")", "c4 02 00ff", bytes{0, 255}}, {"\"\"", "c4 00", bytes()}, {"null", "c0", bytes()}, {"[1,2]", "92 01 02", no},
                         {"1", "01", no}});
    expect_bound<guid>({{R"("00010203-0405-0607-0809-0A0B0C0D0E0F")", "d9 24 '00010203-0405-0607-0809-0A0B0C0D0E0F'",
                         guid::parse("00010203-0405-0607-0809-0a0b0c0d0e0f")},
                        {R"("000102030405060708090a0b0c0d0e0f")", "d9 20 '000102030405060708090a0b0c0d0e0f'", no}, {"null", "c0", no}});
}

TEST(both_bindings, times) {
    using moment = std::chrono::sys_time<ticks>;
    expect_bound<moment>({{R"("2000-01-01T00:00:00.0000005Z")", "d7 ff 000007d0386d4380", moment(ticks(9'466'848'000'000'005))},
                          {R"("0001-01-01T00:00:00Z")", "c7 0c ff 00000000 fffffff1886e0900", moment(std::chrono::sys_days(std::chrono::year(1) / 1 / 1))},
                          {R"("10000-01-01T00:00:00Z")", "c7 0c ff 00000000 0000003afff44180", no}, {"1", "01", no}, {"null", "c0", no}});
    expect_bound<ticks>({{R"("00:00:01")", "ce 00989680", ticks(10'000'000)}, {R"("-00:00:00.0000001")", "ff", ticks(-1)},
                         {"1.5", "cb 3ff8000000000000", no},
                         {"null", "c0", no}});
}

TEST(both_bindings, lists_and_maps) {
    using list = std::vector<int>;
    expect_bound<list>({{"[1,2]", "92 01 02", list{1, 2}}, {"[]", "dc 0000", list()}, {"null", "c0", list()}, {R"([1,"2"])", "92 01 a1 '2'", no},
                        {"[1,null]", "92 01 c0", no}, {"{}", "80", no}});
    using numbers = std::map<std::string, int>;
    expect_bound<numbers>({{R"({"a":1,"b":2})", "82 a1 'a' 01 a1 'b' 02", numbers{{"a", 1}, {"b", 2}}},
                           {R"({"a":1,"a":2})", "82 a1 'a' 01 a1 'a' 02", numbers{{"a", 2}}},
                           {R"({"":1})", "81 a0 01", numbers{{"", 1}}}, {"null", "c0", numbers()}, {R"({"a":null})", "81 a1 'a' c0", no},
                           {"[]", "90", no}});
    using pair = std::tuple<int, std::string>;
    expect_bound<pair>({{R"([1,"a"])", "92 01 a1 'a'", pair{1, "a"}}, {"[1]", "91 01", no}, {R"([1,"a",2])", "93 01 a1 'a' 02", no},
                        {"null", "c0", no}});
    expect_bound<std::optional<int>>({{"1", "01", 1}, {"null", "c0", std::optional<int>()}, {R"("1")", "a1 '1'", no}});
}

TEST(both_bindings, enums_and_structs) {
    expect_bound<fruit>({{"1", "01", fruit::apple}, {"77", "4d", static_cast<fruit>(77)}, {R"("Pear")", "a4 'Pear'", fruit::pear},
                         {R"("2")", "a1 '2'", fruit::pear},
                         {R"("pear")", "a4 'pear'", no}, {"256", "cd 0100", no}, {"1.0", "cb 3ff0000000000000", no}, {"null", "c0", no}});
    expect_bound<plain_number>({{"1", "01", plain_number::one}, {R"("one")", "a3 'one'", no}, {R"("1")", "a1 '1'", no}, {"128", "cc 80", no}});
    expect_bound<basket>({{R"({"Inside":"Apple","Count":1,"Owner":"me"})", "83 a6 'Inside' a5 'Apple' a5 'Count' 01 a5 'Owner' a2 'me'", basket{fruit::apple, 1, "me"}},
                          {"{}", "80", basket()}, {"null", "c0", basket()},
                          {R"({"more":[{}],"Count":1})", "82 a4 'more' 91 80 a5 'Count' 01", basket{fruit::pear, 1, no}},
                          {R"({"more":"\ud800","Count":1})", "82 a4 'more' a1 ff a5 'Count' 01", basket{fruit::pear, 1, no}},
                          {R"({"Count":1,"Count":2})", "82 a5 'Count' 01 a5 'Count' 02", basket{fruit::pear, 2, no}},
                          {R"({"Count":null})", "81 a5 'Count' c0", no}, {"[]", "90", no}, {"1", "01", no}});
}

TEST(both_bindings, values_of_any_type) {
    expect_bound<value>({{"null", "c0", value()}, {"true", "c3", value(true)}, {"-1", "ff", value(-1)},
                         {"18446744073709551615", "cf ffffffffffffffff", value(18446744073709551615u)},
                         {"1.5", "cb 3ff8000000000000", value(1.5)}, {R"("x")", "a1 'x'", value("x")},
                         {"[1,[]]", "92 01 90", value(value::list{1, value::list()})},
                         {R"({"k":{}})", "81 a1 'k' 80", value(value::map{{"k", value::map()}})}});
}

}  // namespace
}  // namespace asignalr::detail
