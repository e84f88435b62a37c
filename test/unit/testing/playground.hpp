// SPDX-License-Identifier: MIT
// A hub and its tests as users write them: with public headers alone.
#pragma once

#include <asignalr/testing.hpp>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace playground {

using namespace std::chrono_literals;

struct point {
    int x = 0;
    int y = 0;
};
constexpr auto fields_of(const point*) {
    return asignalr::fields(asignalr::field("X", &point::x), asignalr::field("Y", &point::y));
}

inline constexpr asignalr::client_method<std::string> receive{"receive"};
inline constexpr asignalr::client_method<> nudge{"nudge"};
inline constexpr asignalr::client_method<std::string, point> moved{"moved"};

/// What happened in a hub, for the test that looks at it.
using diary = std::vector<std::string>;

inline asignalr::task<void> for_ever() {
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
}

class silence final : public asignalr::logger {
public:
    bool enabled(asignalr::log_level, std::string_view) const noexcept override { return false; }
    void write(const asignalr::log_record&) noexcept override {}
};

class hub final : public asignalr::hub {
public:
    explicit hub(diary& notes) : notes_(notes) {}

    static void describe(asignalr::method_table<hub>& methods) {
        methods.expose<&hub::add>("Add").expose<&hub::mirror>("Mirror").expose<&hub::length>("Length");
        methods.expose<&hub::divide>("Divide").expose<&hub::wait>("Wait").expose<&hub::hurry>("Hurry", {.deadline = 10s});
        methods.expose<&hub::soon>("Soon").expose<&hub::nothing>("Nothing").expose<&hub::room>("Room").expose<&hub::mine>("Mine");
        methods.expose<&hub::count>("Count").expose<&hub::endless>("Endless").expose<&hub::broken>("Broken");
        methods.expose<&hub::sum>("Sum").expose<&hub::join_words>("JoinWords").expose<&hub::running>("Running");
        methods.expose<&hub::broadcast>("Broadcast").expose<&hub::move>("Move").expose<&hub::nudge_others>("NudgeOthers");
        methods.expose<&hub::leave>("Leave");
    }

    asignalr::task<void> on_connected() override {
        if (context().request().query("refused")) throw asignalr::hub_error("Not you.");
        notes_.push_back("connected by " + std::string(context().transport_name()) + ", " + std::string(context().protocol_name()));
        co_return;
    }
    asignalr::task<void> on_disconnected(asignalr::close_reason reason) override {
        notes_.push_back("disconnected" + (reason.error ? ": " + *reason.error : ""));
        co_return;
    }

    int add(int left, int right) { return left + right; }
    point mirror(point original) { return {-original.x, -original.y}; }
    std::size_t length(std::string text) { return text.size(); }
    int divide(int left, int right) {
        if (right == 0) throw asignalr::hub_error("Nobody can divide by zero.");
        return left / right;
    }
    asignalr::task<int> wait() {
        co_await for_ever();
        co_return 0;
    }
    asignalr::task<void> hurry() { return for_ever(); }
    asignalr::task<int> soon() {
        asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
        co_await timer.async_wait(asio::use_awaitable);
        co_return 7;
    }
    void nothing() {}
    std::string room() { return context().request().query("room").value_or("") + std::string(context().request().cookie("seat").value_or("")); }
    std::string mine() { return std::string(context().connection_id()); }

    asignalr::generator<int> count(int last) {
        for (int number = 1; number <= last; ++number) co_yield number;
    }
    asignalr::generator<int> endless() {
        for (int number = 1;; ++number) co_yield number;
    }
    asignalr::generator<int> broken() {
        co_yield 1;
        throw asignalr::hub_error("The rest is lost.");
    }

    asignalr::task<double> sum(double start, asignalr::upload<double> items) {
        while (auto item = co_await items.next()) start += *item;
        co_return start;
    }
    asignalr::task<std::string> join_words(asignalr::upload<std::string> left, asignalr::upload<std::string> right) {
        std::string words;
        while (auto word = co_await left.next()) words += *word + " ";
        while (auto word = co_await right.next()) words += *word + " ";
        co_return words;
    }
    asignalr::generator<int> running(asignalr::upload<int> items) {
        int sum = 0;
        while (auto item = co_await items.next()) {
            sum += *item;
            co_yield sum;
        }
    }

    void broadcast(std::string text) { clients().all().send(receive, text); }
    void move(std::string piece, point to) { clients().all().send(moved, piece, to); }
    void nudge_others() { clients().others().send(nudge); }
    void leave() { context().abort(); }

private:
    diary& notes_;
};

/// A server with the hub on the bench. Whoever derives from it may set options first.
class bench_fixture : public testing::Test {
protected:
    explicit bench_fixture(asignalr::hub_options options = {}, std::chrono::milliseconds patience = 5s)
        : rooms_(server_.add_hub<hub>([this] { return std::make_unique<hub>(notes_); }, options).map("/hub")), bench_(server_, patience) {}

    asio::io_context io_{1};
    diary notes_;
    asignalr::server server_{io_, {.log = std::make_shared<silence>()}};
    asignalr::hub_handle& rooms_;
    asignalr::test_bench bench_;
};

/// The text of the exception that `function` throws, of the type that is expected.
template <class Exception, class Function>
std::string thrown_by(Function function) {
    try {
        function();
    } catch (const Exception& thrown) {
        return thrown.what();
    }
    return "nothing was thrown";
}

}  // namespace playground
