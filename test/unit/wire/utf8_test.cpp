// SPDX-License-Identifier: MIT
#include "wire/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace asignalr::detail {
namespace {

std::string encoded(std::uint32_t point, std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t index = size; index-- > 1; point >>= 6)
        bytes[index] = static_cast<char>(0x80 | (point & 0x3f));
    const unsigned lead = size == 1 ? 0 : size == 2 ? 0xc0 : size == 3 ? 0xe0 : 0xf0;
    bytes[0] = static_cast<char>(lead | point);
    return bytes;
}

TEST(utf8, accepts_exactly_the_code_points) {
    for (std::uint32_t point = 0; point < 0x200000; point += point < 0x11000 ? 1 : 37)
        for (std::size_t size = 1; size <= 4; ++size) {
            const std::size_t fewest = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            const std::size_t bits = size == 1 ? 7 : size == 2 ? 11 : size == 3 ? 16 : 21;
            if (point >> bits != 0) continue;
            const bool expected = size == fewest && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
            ASSERT_EQ(is_valid_utf8(encoded(point, size)), expected) << std::hex << point << " in " << size;
        }
}

TEST(utf8, refuses_every_wrong_two_byte_text) {
    for (unsigned first = 0; first < 256; ++first)
        for (unsigned second = 0; second < 256; ++second) {
            const std::string text{static_cast<char>(first), static_cast<char>(second)};
            const bool ascii = first < 0x80 && second < 0x80;
            const bool pair = first >= 0xc2 && first <= 0xdf && second >= 0x80 && second <= 0xbf;
            ASSERT_EQ(is_valid_utf8(text), ascii || pair) << first << " " << second;
        }
}

TEST(utf8, the_pieces_do_not_matter) {
    const std::string text = "ascii text that is longer than a word \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 and more of it";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        utf8_validator validator;
        ASSERT_TRUE(validator.feed(text.substr(0, cut)));
        const bool inside = cut < text.size() && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80;
        EXPECT_EQ(validator.complete(), !inside) << cut;
        ASSERT_TRUE(validator.feed(text.substr(cut)));
        EXPECT_TRUE(validator.complete());
    }
}

TEST(utf8, a_wrong_byte_is_seen_at_every_place) {
    for (std::size_t place = 0; place < 40; ++place) {
        std::string text(40, 'a');
        text[place] = '\x80';
        EXPECT_FALSE(is_valid_utf8(text)) << place;
        EXPECT_FALSE(is_ascii(text)) << place;
    }
    EXPECT_TRUE(is_ascii(std::string(40, 'a')));
    EXPECT_TRUE(is_ascii(""));
}

TEST(utf8, a_text_may_not_end_inside_a_character) {
    EXPECT_FALSE(is_valid_utf8("\xe2\x82"));
    utf8_validator validator;
    EXPECT_TRUE(validator.feed("\xe2\x82"));
    EXPECT_FALSE(validator.complete());
    validator.reset();
    EXPECT_TRUE(validator.complete());
    EXPECT_TRUE(validator.feed("plain"));
}

// As .NET's Encoding.UTF8 decodes it.
TEST(utf8, broken_parts_are_replaced) {
    const std::string mark = "\xef\xbf\xbd";
    const std::pair<std::string, std::string> rows[]{{"", ""},
                                                     {"plain \xc3\xa9 \xf0\x9f\x98\x80", "plain \xc3\xa9 \xf0\x9f\x98\x80"},
                                                     {"\xff", mark},
                                                     {"a\xff\xfe" "b", "a" + mark + mark + "b"},
                                                     {"\xc3" "a", mark + "a"},
                                                     {"\xc3", mark},
                                                     {"\xe2\x82", mark},
                                                     {"\xe2\x82\xe2\x82\xac", mark + "\xe2\x82\xac"},
                                                     {"\xf0\x9f\x98" "x\xf0\x9f", mark + "x" + mark},
                                                     {"\xc0\x80", mark + mark},
                                                     {"\xed\xa0\x80", mark + mark + mark},
                                                     {"\xf4\x90\x80\x80", mark + mark + mark + mark},
                                                     {"\x80\xc3\xa9", mark + "\xc3\xa9"}};
    for (const auto& [text, expected] : rows) {
        EXPECT_EQ(replace_broken_utf8(text), expected);
        EXPECT_TRUE(is_valid_utf8(replace_broken_utf8(text)));
    }
}

}  // namespace
}  // namespace asignalr::detail
