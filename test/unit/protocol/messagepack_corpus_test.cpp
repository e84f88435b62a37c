// SPDX-License-Identifier: MIT
// The MessagePack test suite (npm `msgpack-test-suite`): each value in each of its encodings is the argument of a call.

#include "corpus.hpp"
#include "hexadecimal.hpp"
#include "protocol/json_reader.hpp"
#include "protocol/messagepack_protocol.hpp"
#include "protocol/messagepack_writer.hpp"

#include <asignalr/serialize/codec.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <sstream>

namespace asignalr::detail {
namespace {

using namespace std::string_view_literals;

struct messagepack_case {
    std::string name;
    std::string kind;      // see test/corpora/unpack.mjs
    std::string expected;  // in hexadecimal, but for times
    std::vector<std::string> encodings;
};
void PrintTo(const messagepack_case& one, std::ostream* out) { *out << one.name; }

std::vector<messagepack_case> cases() {
    std::vector<messagepack_case> made;
    for (const auto& row : corpus("messagepack")) {
        std::vector<std::string> encodings;
        std::istringstream words(row.at(3));
        for (std::string word; words >> word;)
            encodings.push_back(from_hexadecimal(word));
        made.push_back({row[0], row[1], row[2], std::move(encodings)});
    }
    return made;
}

/// Reads the argument of a call; what stands behind it tells that it was read to its end.
template <class Type>
std::optional<Type> argument(const std::string& encoded) {
    const std::string payload = std::string("\x96\x01\x80\xc0\xa1t\x92"sv).append(encoded).append("\x07\x91\xa1s"sv);
    tape values(1000);
    hub_message call;
    EXPECT_EQ(messagepack_protocol::parse_generally(payload, values, call).what, parse_result::outcome::message);
    EXPECT_FALSE(call.has_broken_values);
    EXPECT_TRUE(call.stream_ids != nullptr && call.stream_ids[1].as_text() == "s");
    value_reader reader(call.arguments + 1, call.encoding);
    Type into{};
    if (codec<Type>::read(reader, into)) return into;
    return std::nullopt;
}

template <class Type>
std::string written(const Type& what) {
    std::string bytes;
    messagepack_writer writer;
    writer.begin(bytes);
    codec<Type>::write(writer, what);
    return bytes;
}

value from_json(const std::string& text) {
    tape values(1000);
    value made;
    EXPECT_EQ(read_json(text, values), json_verdict::complete) << text;
    value_reader reader(values.first());
    EXPECT_TRUE(codec<value>::read(reader, made)) << text;
    return made;
}

value bytes_of(const std::string& text) {
    const std::string decoded = from_hexadecimal(text);
    value::bytes made;
    for (const char byte : decoded)
        made.push_back(static_cast<std::byte>(byte));
    return made;
}

// A number that came as a `float` or a `double` is one.
value as_double(const value& number) {
    if (const auto* integer = number.get_if<std::int64_t>()) return static_cast<double>(*integer);
    if (const auto* integer = number.get_if<std::uint64_t>()) return static_cast<double>(*integer);
    return number;
}

void expect_value(const value& expected, const std::vector<std::string>& encodings) {
    for (const std::string& encoded : encodings) {
        const bool is_double = encoded.front() == '\xca' || encoded.front() == '\xcb';
        EXPECT_EQ(argument<value>(encoded), is_double ? as_double(expected) : expected);
    }
    const std::string bytes = written(expected);
    EXPECT_NE(std::find(encodings.begin(), encodings.end(), bytes), encodings.end()) << "what we write is one of the encodings";
    EXPECT_EQ(argument<value>(bytes), expected);
}

void expect_time(const std::string& seconds_and_nanoseconds, const std::vector<std::string>& encodings) {
    std::int64_t seconds = 0, nanoseconds = 0;
    std::istringstream(seconds_and_nanoseconds) >> seconds >> nanoseconds;
    constexpr std::int64_t first_of_dot_net = -62'135'596'800;
    const tick_time time(ticks(seconds * ticks::period::den + nanoseconds / 100));
    const bool fits = seconds >= first_of_dot_net;
    for (const std::string& encoded : encodings)
        EXPECT_EQ(argument<tick_time>(encoded), fits ? std::optional(time) : std::nullopt);
    if (!fits) return;
    const std::string bytes = written(time);
    const bool is_exact = nanoseconds % 100 == 0;
    EXPECT_EQ(std::find(encodings.begin(), encodings.end(), bytes) != encodings.end(), is_exact);
    EXPECT_EQ(argument<tick_time>(bytes), time);
}

class messagepack_corpus : public testing::TestWithParam<messagepack_case> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(messagepack_corpus);

TEST_P(messagepack_corpus, is_read_and_written) {
    const auto& [name, kind, expected, encodings] = GetParam();
    ASSERT_FALSE(encodings.empty());
    if (kind == "timestamp")
        expect_time(expected, encodings);
    else if (kind == "extension")
        for (const std::string& encoded : encodings)
            EXPECT_EQ(argument<value>(encoded), std::nullopt) << "it can only be passed over";
    else
        expect_value(kind == "binary" ? bytes_of(expected) : from_json(from_hexadecimal(expected)), encodings);
}

INSTANTIATE_TEST_SUITE_P(values, messagepack_corpus, testing::ValuesIn(cases()),
                         [](const testing::TestParamInfo<messagepack_case>& info) { return test_name(info.param.name); });

TEST(corpora, of_messagepack_are_there) {
    if (corpora_folder().empty()) GTEST_SKIP() << "ASIGNALR_CORPORA names no folder: test/run makes one.";
    EXPECT_EQ(corpus("messagepack").size(), 85u);
}

}  // namespace
}  // namespace asignalr::detail
