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

}  // namespace
}  // namespace asignalr::detail
