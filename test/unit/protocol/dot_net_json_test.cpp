// SPDX-License-Identifier: MIT
// JSON word for word as .NET has it. Every table is the answer of System.Text.Json in the hands of ASP.NET Core 10's JsonHubProtocol,
// asked once and written down; "no" is what it refuses to bind.

#include "protocol/json_reader.hpp"
#include "protocol/json_writer.hpp"

#include <asignalr/serialize/codec.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace asignalr::detail {
namespace {

template <class Type>
std::string written(const Type& from) {
    std::string out;
    json_writer writer(true);
    writer.begin(out);
    codec<Type>::write(writer, from);
    return out;
}

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

}  // namespace
}  // namespace asignalr::detail
