// SPDX-License-Identifier: MIT
#include "hub/group_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace asignalr::detail {
namespace {

std::set<const group_member*> members_of(const group_table& table, std::string_view name) {
    const group* found = table.find(name);
    if (found == nullptr) return {};
    const std::set<const group_member*> members(found->members.begin(), found->members.end());
    EXPECT_EQ(members.size(), found->members.size()) << "nobody is in a group twice";
    return members;
}

TEST(group_table, who_was_added_is_found_until_removed) {
    group_table table;
    group_member ann, bob;
    table.add(ann, "red");
    table.add(bob, "red");
    table.add(bob, "blue");
    EXPECT_EQ(members_of(table, "red"), (std::set<const group_member*>{&ann, &bob}));
    EXPECT_EQ(members_of(table, "blue"), (std::set<const group_member*>{&bob}));
    EXPECT_TRUE(group_table::contains(ann, "red"));
    EXPECT_FALSE(group_table::contains(ann, "blue"));
    table.remove(bob, "red");
    EXPECT_EQ(members_of(table, "red"), (std::set<const group_member*>{&ann}));
    EXPECT_EQ(members_of(table, "blue"), (std::set<const group_member*>{&bob}));
}

TEST(group_table, names_are_told_apart_by_case) {
    group_table table;
    group_member ann;
    table.add(ann, "red");
    EXPECT_EQ(table.find("Red"), nullptr);
}

TEST(group_table, an_empty_group_is_erased) {
    group_table table;
    group_member ann;
    table.add(ann, "red");
    table.remove(ann, "red");
    EXPECT_EQ(table.find("red"), nullptr);
    EXPECT_EQ(table.size(), 0u);
}

TEST(group_table, leaving_what_one_is_not_in_does_nothing) {
    group_table table;
    group_member ann, bob;
    table.add(ann, "red");
    table.remove(bob, "red");
    table.remove(ann, "blue");
    EXPECT_EQ(members_of(table, "red"), (std::set<const group_member*>{&ann}));
}

// S33: names that a hash would not tell apart, of many members; by their order each is found in some steps.
TEST(group_table, names_that_hash_alike_are_told_apart) {
    constexpr std::size_t most = 10'000;
    std::unordered_map<std::string, int> like;
    for (std::size_t number = 0; number < most; ++number)
        like[std::to_string(number)];
    const std::size_t buckets = like.bucket_count();
    std::vector<std::string> names;
    for (std::size_t number = 0; names.size() < most; ++number) {
        std::string name = "group " + std::to_string(number);
        if (std::hash<std::string_view>{}(name) % buckets == 0) names.push_back(std::move(name));
    }
    group_table table;
    std::array<group_member, 10> people;
    for (std::size_t index = 0; index < most; ++index)
        table.add(people[index % people.size()], names[index]);
    EXPECT_EQ(table.size(), most);
    for (std::size_t index = 0; index < most; ++index)
        ASSERT_EQ(members_of(table, names[index]), (std::set<const group_member*>{&people[index % people.size()]}));
    for (group_member& one : people)
        table.remove_from_all(one);
    EXPECT_EQ(table.size(), 0u);
}

TEST(group_table, agrees_with_plain_sets_whatever_happens) {
    std::mt19937 random(20260101);
    const auto any = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
    group_table table;
    std::array<group_member, 12> people;
    std::array<std::set<const group_member*>, 8> expected;
    for (int step = 0; step < 5000; ++step) {
        group_member& who = people[any(people.size())];
        const std::size_t which = any(expected.size());
        const std::string name = "group " + std::to_string(which);
        switch (any(5)) {
            case 0:
            case 1:
                if (!group_table::contains(who, name)) table.add(who, name);
                expected[which].insert(&who);
                break;
            case 2:
            case 3:
                table.remove(who, name);
                expected[which].erase(&who);
                break;
            default:
                if (any(10) != 0) break;
                table.remove_from_all(who);
                for (auto& members : expected)
                    members.erase(&who);
        }
        std::size_t groups = 0;
        for (std::size_t number = 0; number < expected.size(); ++number) {
            ASSERT_EQ(members_of(table, "group " + std::to_string(number)), expected[number]) << "step " << step;
            if (!expected[number].empty()) ++groups;
        }
        ASSERT_EQ(table.size(), groups);
    }
}

}  // namespace
}  // namespace asignalr::detail
