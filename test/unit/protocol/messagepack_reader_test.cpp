// SPDX-License-Identifier: MIT
#include "protocol/messagepack_reader.hpp"

#include "hexadecimal.hpp"

#include <asignalr/serialize/codec.hpp>

#include <gtest/gtest.h>

#include <pthread.h>

#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace asignalr::detail {
namespace {

struct reading {
    explicit reading(std::string_view hexadecimal, std::size_t maximum_values = 10'000)
        : bytes(from_hexadecimal(hexadecimal)), values(maximum_values) {
        result = read_messagepack(bytes, values);
    }
    const token& first() const { return *values.first(); }

    std::string bytes;
    tape values;
    messagepack_reading result;
};

template <class Type>
std::optional<Type> read(std::string_view hexadecimal) {
    const reading made(hexadecimal);
    if (!made.result.complete) return std::nullopt;
    value_reader reader(made.values.first(), value_encoding::messagepack);
    Type into{};
    if (!codec<Type>::read(reader, into)) return std::nullopt;
    return into;
}

TEST(messagepack_reader, reads_every_form_of_an_integer) {
    const std::pair<const char*, std::int64_t> rows[]{
        {"00", 0},
        {"7f", 127},
        {"e0", -32},
        {"ff", -1},
        {"cc 00", 0},
        {"cc ff", 255},
        {"cd ffff", 65'535},
        {"ce ffffffff", 4'294'967'295},
        {"cf 0000000000000007", 7},
        {"cf 7fffffffffffffff", std::numeric_limits<std::int64_t>::max()},
        {"d0 80", -128},
        {"d0 05", 5},
        {"d1 8000", -32'768},
        {"d2 80000000", -2'147'483'648},
        {"d3 8000000000000000", std::numeric_limits<std::int64_t>::min()},
        {"d3 0000000000000001", 1},
    };
    for (const auto& [bytes, number] : rows) {
        const reading made(bytes);
        EXPECT_TRUE(made.result.complete) << bytes;
        EXPECT_EQ(made.first().kind, value_kind::integer) << bytes;
        EXPECT_EQ(made.first().integer, number) << bytes;
    }
    const reading large("cf ffffffffffffffff");
    EXPECT_EQ(large.first().kind, value_kind::unsigned_integer);
    EXPECT_EQ(large.first().unsigned_integer, std::numeric_limits<std::uint64_t>::max());
}

TEST(messagepack_reader, reads_every_form_of_a_scalar) {
    EXPECT_EQ(reading("c0").first().kind, value_kind::null);
    EXPECT_EQ(read<bool>("c2"), false);
    EXPECT_EQ(read<bool>("c3"), true);
    EXPECT_EQ(read<double>("ca 3fc00000"), 1.5);
    EXPECT_EQ(read<double>("cb 3ff8000000000000"), 1.5);
    EXPECT_TRUE(std::isnan(*read<double>("cb 7ff8000000000000")));
    EXPECT_EQ(read<double>("cb 7ff0000000000000"), std::numeric_limits<double>::infinity());
    for (const char* text : {"a0", "d9 00", "da 0000", "db 00000000"})
        EXPECT_EQ(read<std::string>(text), "") << text;
    for (const char* text : {"a3 'abc'", "d9 03 'abc'", "da 0003 'abc'", "db 00000003 'abc'"})
        EXPECT_EQ(read<std::string>(text), "abc") << text;
    EXPECT_EQ(read<std::string>("d9 20 '0123456789abcdef0123456789abcdef'"), "0123456789abcdef0123456789abcdef");
    const std::vector<std::byte> two{std::byte{0}, std::byte{0xff}};
    for (const char* bytes : {"c4 02 00ff", "c5 0002 00ff", "c6 00000002 00ff"})
        EXPECT_EQ(read<std::vector<std::byte>>(bytes), two) << bytes;
    for (const char* bytes : {"c4 00", "c5 0000", "c6 00000000"})
        EXPECT_EQ(read<std::vector<std::byte>>(bytes), std::vector<std::byte>()) << bytes;
}

// Messages of 32 KB that would be whole if they did not nest so deep: in the arguments, where nobody looks, in the headers and behind an
// extension.
std::vector<std::string> deep_messages() {
    constexpr std::pair<const char*, const char*> around[]{
        {"95 01 80 c0 a1 't' 91", ""},
        {"97 01 80 c0 a1 't' 90 90", ""},
        {"95 01 81 a1 'k'", "c0 a1 't' 90"},
        {"95 01 80 c0 a1 't' 92 c7 00 05", ""},
        {"92 06", ""},
    };
    std::vector<std::string> messages;
    for (const auto& [front, behind] : around)
        for (const char* level : {"91", "81 a1 'a'", "dc 0001", "de 0001 a1 'a'"}) {
            std::string message = from_hexadecimal(front);
            while (message.size() < 32 * 1024)
                message += from_hexadecimal(level);
            messages.push_back(message + from_hexadecimal("00") + from_hexadecimal(behind));
        }
    return messages;
}

void* read_deep_messages(void* whole) {
    for (const std::string& message : deep_messages()) {
        tape values(100'000);
        if (read_messagepack(message, values).complete) ++*static_cast<int*>(whole);
        read_messagepack_message(message, values);
    }
    return nullptr;
}

// S31: on a stack that recursion would not fit.
TEST(messagepack_reader, nesting_costs_no_stack) {
    pthread_attr_t attributes;
    ASSERT_EQ(pthread_attr_init(&attributes), 0);
    ASSERT_EQ(pthread_attr_setstacksize(&attributes, 256 * 1024), 0);
    pthread_t thread{};
    int whole = 0;
    ASSERT_EQ(pthread_create(&thread, &attributes, read_deep_messages, &whole), 0);
    ASSERT_EQ(pthread_join(thread, nullptr), 0);
    pthread_attr_destroy(&attributes);
    EXPECT_EQ(whole, 0);
}

TEST(messagepack_reader, reads_every_form_of_a_list_and_a_map) {
    for (const char* list : {"92 01 02", "dc 0002 01 02", "dd 00000002 01 02"})
        EXPECT_EQ(read<std::vector<int>>(list), (std::vector<int>{1, 2})) << list;
    for (const char* list : {"90", "dc 0000", "dd 00000000"})
        EXPECT_EQ(read<std::vector<int>>(list), std::vector<int>()) << list;
    using numbers = std::map<std::string, int>;
    for (const char* map : {"82 a1 'a' 01 a1 'b' 02", "de 0002 a1 'a' 01 a1 'b' 02", "df 00000002 a1 'a' 01 a1 'b' 02"})
        EXPECT_EQ(read<numbers>(map), (numbers{{"a", 1}, {"b", 2}})) << map;
    for (const char* map : {"80", "de 0000", "df 00000000"})
        EXPECT_EQ(read<numbers>(map), numbers()) << map;
    const reading nested("93 91 92 01 80 81 a1 'k' 90 02");
    EXPECT_EQ(nested.result.items, 3u);
    EXPECT_EQ(nested.first().behind(), nested.values.first() + nested.values.size());
}

TEST(messagepack_reader, the_last_of_two_keys_counts) {
    using numbers = std::map<std::string, int>;
    EXPECT_EQ(read<numbers>("82 a1 'a' 01 a1 'a' 02"), (numbers{{"a", 2}}));
}

TEST(messagepack_reader, reads_every_form_of_a_timestamp) {
    const auto at = [](std::int64_t seconds, std::int64_t tick) { return tick_time(ticks(seconds * 10'000'000 + tick)); };
    EXPECT_EQ(read<tick_time>("d6 ff 386d4380"), at(946'684'800, 0));
    EXPECT_EQ(read<tick_time>("d6 ff ffffffff"), at(4'294'967'295, 0));
    EXPECT_EQ(read<tick_time>("d7 ff 7735940000000001"), at(1, 5'000'000));
    EXPECT_EQ(read<tick_time>("d7 ff 00000003ffffffff"), at(17'179'869'183, 0));
    EXPECT_EQ(read<tick_time>("c7 0c ff 00000064 ffffffffffffffff"), at(-1, 1));
    EXPECT_EQ(read<tick_time>("c8 000c ff 00000000 0000000000000001"), at(1, 0));
    EXPECT_EQ(read<tick_time>("c7 04 ff 00000001"), at(1, 0));
    EXPECT_EQ(read<tick_time>("c7 0c ff 3b9ac9ff 0000003afff4417f"), at(253'402'300'799, 9'999'999));
    EXPECT_EQ(read<tick_time>("c7 0c ff 00000000 fffffff1886e0900"), at(-62'135'596'800, 0));
    // Years 0 and 10000, a whole second of nanoseconds, other lengths.
    for (const char* wrong : {"c7 0c ff 00000000 0000003afff44180", "c7 0c ff 00000000 fffffff1886e08ff", "c7 0c ff 3b9aca00 0000000000000000",
                              "d7 ff ee6b280000000000", "d4 ff 00", "d5 ff 0000", "c7 00 ff", "d8 ff 00000000000000000000000000000000"}) {
        EXPECT_EQ(reading(wrong).first().kind, value_kind::unknown) << wrong;
        EXPECT_EQ(read<tick_time>(wrong), std::nullopt) << wrong;
    }
}

TEST(messagepack_reader, passes_over_extensions_that_it_does_not_know) {
    for (const char* extension :
         {"d4 01 00", "d5 01 0000", "d6 01 00000000", "d7 01 0000000000000000", "d8 01 00000000000000000000000000000000", "c7 00 01",
          "c7 01 01 00", "c8 0001 01 00", "c9 00000001 01 00", "c9 00000000 01"}) {
        const reading made("92 " + std::string(extension) + " 07");
        EXPECT_TRUE(made.result.complete) << extension;
        EXPECT_EQ(made.values.first()[1].kind, value_kind::unknown) << extension;
        EXPECT_EQ(made.values.first()[2].integer, 7) << extension;
        EXPECT_EQ(read<value>(extension), std::nullopt) << extension;
    }
}

TEST(messagepack_reader, refuses_the_byte_that_means_nothing) {
    EXPECT_FALSE(reading("c1").result.complete);
    const reading made("92 01 c1");
    EXPECT_FALSE(made.result.complete);
    EXPECT_EQ(made.result.items, 1u);
}

TEST(messagepack_reader, every_first_byte_is_a_value_or_needs_more) {
    for (int first = 0; first < 256; ++first) {
        const std::string bytes = std::string(1, static_cast<char>(first)) + std::string(40, '\0');
        tape values(100);
        const messagepack_reading result = read_messagepack(bytes, values);
        EXPECT_EQ(result.complete, first != 0xc1) << first;
        EXPECT_FALSE(result.too_many_values) << first;
    }
}

TEST(messagepack_reader, is_cut_at_every_byte) {
    const std::string whole = from_hexadecimal(
        "9f 01 cc 80 cd 0100 ce 00010000 cf ffffffffffffffff d0 80 d1 8000 d2 80000000 d3 8000000000000000 ca 3fc00000"
        "cb 3ff8000000000000 a1 'a' d9 01 'b' 82 a1 'k' c0 a1 'l' 92 c2 c3 c4 02 0102");
    tape values(100);
    ASSERT_TRUE(read_messagepack(whole, values).complete);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        // In memory of its own size, so that a read beyond it is seen.
        const std::vector<char> part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const messagepack_reading result = read_messagepack({part.data(), part.size()}, values);
        EXPECT_FALSE(result.complete) << size;
        EXPECT_LT(result.items, 15u) << size;
    }
}

TEST(messagepack_reader, lengths_that_lie_cost_nothing) {
    for (const char* lie :
         {"dd ffffffff", "dd 0fffffff", "df ffffffff", "df 80000000", "dc ffff", "de ffff", "9f", "8f", "db ffffffff 'a'", "c6 ffffffff",
          "c9 ffffffff 01", "da ffff", "d9 ff", "c5 ffff", "c8 ffff 00", "91 dd ffffffff 01 02", "dd 00000004 01 02"}) {
        const reading made(lie);
        EXPECT_FALSE(made.result.complete) << lie;
        EXPECT_LE(made.values.size(), 4u) << lie;
    }
}

TEST(messagepack_reader, nests_500_deep_below_the_arguments) {
    const auto nested = [](std::size_t depth, char list) {
        std::string bytes;
        for (std::size_t level = 0; level < depth; ++level)
            bytes += list == '\x91' ? std::string("\x91") : std::string("\x81\xa1k");
        return bytes + '\xc0';
    };
    for (const char list : {'\x91', '\x81'}) {
        tape values(10'000);
        EXPECT_TRUE(read_messagepack(nested(maximum_messagepack_depth + 2, list), values).complete);
        EXPECT_FALSE(read_messagepack(nested(maximum_messagepack_depth + 3, list), values).complete);
        EXPECT_FALSE(read_messagepack(std::string(32 * 1024, list), values).complete);
    }
}

TEST(messagepack_reader, counts_values) {
    EXPECT_TRUE(reading("93 01 02 03", 4).result.complete);
    const reading made("94 01 02 03 04", 4);
    EXPECT_FALSE(made.result.complete);
    EXPECT_TRUE(made.result.too_many_values);
}

// As .NET reads them.
TEST(messagepack_reader, replaces_what_is_no_unicode) {
    const std::string mark = "\xef\xbf\xbd";
    EXPECT_EQ(read<std::string>("a1 ff"), mark);
    EXPECT_EQ(read<std::string>("a2 c3 'a'"), mark + "a");
    EXPECT_EQ(read<std::string>("d9 03 eda080"), mark + mark + mark);
    EXPECT_EQ(read<value>("82 a1 ff 01 a2 c3a9 a3 'x' 80 ff"), value(value::map{{mark, 1}, {"\xc3\xa9", "x" + mark + mark}}));
    // However many there are, none moves.
    std::string many("\xdc\x01\x00", 3);
    for (int index = 0; index < 256; ++index)
        many += "\xa4" "a\xff\xfe\xff";
    tape values(1000);
    ASSERT_TRUE(read_messagepack(many, values).complete);
    for (int index = 1; index <= 256; ++index)
        ASSERT_EQ(values.first()[index].as_text(), "a" + mark + mark + mark);
}

TEST(messagepack_reader, a_map_with_other_keys_than_texts_can_only_be_skipped) {
    for (const char* map : {"81 01 a1 'x'", "81 c0 01", "81 90 01", "81 81 a1 'k' 01 02", "82 a1 'k' 01 c3 02"}) {
        EXPECT_EQ(read<value>(map), std::nullopt) << map;
        EXPECT_EQ(read<value>("91 " + std::string(map)), std::nullopt) << map;
        const reading made("92 " + std::string(map) + " 07");
        ASSERT_TRUE(made.result.complete) << map;
        value_reader reader(made.values.first(), value_encoding::messagepack);
        std::size_t count = 0;
        std::int64_t behind = 0;
        ASSERT_TRUE(reader.enter_list(count));
        reader.skip();
        EXPECT_TRUE(reader.read(behind)) << map;
        EXPECT_EQ(behind, 7) << map;
    }
}

TEST(messagepack_reader, what_stands_behind_the_value_is_not_looked_at) {
    for (const char* bytes : {"01 c1", "91 01 dd ffffffff", "a1 'a' ff"})
        EXPECT_TRUE(reading(bytes).result.complete) << bytes;
}

TEST(messagepack_reader, texts_are_not_taken_for_numbers_bytes_or_times) {
    for (const char* text : {"a1 '1'", "a4 'AQI='", "d9 14 '2000-01-01T00:00:00Z'", "a8 '00:00:01'"}) {
        EXPECT_EQ(read<int>(text), std::nullopt) << text;
        EXPECT_EQ(read<std::vector<std::byte>>(text), std::nullopt) << text;
        EXPECT_EQ(read<tick_time>(text), std::nullopt) << text;
        EXPECT_EQ(read<ticks>(text), std::nullopt) << text;
    }
    EXPECT_EQ(read<int>("cb 3ff0000000000000"), std::nullopt);
    EXPECT_EQ(read<std::string>("01"), std::nullopt);
    EXPECT_EQ(read<std::string>("c4 01 'a'"), std::nullopt);
    EXPECT_EQ(read<std::uint8_t>("cd 0100"), std::nullopt);
    EXPECT_EQ(read<unsigned>("ff"), std::nullopt);
    EXPECT_EQ(read<double>("01"), 1.0);
}

}  // namespace
}  // namespace asignalr::detail
