// SPDX-License-Identifier: MIT
#include <asignalr/server.hpp>

#include "blocking_client.hpp"
#include "raw_client.hpp"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace asignalr::detail {
namespace {

constexpr std::size_t lanes = 4;

class silent_logger final : public logger {
public:
    bool enabled(log_level, std::string_view) const noexcept override { return false; }
    void write(const log_record&) noexcept override {}
};

std::atomic<int> hubs_alive{0};

class crowd final : public hub {
public:
    crowd() { ++hubs_alive; }
    ~crowd() override { --hubs_alive; }

    static void describe(method_table<crowd>& methods) {
        methods.expose<&crowd::echo>("Echo");
        methods.expose<&crowd::id>("Id");
        methods.expose<&crowd::wait>("Wait");
        methods.expose<&crowd::join>("Join");
        methods.expose<&crowd::shout>("Shout");
    }
    task<void> on_connected() override { co_await groups().add(context().connection_id(), "everybody"); }
    std::string echo(std::string text) { return text; }
    std::string id() { return std::string(context().connection_id()); }
    task<void> wait() {
        asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::minutes(10));
        co_await timer.async_wait(asio::use_awaitable);
    }
    task<void> join(std::string connection_id, std::string group) { co_await groups().add(connection_id, group); }
    void shout(std::string text) { clients().all().send("heard", std::move(text)); }
};

/// A server on its own runtime, with the threads that run it.
class ThreadsRuntime : public testing::Test {
protected:
    ThreadsRuntime() : server_(runtime_, {.log = std::make_shared<silent_logger>()}), rooms_(server_.add_hub<crowd>()) {
        rooms_.map("/hub");
        url_ = server_.listen("http://127.0.0.1:0");
        threads_ = std::thread([this] { runtime_.run(); });
    }
    ~ThreadsRuntime() override {
        if (!stopped_) stop(std::chrono::milliseconds(0));
        threads_.join();  // run() returns by itself
        const struct statistics left = server_.statistics();
        EXPECT_EQ(left.connections, 0u);
        EXPECT_EQ(left.running_invocations, 0u);
        EXPECT_EQ(left.queued_bytes, 0u);
        EXPECT_EQ(left.connections_started, left.connections_ended);
        EXPECT_EQ(hubs_alive.load(), 0);
    }

    void stop(std::chrono::milliseconds deadline) {
        std::promise<void> done;
        server_.stop(deadline, [&] { done.set_value(); });
        done.get_future().wait();
        stopped_ = true;
    }
    std::vector<std::unique_ptr<blocking_client>> connect(std::size_t count) {
        std::vector<std::unique_ptr<blocking_client>> made;
        for (std::size_t number = 0; number < count; ++number) {
            made.push_back(std::make_unique<blocking_client>(url_));
            made.back()->open();
            made.back()->call("Echo", "\"here\"");  // on_connected is done
        }
        return made;
    }

    io_runtime runtime_{lanes};
    server server_;
    hub_handle& rooms_;
    std::string url_;
    std::thread threads_;
    bool stopped_ = false;
};

TEST_F(ThreadsRuntime, many_threads_send_to_a_group_and_each_keeps_its_order) {
    constexpr int senders = 3, messages = 100;
    const auto clients = connect(8);
    std::atomic<bool> watching{true};
    std::thread watcher([&] {
        while (watching)
            EXPECT_EQ(server_.statistics().connections, 8u);
    });
    std::vector<std::thread> threads;
    for (int sender = 0; sender < senders; ++sender)
        threads.emplace_back([this, sender] {
            for (int number = 0; number < messages; ++number)
                rooms_.clients().group("everybody").send("heard", sender, number);
        });
    for (const auto& client : clients) {
        std::vector<int> next(senders, 0);
        for (int received = 0; received < senders * messages; ++received) {
            const std::string message = client->read_message();
            const std::string start = "{\"type\":1,\"target\":\"heard\",\"arguments\":[";
            ASSERT_TRUE(message.starts_with(start)) << message;
            const std::size_t sender = static_cast<std::size_t>(message[start.size()] - '0');
            ASSERT_EQ(message.substr(start.size() + 2), std::to_string(next.at(sender)++) + "]}");
        }
    }
    for (std::thread& thread : threads)
        thread.join();
    watching = false;
    watcher.join();
    EXPECT_EQ(server_.statistics().messages_received, 8u);
}

