// SPDX-License-Identifier: MIT
// What the codecs make of MessagePack, there and back, to the byte: what MessagePack-CSharp writes, read or written.

#include "protocol/messagepack_writer.hpp"

#include "hexadecimal.hpp"
#include "protocol/messagepack_reader.hpp"

#include <asignalr/serialize/codec.hpp>
#include <asignalr/serialize/error.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace asignalr {

enum class flavour : std::uint8_t { sweet = 1, sour = 2, salty = 4 };
constexpr auto enumerators_of(const flavour*) { return enumerators<flavour>({{"Sweet", flavour::sweet}, {"Sour", flavour::sour}}); }

struct dish {
    int price = 7;
    std::optional<std::string> name;
    friend bool operator==(const dish&, const dish&) = default;
};
constexpr auto fields_of(const dish*) { return fields(field("Price", &dish::price), field("Name", &dish::name)); }

namespace detail {
namespace {

template <class Type>
std::string write(const Type& from) {
    std::string out;
    messagepack_writer writer;
    writer.begin(out);
    codec<Type>::write(writer, from);
    return out;
}

template <class Type>
std::optional<Type> read(std::string_view bytes) {
    tape values(1'000'000);
    if (!read_messagepack(bytes, values).complete) return std::nullopt;
    value_reader reader(values.first(), value_encoding::messagepack);
    Type into{};
    if (!codec<Type>::read(reader, into)) return std::nullopt;
    return into;
}

template <class Type>
void round_trip(const Type& from, std::string_view hexadecimal) {
    const std::string bytes = from_hexadecimal(hexadecimal);
    EXPECT_EQ(to_hexadecimal(write(from)), to_hexadecimal(bytes));
    EXPECT_EQ(read<Type>(bytes), from) << hexadecimal;
}

TEST(messagepack_writer, writes_integers_in_their_shortest_form) {
    const std::pair<std::int64_t, const char*> rows[]{
        {0, "00"},
        {127, "7f"},
        {128, "cc80"},
        {255, "ccff"},
        {256, "cd0100"},
        {65'535, "cdffff"},
        {65'536, "ce00010000"},
        {4'294'967'295, "ceffffffff"},
        {4'294'967'296, "cf0000000100000000"},
        {std::numeric_limits<std::int64_t>::max(), "cf7fffffffffffffff"},
        {-1, "ff"},
        {-32, "e0"},
        {-33, "d0df"},
        {-128, "d080"},
        {-129, "d1ff7f"},
        {-32'768, "d18000"},
        {-32'769, "d2ffff7fff"},
        {std::numeric_limits<std::int32_t>::min(), "d280000000"},
        {-2'147'483'649, "d3ffffffff7fffffff"},
        {std::numeric_limits<std::int64_t>::min(), "d38000000000000000"},
    };
    for (const auto& [number, bytes] : rows)
        round_trip(number, bytes);
    round_trip(std::numeric_limits<std::uint64_t>::max(), "cfffffffffffffffff");
    round_trip(std::uint64_t{200}, "ccc8");
    round_trip(std::int8_t{-128}, "d080");
}

TEST(messagepack_writer, writes_numbers_with_their_own_width) {
    round_trip(1.0, "cb 3ff0000000000000");
    round_trip(-0.5, "cb bfe0000000000000");
    round_trip(1.0f, "ca 3f800000");
    round_trip(0.1f, "ca 3dcccccd");
    round_trip(std::numeric_limits<double>::infinity(), "cb 7ff0000000000000");
    round_trip(5e-324, "cb 0000000000000001");
    EXPECT_TRUE(std::isnan(*read<double>(write(std::nan("")))));
}

TEST(messagepack_writer, writes_texts_and_bytes) {
    round_trip(true, "c3");
    round_trip(false, "c2");
    round_trip(std::string(), "a0");
    round_trip(std::string("caf\xc3\xa9"), "a5 'caf' c3a9");
    round_trip(std::vector<std::byte>(), "c400");
    round_trip(std::vector<std::uint8_t>{1, 2, 255}, "c403 0102ff");
    const std::pair<std::size_t, const char*> rows[]{{31, "bf"},           {32, "d920"},           {255, "d9ff"},
                                                     {256, "da0100"},      {65'535, "daffff"},     {65'536, "db00010000"}};
    for (const auto& [size, header] : rows)
        round_trip(std::string(size, 'x'), header + (" '" + std::string(size, 'x') + "'"));
    EXPECT_EQ(to_hexadecimal(write(std::vector<std::byte>(256))).substr(0, 6), "c50100");
    EXPECT_EQ(to_hexadecimal(write(std::vector<std::byte>(65'536))).substr(0, 10), "c600010000");
}

TEST(messagepack_writer, a_text_that_is_no_unicode_does_not_break_the_message) {
    EXPECT_EQ(write(std::string("a\xff" "b")), "\xa5" "a\xef\xbf\xbd" "b");
    EXPECT_EQ(write(std::string("\xe2\x82")), "\xa3\xef\xbf\xbd");
    EXPECT_EQ(write(std::string("\xe2\x82\xac\x80")), "\xa6\xe2\x82\xac\xef\xbf\xbd");
}

TEST(messagepack_writer, writes_lists_and_maps) {
    round_trip(std::vector<int>{}, "90");
    round_trip(std::vector<int>{1, 2, 3}, "93 010203");
    round_trip(std::vector<int>(16, 5), "dc0010 05050505050505050505050505050505");
    round_trip(std::map<std::string, int>{{"a", 1}, {"b", 2}}, "82 a1 'a' 01 a1 'b' 02");
    round_trip(std::tuple<int, std::string>{1, "x"}, "92 01 a1 'x'");
    EXPECT_EQ(write(std::optional<int>()), "\xc0");
    round_trip(std::optional<int>(5), "05");
    const std::vector<int> large(70'000, 1);
    EXPECT_EQ(to_hexadecimal(write(large)).substr(0, 10), "dd00011170");
    EXPECT_EQ(read<std::vector<int>>(write(large)), large);
    std::map<std::string, int> wide;
    for (int index = 0; index < 16; ++index)
        wide.emplace(std::to_string(index), index);
    EXPECT_EQ(to_hexadecimal(write(wide)).substr(0, 6), "de0010");
    EXPECT_EQ(read<decltype(wide)>(write(wide)), wide);
}

TEST(messagepack_writer, writes_times_in_the_shortest_form) {
    const auto at = [](std::int64_t seconds, std::int64_t tick) { return tick_time(ticks(seconds * 10'000'000 + tick)); };
    round_trip(at(0, 0), "d6ff 00000000");
    round_trip(at(946'684'800, 0), "d6ff 386d4380");
    round_trip(at(4'294'967'295, 0), "d6ff ffffffff");
    round_trip(at(4'294'967'296, 0), "d7ff 0000000100000000");
    round_trip(at(1, 5'000'000), "d7ff 7735940000000001");
    round_trip(at(17'179'869'183, 9'999'999), "d7ff ee6b2673ffffffff");
    round_trip(at(17'179'869'184, 0), "c70cff 00000000 0000000400000000");
    round_trip(at(-1, 1), "c70cff 00000064 ffffffffffffffff");
    round_trip(at(-62'135'596'800, 0), "c70cff 00000000 fffffff1886e0900");
    EXPECT_THROW(write(at(-62'135'596'801, 0)), serialization_error);
    EXPECT_THROW(write(at(253'402'300'800, 0)), serialization_error);
}

TEST(messagepack_writer, writes_durations_as_ticks) {
    round_trip(ticks(1), "01");
    round_trip(std::chrono::seconds(-1), "d2 ff676980");
    round_trip(std::chrono::hours(1'000), "cf 000020bde7364000");
}

TEST(messagepack_writer, writes_listed_enumerators_by_name) {
    round_trip(flavour::sweet, "a5 'Sweet'");
    round_trip(flavour::salty, "a1 '4'");  // not listed
    EXPECT_EQ(read<flavour>(from_hexadecimal("a3 '256'")), std::nullopt);
    EXPECT_EQ(read<flavour>("\x02"), flavour::sour);
    EXPECT_EQ(read<flavour>(from_hexadecimal("a4 'Sour'")), flavour::sour);
    EXPECT_EQ(read<flavour>(from_hexadecimal("a4 'sour'")), std::nullopt);
}

TEST(messagepack_writer, writes_a_struct_as_a_map_of_exact_names) {
    round_trip(dish{3, "soup"}, "82 a5 'Price' 03 a4 'Name' a4 'soup'");
    round_trip(dish{}, "82 a5 'Price' 07 a4 'Name' c0");
    EXPECT_EQ(read<dish>(from_hexadecimal("81 a5 'price' 03")), dish{});
    EXPECT_EQ(read<dish>(from_hexadecimal("82 a5 'Price' 03 a5 'Other' 81 01 02")), (dish{3, {}}));
    EXPECT_EQ(read<dish>(from_hexadecimal("c0")), dish{});
    EXPECT_EQ(read<dish>(from_hexadecimal("81 a5 'Price' a1 '3'")), std::nullopt);
    EXPECT_EQ(read<dish>(from_hexadecimal("92 03 a4 'soup'")), std::nullopt);
}

TEST(messagepack_writer, writes_a_guid_as_its_text) {
    round_trip(*guid::parse("00010203-0405-0607-0706-050403020100"), "d924 '00010203-0405-0607-0706-050403020100'");
}

TEST(messagepack_writer, a_value_keeps_its_kind) {
    round_trip(value(), "c0");
    round_trip(value(value::bytes{std::byte{1}}), "c401 01");
    round_trip(value(value::list{value(1), value(1.0), value(std::numeric_limits<std::uint64_t>::max()), value("x"), value(true)}),
               "95 01 cb3ff0000000000000 cfffffffffffffffff a1 'x' c3");
    round_trip(value(value::map{{"k", value(value::map{})}}), "81 a1 'k' 80");
    EXPECT_EQ(read<value>(from_hexadecimal("d6ff 386d4380")), value("2000-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace detail
}  // namespace asignalr
