// SPDX-License-Identifier: MIT
#include "wire/server_sent_events.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace asignalr::detail {
namespace {

std::string event_of(std::string_view payload) {
    std::string event;
    append_event(event, payload);
    return event;
}

// As recorded from ASP.NET Core (the aspnetcore-server reference, sections 0 and 2.4), except where that does not reach a reader: a lone CR.
TEST(server_sent_events, each_line_is_a_data_line) {
    const std::vector<std::pair<std::string_view, std::string_view>> table{
        {"", "data: \r\n\r\n"},
        {"one", "data: one\r\n\r\n"},
        {"one\ntwo", "data: one\r\ndata: two\r\n\r\n"},
        {"one\r\ntwo", "data: one\r\ndata: two\r\n\r\n"},
        {"\n", "data: \r\ndata: \r\n\r\n"},
        {"\r\n", "data: \r\ndata: \r\n\r\n"},
        {"end\n", "data: end\r\ndata: \r\n\r\n"},
        {"a\rb", "data: a\r\ndata: b\r\n\r\n"},
        {"\r\r\n\n", "data: \r\ndata: \r\ndata: \r\ndata: \r\n\r\n"},
        {"text\revent: other\rid: 1\r\rdata: more", "data: text\r\ndata: event: other\r\ndata: id: 1\r\ndata: \r\ndata: data: more\r\n\r\n"},
        {" :", "data:  :\r\n\r\n"},
        {"a\x1e", "data: a\x1e\r\n\r\n"},
    };
    for (const auto& [payload, event] : table)
        EXPECT_EQ(event_of(payload), event);
}

TEST(server_sent_events, a_payload_without_line_ends_stands_as_it_is) {
    EXPECT_TRUE(is_one_event_line(""));
    EXPECT_TRUE(is_one_event_line("a b"));
    EXPECT_FALSE(is_one_event_line("a\rb"));
    EXPECT_FALSE(is_one_event_line("a\n"));
    EXPECT_EQ(event_of("{}\x1e"), std::string(event_begin) + "{}\x1e" + std::string(event_end));
}

}  // namespace
}  // namespace asignalr::detail