TEST_F(ThreadsRuntime, clients_on_different_lanes_reach_each_other) {
    const auto clients = connect(8);
    for (const auto& client : clients)
        client->send(invocation_message("", "Shout", "\"text\""));
    for (const auto& client : clients)
        for (int received = 0; received < 8; ++received)
            ASSERT_EQ(client->read_message(), "{\"type\":1,\"target\":\"heard\",\"arguments\":[\"text\"]}");
}

TEST_F(ThreadsRuntime, a_connection_of_another_lane_can_be_put_into_a_group) {
    const auto clients = connect(4);
    for (const auto& client : clients)
        EXPECT_EQ(
            clients[0]->call("Join", "\"" + client->id() + "\",\"other\""), "{\"type\":3,\"invocationId\":\"1\",\"result\":null}");
    rooms_.clients().group("other").send("heard", "text");
    for (const auto& client : clients)
        EXPECT_EQ(client->read_message(), "{\"type\":1,\"target\":\"heard\",\"arguments\":[\"text\"]}");
}

TEST_F(ThreadsRuntime, connections_are_aborted_from_anywhere_while_others_send) {
    const auto clients = connect(8);
    std::vector<std::string> ids;
    for (const auto& client : clients)
        ids.push_back(client->id());
    std::thread sender([this] {
        for (int number = 0; number < 200; ++number)
            rooms_.clients().all().send("heard", number);
    });
    std::vector<std::thread> threads;
    for (std::size_t half = 0; half < 2; ++half)
        threads.emplace_back([&, half] {
            for (std::size_t number = half; number < ids.size(); number += 2) {
                rooms_.abort(ids[number]);
                rooms_.abort("unknown");
                rooms_.abort(ids[0]);
            }
        });
    for (const auto& client : clients) {
        std::string last, message;
        while (!(message = client->read_message()).empty())
            last = message;
        EXPECT_EQ(last, "{\"type\":7}");
    }
    sender.join();
    for (std::thread& thread : threads)
        thread.join();
}

TEST_F(ThreadsRuntime, stops_while_calls_arrive) {
    auto clients = connect(8);
    clients[0]->send(invocation_message("1", "Wait"));
    std::atomic<std::size_t> answered{0};
    std::vector<std::thread> threads;
    for (std::size_t number = 1; number < clients.size(); ++number)
        threads.emplace_back([&answered, client = clients[number].get()] {
            while (client->call("Echo", "\"again\"").starts_with("{\"type\":3"))
                ++answered;
        });
    while (answered < 100)
        std::this_thread::yield();
    stop(std::chrono::milliseconds(300));
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(clients[0]->read_message(), "{\"type\":7,\"allowReconnect\":true}");
    EXPECT_EQ(server_.statistics().running_invocations, 0u);
}

// One acceptor hands sockets out in turn, so most of these arrive at another lane than the one that negotiated.
TEST_F(ThreadsRuntime, a_connection_moves_to_the_lane_that_negotiated) {
    for (int number = 0; number < 16; ++number) {
        blocking_client negotiates(url_);
        negotiates.write("POST /hub/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n");
        const std::string head = negotiates.read_head();
        ASSERT_TRUE(head.starts_with("HTTP/1.1 200 ")) << head;
        const std::string mark = "Content-Length: ";
        const std::string body = negotiates.read_bytes(std::stoul(head.substr(head.find(mark) + mark.size())));
        const auto member = [&](const std::string& name) { return body.substr(body.find(name) + name.size() + 3, 22); };
        for (int skipped = 0; skipped < number % 4; ++skipped)
            blocking_client("x:" + url_.substr(url_.rfind(':') + 1));
        blocking_client client(url_);
        // All in one write: what was read with the request moves, too.
        client.write(
            upgrade_request("/hub?id=" + member("connectionToken")) + client_frame(json_handshake) +
            client_frame(invocation_message("1", "Id") + record_end));
        EXPECT_TRUE(client.read_head().starts_with("HTTP/1.1 101 "));
        EXPECT_EQ(client.read_message(), "{}");
        EXPECT_EQ(client.read_message(), "{\"type\":3,\"invocationId\":\"1\",\"result\":\"" + member("connectionId") + "\"}");
    }
}

