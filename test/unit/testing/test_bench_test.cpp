// SPDX-License-Identifier: MIT
#include "playground.hpp"

#include <asio/post.hpp>

#include <limits>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace playground {
namespace {

class test_bench_test : public bench_fixture {};

TEST_F(test_bench_test, time_stands_still_until_it_is_moved) {
    asignalr::test_client ann = bench_.connect("/hub");
    bench_.advance(14s);
    EXPECT_EQ(ann.pings(), 0u);
    bench_.advance(2s);
    EXPECT_EQ(ann.pings(), 1u);
    bench_.advance(2 * 16s);
    EXPECT_EQ(ann.pings(), 3u);
}

TEST_F(test_bench_test, deadlines_are_met_to_a_quarter_of_a_second) {
    asignalr::test_client ann = bench_.connect("/hub");
    asignalr::test_call<void> hurry = ann.start("Hurry");
    bench_.advance(9750ms);
    EXPECT_FALSE(hurry.is_answered());
    bench_.advance(250ms);
    EXPECT_TRUE(hurry.is_answered());
    EXPECT_THROW(hurry.result(), asignalr::hub_error);
}

TEST_F(test_bench_test, small_steps_add_up) {
    asignalr::test_client ann = bench_.connect("/hub");
    asignalr::test_call<void> hurry = ann.start("Hurry");
    for (int step = 0; step < 99; ++step)
        bench_.advance(101ms);
    EXPECT_FALSE(hurry.is_answered());
    bench_.advance(1ms);
    EXPECT_TRUE(hurry.is_answered());
}

TEST_F(test_bench_test, a_silent_client_is_timed_out) {
    asignalr::test_client ann = bench_.connect("/hub");
    asignalr::test_client quiet = bench_.connect("/hub");
    ann.ping();
    bench_.advance(31s);
    EXPECT_EQ(ann.wait_closed().error, "Connection closed with an error.");
    EXPECT_TRUE(quiet.is_open()) << "it never pinged";
    EXPECT_EQ(notes_.back(), "disconnected: Client hasn't sent a message/ping within the configured ClientTimeoutInterval.");
}

TEST_F(test_bench_test, a_server_stops_by_the_benchs_time) {
    asignalr::test_client ann = bench_.connect("/hub");
    asignalr::test_call<int> waiting = ann.start<int>("Wait");
    bench_.settle();
    bool stopped = false;
    server_.stop(3s, [&] { stopped = true; });
    bench_.advance(2s);
    EXPECT_FALSE(stopped);
    EXPECT_TRUE(ann.wait_closed().allow_reconnect);
    bench_.advance(2s);
    EXPECT_TRUE(stopped);
    EXPECT_THROW(waiting.result(), std::system_error);
    EXPECT_EQ(
        thrown_by<std::runtime_error>([&] { bench_.connect("/hub"); }),
        "asignalr: negotiate was refused with 503 The server is stopping.");
}

TEST_F(test_bench_test, tells_why_a_client_is_refused) {
    EXPECT_EQ(thrown_by<std::runtime_error>([&] { bench_.connect("/hup"); }), "asignalr: negotiate was refused with 404 ");
    const std::string foreign = thrown_by<std::runtime_error>(
        [&] { bench_.connect("/hub", {.headers = {{"Origin", "https://elsewhere.example"}}}); });
    EXPECT_TRUE(foreign.starts_with("asignalr: negotiate was refused with 403 ")) << foreign;
    EXPECT_EQ(bench_.connect("/hub", {.headers = {{"Origin", "http://localhost"}}}).invoke<int>("Add", 1, 2), 3);
}

TEST_F(test_bench_test, what_stands_in_front_of_hubs_is_asked) {
    server_.use([](const asignalr::http_request& asked, asignalr::http_headers&) -> std::optional<asignalr::http_response> {
        if (asked.header("X-Key") == "secret") return std::nullopt;
        return asignalr::http_response{.status = 401, .body = "Who are you?"};
    });
    EXPECT_EQ(thrown_by<std::runtime_error>([&] { bench_.connect("/hub"); }), "asignalr: negotiate was refused with 401 Who are you?");
    EXPECT_EQ(bench_.connect("/hub", {.headers = {{"X-Key", "secret"}}}).invoke<int>("Add", 1, 2), 3);
}

class picky_bench_test : public bench_fixture {
protected:
    picky_bench_test() : bench_fixture({.transports = asignalr::transport_types::web_sockets, .protocols = {.messagepack = false}, .maximum_connections = 2}) {}
};

TEST_F(picky_bench_test, options_of_the_hub_hold) {
    EXPECT_EQ(
        thrown_by<std::runtime_error>([&] { bench_.connect("/hub", {.messagepack = true}); }),
        "asignalr: the handshake was refused: The protocol 'messagepack' is not supported.");
    bench_.settle();
    asignalr::test_client ann = bench_.connect("/hub");
    asignalr::test_client bob = bench_.connect("/hub");
    EXPECT_EQ(
        thrown_by<std::runtime_error>([&] { bench_.connect("/hub"); }),
        "asignalr: negotiate was refused with 503 The server has too many connections.");
}

class impatient_bench_test : public bench_fixture {
protected:
    impatient_bench_test() : bench_fixture({}, 20ms) {}
};

TEST_F(impatient_bench_test, who_waits_in_vain_is_told_for_what) {
    asignalr::test_client ann = bench_.connect("/hub");
    asignalr::test_call<int> waiting = ann.start<int>("Wait");
    EXPECT_EQ(
        thrown_by<std::system_error>([&] { waiting.result(); }), "asignalr: an answer to 'Wait' did not come: Connection timed out");
    EXPECT_EQ(
        thrown_by<std::system_error>([&] { ann.next(receive); }), "asignalr: a call of 'receive' did not come: Connection timed out");
    EXPECT_EQ(
        thrown_by<std::system_error>([&] { ann.wait_closed(); }), "asignalr: the end of the connection did not come: Connection timed out");
    EXPECT_TRUE(ann.is_open());
}

TEST_F(impatient_bench_test, a_coroutine_without_an_end_is_cancelled) {
    bool cancelled = false;
    auto stay = [&]() -> asignalr::task<int> {
        try {
            co_await for_ever();
        } catch (const std::system_error&) {
            cancelled = true;
        }
        co_return 1;
    };
    EXPECT_EQ(
        thrown_by<std::system_error>([&] { bench_.run(stay()); }), "asignalr: the end of a coroutine did not come: Connection timed out");
    EXPECT_TRUE(cancelled);
}

TEST_F(impatient_bench_test, what_never_settles_is_told) {
    asignalr::test_client ann = bench_.connect("/hub");
    const auto items = ann.stream<int>("Endless");
    EXPECT_THROW(bench_.settle(), std::system_error);
}

TEST_F(test_bench_test, runs_coroutines_of_the_tests) {
    asignalr::test_client ann = bench_.connect("/hub");
    asignalr::test_client bob = bench_.connect("/hub", {.messagepack = true});
    auto conversation = [&]() -> asignalr::task<std::string> {
        EXPECT_EQ(co_await ann.async_invoke<int>("Add", 1, 2), 3);
        EXPECT_EQ(co_await ann.async_invoke<int>("Soon"), 7);
        co_await ann.async_invoke("Broadcast", "hallo");
        const std::string heard = co_await bob.async_next(receive);
        asignalr::test_stream<int> items = bob.stream<int>("Count", 2);
        EXPECT_EQ(co_await items.async_next(), 1);
        EXPECT_EQ(co_await items.async_next(), 2);
        EXPECT_EQ(co_await items.async_next(), std::nullopt);
        EXPECT_EQ(bob.received(receive), 0u);
        EXPECT_THROW(bob.invoke("Nothing"), std::logic_error) << "the context is being run";
        bob.stop();
        co_return heard;
    };
    EXPECT_EQ(bench_.run(conversation()), "hallo");
    bench_.settle();
    EXPECT_FALSE(bob.is_open());
    auto failing = [&]() -> asignalr::task<void> { co_await ann.async_invoke<int>("Divide", 1, 0); };
    EXPECT_THROW(bench_.run(failing()), asignalr::hub_error);
    auto late = [&]() -> asignalr::task<void> { co_await bob.async_next(receive); };
    EXPECT_THROW(bench_.run(late()), std::system_error) << "its connection is over";
}

TEST_F(test_bench_test, a_coroutine_learns_that_its_client_is_gone) {
    auto ann = std::make_unique<asignalr::test_client>(bench_.connect("/hub"));
    auto waiting = [&]() -> asignalr::task<std::string> {
        asio::post(io_, [&] { ann.reset(); });
        auto calling = ann->async_invoke<int>("Wait");
        try {
            co_await std::move(calling);
        } catch (const std::system_error& gone) {
            co_return gone.what();
        }
        co_return "nothing";
    };
    EXPECT_EQ(bench_.run(waiting()), "asignalr: an answer to 'Wait' did not come: the connection is closed");
}

TEST_F(test_bench_test, many_clients_stay_apart) {
    std::vector<asignalr::test_client> clients;
    for (int number = 0; number < 50; ++number)
        clients.push_back(bench_.connect("/hub", {.messagepack = number % 2 == 0}));
    clients.front().invoke("Broadcast", "all");
    for (asignalr::test_client& one : clients)
        EXPECT_EQ(one.next(receive), "all");
    for (std::size_t number = 0; number < clients.size(); ++number)
        EXPECT_EQ(clients[number].invoke<int>("Add", 1, static_cast<int>(number)), static_cast<int>(number) + 1);
    clients.clear();
    bench_.settle();
    EXPECT_EQ(server_.statistics().connections, 0u);
}

TEST_F(test_bench_test, what_has_no_form_is_not_sent) {
    asignalr::test_client ann = bench_.connect("/hub");
    EXPECT_THROW(ann.send("Sum", std::numeric_limits<double>::quiet_NaN()), asignalr::serialization_error);
    EXPECT_EQ(ann.invoke<int>("Add", 1, 2), 3);
}

TEST(test_bench, asks_for_a_server_on_a_context) {
    asio::io_context io(1);
    asignalr::server on_strands(io.get_executor());
    EXPECT_THROW(asignalr::test_bench{on_strands}, std::logic_error);
    asignalr::io_runtime runtime(1);
    asignalr::server on_threads(runtime);
    asignalr::test_bench fine(on_threads);
    asignalr::io_runtime two_threads(2);
    asignalr::server on_two(two_threads);
    EXPECT_THROW(asignalr::test_bench{on_two}, std::logic_error);
}

TEST(test_bench, believes_the_proxies_that_the_server_trusts) {
    asio::io_context io(1);
    asignalr::server server(io, {.log = std::make_shared<silence>(), .trusted_proxies = {"10.0.0.1"}});
    class named final : public asignalr::hub {
    public:
        static void describe(asignalr::method_table<named>& methods) { methods.expose<&named::address>("Address"); }
        std::string address() { return std::string(context().request().remote_address()); }
    };
    server.add_hub<named>().map("/hub");
    asignalr::test_bench bench(server);
    const std::vector<std::pair<std::string, std::string>> told{{"X-Forwarded-For", "192.0.2.7"}};
    EXPECT_EQ(bench.connect("/hub", {.headers = told, .remote_address = "10.0.0.1"}).invoke<std::string>("Address"), "192.0.2.7");
    EXPECT_EQ(bench.connect("/hub", {.headers = told, .remote_address = "10.0.0.2"}).invoke<std::string>("Address"), "10.0.0.2");
}

TEST(test_bench, shows_how_many_coroutines_a_server_keeps) {
    asio::io_context io(1);
    diary notes;
    asignalr::server server(io, {.log = std::make_shared<silence>(), .maximum_idle_runners = 2});
    server.add_hub<hub>([&] { return std::make_unique<hub>(notes); }).map("/hub");
    asignalr::test_bench bench(server);
    std::vector<asignalr::test_client> clients;
    std::vector<asignalr::test_call<int>> calls;
    for (int number = 0; number < 5; ++number) {
        clients.push_back(bench.connect("/hub"));
        calls.push_back(clients.back().start<int>("Wait"));
    }
    bench.settle();
    EXPECT_EQ(server.statistics().running_invocations, 5u);
    for (asignalr::test_call<int>& call : calls)
        call.cancel();
    bench.settle();
    EXPECT_EQ(server.statistics().running_invocations, 0u);
    EXPECT_EQ(server.statistics().idle_runners, 2u);
}

// Whatever order they are destroyed in, nothing is left and nothing is touched.
TEST(test_bench, a_server_may_go_before_its_clients) {
    asio::io_context io(1);
    diary notes;
    auto server = std::make_unique<asignalr::server>(io, asignalr::server_options{.log = std::make_shared<silence>()});
    server->add_hub<hub>([&] { return std::make_unique<hub>(notes); }).map("/hub");
    asignalr::test_bench bench(*server);
    asignalr::test_client ann = bench.connect("/hub");
    asignalr::test_call<int> waiting = ann.start<int>("Wait");
    bench.settle();
    server.reset();
    EXPECT_THROW(waiting.result(), std::system_error);
    EXPECT_FALSE(ann.is_open());
    EXPECT_THROW(bench.connect("/hub"), std::logic_error);
}

}  // namespace
}  // namespace playground
