// SPDX-License-Identifier: MIT
#include "protocol/json_writer.hpp"

#include "protocol/json_reader.hpp"

#include <asignalr/serialize/error.hpp>

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <random>

namespace asignalr::detail {
namespace {

std::string json_text(std::string_view text) {
    std::string out;
    append_json_text(out, {}, text, {});
    return out;
}

std::string number_text(double number) {
    std::string out;
    append_json_number(out, number);
    return out;
}

TEST(json_text, a_text_that_is_no_unicode_does_not_break_the_message) {
    EXPECT_EQ(json_text("a\xff" "b"), "\"a\xef\xbf\xbd" "b\"");
    EXPECT_EQ(json_text("\xe2\x82"), "\"\xef\xbf\xbd\"");
    EXPECT_EQ(json_text("\xe2\x82\xac\x80\n"), "\"\xe2\x82\xac\xef\xbf\xbd\\n\"");
}

TEST(json_text, every_code_point_reads_back) {
    tape values(10);
    for (std::uint32_t point = 0; point <= 0x10ffff; point += point < 0x10000 ? 1 : 251) {
        if (point >= 0xd800 && point <= 0xdfff) continue;
        std::string text;
        if (point < 0x80) {
            text += static_cast<char>(point);
        } else if (point < 0x800) {
            text += static_cast<char>(0xc0 | point >> 6);
        } else {
            if (point < 0x10000) {
                text += static_cast<char>(0xe0 | point >> 12);
            } else {
                text += static_cast<char>(0xf0 | point >> 18);
                text += static_cast<char>(0x80 | (point >> 12 & 0x3f));
            }
            text += static_cast<char>(0x80 | (point >> 6 & 0x3f));
        }
        if (point >= 0x80) text += static_cast<char>(0x80 | (point & 0x3f));
        ASSERT_EQ(read_json(json_text(text), values), json_verdict::complete) << point;
        ASSERT_EQ(values.first()->as_text(), text) << point;
    }
}

TEST(json_number, every_double_reads_back) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 20'000; ++round) {
        const double number = std::bit_cast<double>(random());
        if (!std::isfinite(number)) continue;
        const token made = number_token(number_text(number));
        const double read = made.kind == value_kind::integer ? static_cast<double>(made.integer) : made.number;
        ASSERT_EQ(read, number) << number_text(number);
    }
}

TEST(json_writer, refuses_what_json_cannot_say) {
    std::string out;
    json_writer writer(true);
    writer.begin(out);
    EXPECT_THROW(writer.number(std::numeric_limits<double>::infinity()), serialization_error);
    EXPECT_THROW(writer.number(-std::numeric_limits<double>::infinity()), serialization_error);
    EXPECT_THROW(writer.number(std::numeric_limits<double>::quiet_NaN()), serialization_error);
    EXPECT_EQ(out, "");
}

TEST(json_writer, puts_commas_where_they_belong) {
    std::string out;
    json_writer writer(false);
    writer.begin(out);
    writer.begin_map(4);
    writer.key("a");
    writer.begin_list(3);
    writer.integer(-1);
    writer.begin_list(0);
    writer.end_list();
    writer.null();
    writer.end_list();
    writer.field("Name");
    writer.boolean(true);
    writer.key("m");
    writer.begin_map(0);
    writer.end_map();
    writer.key("u");
    writer.unsigned_integer(std::numeric_limits<std::uint64_t>::max());
    writer.end_map();
    EXPECT_EQ(out, R"({"a":[-1,[],null],"Name":true,"m":{},"u":18446744073709551615})");
    writer.begin(out);
    writer.integer(std::numeric_limits<std::int64_t>::min());
    EXPECT_TRUE(out.ends_with("}-9223372036854775808"));
}

TEST(json_writer, names_fields_as_the_hub_asks) {
    const std::pair<const char*, const char*> rows[]{{"Name", "name"},         {"name", "name"}, {"URL", "url"}, {"URLValue", "urlValue"},
                                                     {"IsOk", "isOk"},         {"A", "a"},       {"AB", "ab"},   {"X1", "x1"},
                                                     {"IOStream", "ioStream"}, {"_Name", "_Name"}, {"", ""}};
    for (const auto& [name, camel] : rows) {
        std::string out;
        json_writer writer(true);
        writer.begin(out);
        writer.begin_map(2);
        writer.field(name);
        writer.null();
        writer.key(name);
        writer.null();
        writer.end_map();
        EXPECT_EQ(out, "{\"" + std::string(camel) + "\":null,\"" + name + "\":null}");
    }
}

TEST(json_writer, writes_bytes_times_and_enumerators) {
    std::string out;
    json_writer writer(true);
    writer.begin(out);
    writer.begin_list(3);
    const std::byte bytes[]{std::byte{1}, std::byte{2}, std::byte{255}};
    writer.bytes(bytes);
    writer.time(std::chrono::sys_days(std::chrono::year(2000) / 1 / 1));
    writer.enumerator("Red", 4);
    writer.end_list();
    EXPECT_EQ(out, R"(["AQL/","2000-01-01T00:00:00Z",4])");
}

}  // namespace
}  // namespace asignalr::detail
