// SPDX-License-Identifier: MIT
#include "server/server_core.hpp"
#include "server_fixture.hpp"

#include <algorithm>

namespace asignalr::detail {
namespace {

/// What the log tells of a server that does what it should.
class records_test : public server_fixture {
protected:
    std::vector<std::string> records(std::string_view level) const {
        std::vector<std::string> found;
        for (const std::string& line : log_->others)
            if (line.starts_with(level)) found.push_back(line);
        return found;
    }
    using lines = std::vector<std::string>;
};

TEST_F(records_test, the_life_of_a_connection_is_told_at_debug) {
    start();
    raw_client client = connect_hub();
    EXPECT_EQ(records("debug"), lines{"debug: a connection was opened transport=WebSockets protocol=json"});
    ask(client, "{\"type\":7,\"error\":\"tired\\n\"}");
    EXPECT_EQ(records("debug").back(), "debug: a connection ended reason=tired\\x0a");
    raw_client other = connect_hub();
    other.leave();
    run();
    EXPECT_EQ(records("debug").back(), "debug: a connection ended reason=none");
}

TEST_F(records_test, mistakes_of_clients_are_told_at_debug_without_what_they_sent) {
    start();
    raw_client client = connect_hub();
    log_->others.clear();
    call(client, "Non\\nsense", "\"secret\"");
    call(client, "Add", "\"secret\",2");
    call(client, "Add", "1");
    client.send(upload_invocation("3", "Sum", "u"));
    ask(client, item_message("u", "\"secret\""));
    ask(client, upload_end("u"));
    EXPECT_EQ(
        records("debug"),
        (lines{"debug: a call was refused method=Non\\x0asense answer=Failed to invoke 'Non\\x0asense' due to an error on the server. "
               "HubException: Method does not exist.",
               "debug: a call was refused method=Add answer=Failed to invoke 'Add' due to an error on the server.",
               "debug: a call was refused method=Add answer=Failed to invoke 'Add' due to an error on the server.",
               "debug: an item of an upload does not fit its type"}));
    for (const std::string& line : log_->others)
        EXPECT_EQ(line.find("secret"), std::string::npos) << line;
}

TEST_F(records_test, every_message_is_told_at_trace_by_its_length) {
    start();
    raw_client client = connect_hub();
    raw_client other = connect_hub();
    log_->others.clear();
    const std::string message = invocation_message("1", "Echo", "\"text\"");
    const std::string answer = ask(client, message);
    EXPECT_EQ(
        records("trace"), (lines{"trace: a message arrived bytes=" + std::to_string(message.size() + 1),
                                 "trace: a message is sent bytes=" + std::to_string(answer.size())}));
    log_->others.clear();
    client.send(invocation_message("", "Say", "\"all\",[],\"text\""));
    settle(other);
    const std::string heard = "trace: a message is sent bytes=" + std::to_string(other.take_messages().size());
    EXPECT_EQ(std::count(log_->others.begin(), log_->others.end(), heard), 2);
}

/// A logger whose level changes while the server runs.
class changing_logger final : public logger {
public:
    bool enabled(log_level level, std::string_view) const noexcept override {
        ++asked;
        return level >= threshold;
    }
    void write(const log_record&) noexcept override { ++written; }

    log_level threshold = log_level::warning;
    mutable int asked = 0;
    int written = 0;
};

TEST(records_of_traffic, cost_one_question_for_each_read_and_may_begin_at_any_time) {
    const auto sink = std::make_shared<changing_logger>();
    lane_log log(sink, "hub");
    sink->asked = 0;
    for (int message = 0; message < 100; ++message)
        EXPECT_FALSE(log.traces());
    EXPECT_EQ(sink->asked, 0);
    sink->threshold = log_level::trace;
    log.look_again();
    EXPECT_EQ(sink->asked, 1);
    EXPECT_TRUE(log.traces());
}

TEST_F(records_test, stopping_is_told_at_info_once) {
    start();
    core_->stop(std::chrono::milliseconds(500), nullptr);
    core_->stop(std::chrono::milliseconds(400), nullptr);
    run();
    pass(std::chrono::milliseconds(500));
    EXPECT_EQ(records("info"), (lines{"info: stopping deadline=500 ms", "info: stopped"}));
}

}  // namespace
}  // namespace asignalr::detail