// The front sees a request once, also one that has to move to another lane.
TEST(ThreadsFront, is_asked_once_and_its_headers_move_with_the_connection) {
    io_runtime runtime(lanes);
    server served(runtime, {.log = std::make_shared<silent_logger>()});
    served.add_hub<crowd>({.allowed_origins = {"https://friend.example"}}).map("/hub");
    std::atomic<int> asked{0};
    served.use([&](const http_request&, http_headers& added) {
        added.emplace_back("X-Asked", std::to_string(++asked));
        added.emplace_back("Vary", "X-Asked");
    });
    served.use([](const http_request& request, http_headers&) -> std::optional<http_response> {
        if (request.path() == "/mine") return http_response{.body = "mine"};
        return std::nullopt;
    });
    const std::string url = served.listen("http://127.0.0.1:0");
    std::thread thread([&] { runtime.run(); });
    constexpr std::string_view origin = "Origin: https://friend.example\r\n";
    for (int number = 0; number < 8; ++number) {
        blocking_client negotiates(url);
        negotiates.write("POST /hub/negotiate HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n" + std::string(origin) + "\r\n");
        const std::string answer = negotiates.read_answer();
        const std::string mark = "\"connectionId\":\"";
        const std::string token = answer.substr(answer.find(mark) + mark.size(), 22);
        blocking_client client(url);
        client.write(upgrade_request("/hub?id=" + token, origin));
        EXPECT_EQ(
            client.read_head(),
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            "Access-Control-Allow-Origin: https://friend.example\r\nAccess-Control-Allow-Credentials: true\r\nVary: Origin\r\n"
            "X-Asked: " + std::to_string(2 * number + 2) + "\r\nVary: X-Asked\r\n\r\n");
    }
    EXPECT_TRUE(blocking_client(url).ask_for("/mine").ends_with("\r\n\r\nmine"));
    EXPECT_EQ(asked, 17);
    served.stop(std::chrono::milliseconds(0));
    thread.join();
}

TEST(ThreadsExecutor, lanes_are_strands_over_the_users_threads) {
    asio::thread_pool pool(3);
    {
        server served(pool.get_executor(), {.log = std::make_shared<silent_logger>(), .lanes = 3});
        hub_handle& rooms = served.add_hub<crowd>();
        rooms.map("/hub");
        const std::string url = served.listen("http://127.0.0.1:0");
        std::vector<std::thread> threads;
        for (int number = 0; number < 4; ++number)
            threads.emplace_back([&url, &rooms, number] {
                blocking_client client(url);
                client.open();
                const std::string text = "\"" + std::to_string(number) + "\"";
                for (int round = 0; round < 50; ++round)
                    ASSERT_EQ(client.call("Echo", text), "{\"type\":3,\"invocationId\":\"1\",\"result\":" + text + "}");
                rooms.clients().client(client.id()).send("heard", 1);
                ASSERT_EQ(client.read_message(), "{\"type\":1,\"target\":\"heard\",\"arguments\":[1]}");
            });
        for (std::thread& thread : threads)
            thread.join();
        std::promise<void> done;
        served.stop(std::chrono::milliseconds(0), [&] { done.set_value(); });
        done.get_future().wait();
        pool.join();
    }
    EXPECT_EQ(hubs_alive.load(), 0);
}

#if !defined(__SANITIZE_THREAD__)
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ASIGNALR_TEST_UNDER_THREAD_SANITIZER
#endif
#endif
#if !defined(ASIGNALR_TEST_UNDER_THREAD_SANITIZER)
// Death tests fork, which the thread sanitizer does not like.
TEST(SecondThreadDeathTest, a_second_thread_in_the_context_ends_the_program) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    const auto serve_twice = [] {
        asio::io_context context;
        server served(context);
        served.add_hub<crowd>().map("/hub");
        const std::string url = served.listen("http://127.0.0.1:0");
        std::promise<void> both_ran;
        // Both threads live at the same time: the id of one that ended may be used again.
        const auto serve_one = [&](std::shared_future<void> end) {
            blocking_client client(url);
            client.write("GET / HTTP/1.1\r\nHost: here\r\n\r\n");
            std::promise<void> ran;
            std::thread runs([&context, &ran, end] {
                context.run_for(std::chrono::milliseconds(100));
                ran.set_value();
                end.wait();
            });
            ran.get_future().wait();
            return runs;
        };
        const std::shared_future<void> end = both_ran.get_future().share();
        std::thread first = serve_one(end);
        std::thread second = serve_one(end);
        both_ran.set_value();
        first.join();
        second.join();
    };
    EXPECT_DEATH(serve_twice(), "two threads run the io_context");
}
#endif
#endif

}  // namespace
}  // namespace asignalr::detail
