// SPDX-License-Identifier: MIT
#include "server_fixture.hpp"

#include <cstdint>

namespace asignalr::detail {
namespace {

/// Four clients: a and b are in `red`, b and c in `blue`, d in none.
class targets_test : public server_fixture {
protected:
    void SetUp() override {
        start();
        for (int number = 0; number < 4; ++number) {
            clients_.push_back(connect_hub());
            ids_.push_back(id_of(clients_.back()));
        }
        call(clients_[0], "Join", "\"red\"");
        call(clients_[1], "Join", "\"red\"");
        call(clients_[1], "Join", "\"blue\"");
        call(clients_[2], "Join", "\"blue\"");
    }
    /// Who hears what `a` says, in letters; twice if heard twice.
    std::string hearers(std::string_view whom, const std::vector<std::string>& names = {}) {
        std::string list;
        for (const std::string& name : names)
            list += (list.empty() ? "\"" : ",\"") + name + "\"";
        clients_[0].send(invocation_message("", "Say", "\"" + std::string(whom) + "\",[" + list + "],\"text\""));
        std::string heard;
        for (std::size_t number = 0; number < clients_.size(); ++number) {
            settle(clients_[number]);
            for (const std::string& message : std::exchange(clients_[number].messages, {})) {
                EXPECT_EQ(message, "{\"type\":1,\"target\":\"heard\",\"arguments\":[\"text\"]}");
                heard += static_cast<char>('a' + number);
            }
        }
        return heard;
    }

    std::vector<raw_client> clients_;
    std::vector<std::string> ids_;
};

TEST_F(targets_test, every_target_reaches_exactly_its_clients) {
    EXPECT_EQ(hearers("all"), "abcd");
    EXPECT_EQ(hearers("all_except", {ids_[1], ids_[3], "unknown"}), "ac");
    EXPECT_EQ(hearers("others"), "bcd");
    EXPECT_EQ(hearers("caller"), "a");
    EXPECT_EQ(hearers("client", {ids_[2]}), "c");
    EXPECT_EQ(hearers("client", {"unknown"}), "");
    EXPECT_EQ(hearers("clients", {ids_[0], ids_[3]}), "ad");
    EXPECT_EQ(hearers("group", {"red"}), "ab");
    EXPECT_EQ(hearers("group", {"RED"}), "");
    EXPECT_EQ(hearers("groups", {"red", "blue"}), "abbc");
    EXPECT_EQ(hearers("group_except", {"red", ids_[0]}), "b");
    EXPECT_EQ(hearers("others_in_group", {"red"}), "b");
    EXPECT_EQ(hearers("others_in_group", {"blue"}), "bc");
}

TEST_F(targets_test, a_message_to_many_is_serialised_once) {
    const std::uint64_t before = count().serializations;
    EXPECT_EQ(hearers("all"), "abcd");
    EXPECT_EQ(count().serializations, before + 1);
}

TEST_F(targets_test, joining_twice_is_once_and_leaving_is_leaving) {
    call(clients_[0], "Join", "\"red\"");
    EXPECT_EQ(hearers("group", {"red"}), "ab");
    call(clients_[0], "Leave", "\"red\"");
    call(clients_[0], "Leave", "\"never joined\"");
    EXPECT_EQ(hearers("group", {"red"}), "b");
    call(clients_[1], "Leave", "\"red\"");
    EXPECT_EQ(hearers("group", {"red"}), "");
}

TEST_F(targets_test, membership_ends_with_the_connection) {
    clients_[1].leave();
    run();
    clients_.erase(clients_.begin() + 1);
    EXPECT_EQ(hearers("group", {"red"}), "a");
    EXPECT_EQ(hearers("group", {"blue"}), "b");
    EXPECT_EQ(hearers("client", {ids_[1]}), "");
}

// S40
TEST_F(targets_test, an_empty_name_among_several_fails_the_call_and_nothing_is_sent) {
    start({.detailed_errors = true});
    raw_client client = connect_hub();
    call(client, "Join", "\"room\"");
    EXPECT_EQ(
        call(client, "Say", "\"groups\",[\"room\",\"\"],\"news\""),
        "{\"type\":3,\"invocationId\":\"1\",\"error\":\"An unexpected error occurred invoking 'Say' on the server. "
        "InvalidOperationException: Cannot send to an empty group name.\"}\n");
}

TEST_F(targets_test, names_of_groups_are_opaque) {
    for (const std::string_view name : {"", "*", "a:b", "\\r\\n", "nul\\u0000byte", "\\u00fc"}) {
        const std::string quoted = "\"" + std::string(name) + "\"";
        call(clients_[0], "Join", quoted);
        EXPECT_EQ(hearers("group", {std::string(name)}), "a") << name;
    }
}

// S29
TEST_F(targets_test, a_broadcast_waits_for_nobody) {
    raw_client blocked = connect_hub(512);
    for (int round = 0; round < 100; ++round)
        EXPECT_EQ(hearers("all"), "abcd");
    EXPECT_GT(count().queued_bytes, 0u);
    settle(blocked);
    EXPECT_EQ(blocked.messages.size(), 100u);
}

}  // namespace
}  // namespace asignalr::detail
