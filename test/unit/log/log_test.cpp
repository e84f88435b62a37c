// SPDX-License-Identifier: MIT
#include "log/log.hpp"

#include "log/counters.hpp"

#include <asignalr/base/error.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

class remembering_logger final : public logger {
public:
    bool enabled(log_level level, std::string_view) const noexcept override { return level >= threshold; }
    void write(const log_record& record) noexcept override {
        std::string line = std::string(record.category).append(":").append(record.message);
        for (const log_field& field : record.fields)
            line.append(" ").append(field.name).append("=").append(field.value);
        lines.push_back(line.append("|").append(record.connection_id));
    }

    log_level threshold = log_level::trace;
    std::vector<std::string> lines;
};

TEST(escaped, leaves_nothing_that_could_end_or_colour_a_line) {
    EXPECT_EQ(escaped("plain text!~"), "plain text!~");
    EXPECT_EQ(escaped("a\r\nb\x1b[31m"), "a\\x0d\\x0ab\\x1b[31m");
    EXPECT_EQ(escaped(std::string_view("\0\x7f\xc3\xa9\\", 5)), "\\x00\\x7f\\xc3\\xa9\\x5c");
    EXPECT_EQ(escaped(""), "");
}

TEST(escaped, is_cut_at_256_bytes) {
    EXPECT_EQ(escaped(std::string(256, 'x')), std::string(256, 'x'));
    EXPECT_EQ(escaped(std::string(257, 'x')), std::string(256, 'x') + "...");
    EXPECT_EQ(escaped(std::string(100'000, '\n')).size(), 256u * 4 + 3);
}

TEST(lane_log, writes_what_the_logger_wants) {
    auto sink = std::make_shared<remembering_logger>();
    const lane_log log(sink, "hub");
    log.write(log_level::debug, "It happened.", {{"method", "echo"}, {"size", "5"}}, "c1");
    sink->threshold = log_level::error;
    log.write(log_level::warning, "Not wanted.");
    EXPECT_FALSE(log.enabled(log_level::warning));
    EXPECT_TRUE(log.enabled(log_level::error));
    EXPECT_EQ(sink->lines, std::vector<std::string>{"hub:It happened. method=echo size=5|c1"});
}

TEST(lane_log, works_without_a_logger) {
    lane_log log(nullptr, "hub");
    EXPECT_FALSE(log.enabled(log_level::error));
    log.write(log_level::error, "Nobody listens.");
    log.refused(refusal::origin, clock_source::time_point(1h), "Nobody listens.");
}

TEST(lane_log, tells_of_each_kind_of_refusal_once_a_second) {
    auto sink = std::make_shared<remembering_logger>();
    lane_log log(sink, "net");
    manual_clock clock;
    for (int step = 0; step < 30; ++step) {
        log.refused(refusal::origin, clock.now(), "origin");
        clock.advance(100ms);
    }
    EXPECT_EQ(sink->lines.size(), 3u);
    log.refused(refusal::groups, clock.now(), "groups");
    log.refused(refusal::groups, clock.now() + 999ms, "groups");
    EXPECT_EQ(sink->lines.size(), 4u);
    log.refused(refusal::groups, clock.now() + 1s, "groups");
    EXPECT_EQ(sink->lines.size(), 5u);
}

TEST(console_logger, writes_one_line_for_each_record) {
    const std::shared_ptr<logger> console = make_console_logger(log_level::info);
    EXPECT_FALSE(console->enabled(log_level::debug, "hub"));
    EXPECT_TRUE(console->enabled(log_level::info, "hub"));
    ::testing::internal::CaptureStderr();
    const log_field fields[]{{"method", "echo"}};
    console->write({log_level::warning, "hub", "A call was refused.", fields, "abc"});
    console->write({log_level::error, "net", "No.", {}, ""});
    EXPECT_EQ(::testing::internal::GetCapturedStderr(),
              "warning: asignalr.hub: A call was refused. method=echo connection=abc\nerror: asignalr.net: No.\n");
    EXPECT_FALSE(make_console_logger(log_level::none)->enabled(log_level::error, "hub"));
}

template <class Error>
exception_description describe(Error error) {
    try {
        throw error;
    } catch (...) {
        return describe_current_exception();
    }
}

struct no_exception {};

TEST(exception_description, names_type_and_text) {
    EXPECT_EQ(describe(named_error("InvalidOperationException", "no")).type, "InvalidOperationException");
    EXPECT_EQ(describe(hub_error("text")).type, "asignalr::hub_error");
    EXPECT_EQ(describe(hub_error("text")).text, "text");
    EXPECT_EQ(describe(std::out_of_range("far")).type, "std::out_of_range");
    EXPECT_EQ(describe(5).type, "int");
    EXPECT_NE(describe(no_exception{}).type.find("no_exception"), std::string::npos);
    EXPECT_EQ(describe(5).text, "");
    EXPECT_EQ(demangled("no mangled name"), "no mangled name");
}

TEST(counters, are_summed) {
    counters one, two;
    one.sockets.add(3);
    one.sockets.subtract();
    two.sockets.add(5);
    two.invocations.add();
    two.reading_paused.add(7);
    statistics sum;
    one.add_to(sum);
    two.add_to(sum);
    EXPECT_EQ(sum.sockets, 7u);
    EXPECT_EQ(sum.invocations, 1u);
    EXPECT_EQ(sum.reading_paused, 7u);
    EXPECT_EQ(sum.connections, 0u);
}

}  // namespace
}  // namespace asignalr::detail
