// SPDX-License-Identifier: MIT
#include "hub/method_index.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace asignalr::detail {
namespace {

method_entry named(std::string name) {
    method_entry entry;
    entry.name = std::move(name);
    return entry;
}

std::string found(const method_index& index, std::string_view name) {
    const method_entry* entry = index.find(name);
    return entry == nullptr ? "" : std::string(entry->name);
}

TEST(method_index, finds_methods_without_regard_to_ascii_case) {
    method_index index;
    index.add(named("Broadcast"));
    index.add(named("Echo"));
    for (const char* name : {"Broadcast", "broadcast", "BROADCAST", "bROADCASt"})
        EXPECT_EQ(found(index, name), "Broadcast");
    EXPECT_EQ(found(index, "echo"), "Echo");
}

TEST(method_index, finds_nothing_else) {
    method_index empty;
    EXPECT_EQ(found(empty, "Echo"), "");
    method_index index;
    index.add(named("Echo"));
    index.add(named("Fa\xc3\xa7"
                    "ade"));
    for (const char* name : {"", "E", "Ech", "Echoo", "Ecco", "E\xc3\xa9ho", "Fa\xc3\x87"
                                                                            "ade"})
        EXPECT_EQ(found(index, name), "") << name;
}

TEST(method_index, names_that_hash_alike_are_told_apart) {
    method_index index;
    const std::string middles = "abcdefghijklmnopqrstuvwxyz";
    for (const char middle : middles)
        index.add(named(std::string("M") + middle + "d"));
    for (const char middle : middles) {
        const std::string name = std::string("M") + middle + "d";
        EXPECT_EQ(found(index, name), name);
    }
    EXPECT_EQ(found(index, "M-d"), "");
}

TEST(method_index, a_name_is_taken_once_and_never_empty) {
    method_index index;
    index.add(named("Echo"));
    EXPECT_THROW(index.add(named("Echo")), std::logic_error);
    EXPECT_THROW(index.add(named("echo")), std::logic_error);
    EXPECT_THROW(index.add(named("")), std::logic_error);
    try {
        index.add(named("ECHO"));
    } catch (const std::logic_error& error) {
        EXPECT_NE(std::string_view(error.what()).find("'ECHO' is exposed twice"), std::string_view::npos) << error.what();
    }
    EXPECT_EQ(found(index, "Echo"), "Echo");
}

}  // namespace
}  // namespace asignalr::detail
