// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/server.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iostream>
#include <sstream>
#include <string>
#include <tuple>
#include <variant>

using namespace std::chrono_literals;

inline constexpr asignalr::client_method<std::string> receive{"receive"};  // what the page offers

struct case_report {  // what RequestAsync answers
    std::string upper, lower, length;
};
constexpr auto fields_of(const case_report*) {
    return asignalr::fields(
        asignalr::field("ToUpper", &case_report::upper), asignalr::field("ToLower", &case_report::lower),
        asignalr::field("len", &case_report::length));
}

/// A chat room: everybody who connects is in one group.
class chat final : public asignalr::hub {
public:
    static void describe(asignalr::method_table<chat>& methods) {
        methods.expose<&chat::broadcast>("Broadcast").expose<&chat::echo>("Echo").expose<&chat::panic>("Panic");
        methods.expose<&chat::request_async>("RequestAsync").expose<&chat::request_tuple>("RequestTuple");
        methods.expose<&chat::date_stream>("DateStream").expose<&chat::upload_stream>("UploadStream");
        methods.expose<&chat::abort>("Abort");
    }

    asignalr::task<void> on_connected() override {
        std::cout << context().connection_id() << " connected" << std::endl;
        co_await groups().add(context().connection_id(), "group");
    }
    asignalr::task<void> on_disconnected(asignalr::close_reason) override {
        std::cout << context().connection_id() << " disconnected" << std::endl;
        co_await groups().remove(context().connection_id(), "group");
    }

    void broadcast(std::string message) { clients().group("group").send(receive, message); }
    void echo(std::string message) { clients().caller().send(receive, message); }
    void panic() { throw asignalr::named_error("InvalidOperationException", "Don't panic!"); }
    void abort() { context().abort(); }

    asignalr::task<case_report> request_async(std::string message) {
        co_await pause(4s);  // other calls, streams and clients go on meanwhile
        case_report report;
        report.upper = upper(message);
        report.lower = lower(message);
        report.length = std::to_string(length(message));
        co_return report;
    }
    std::tuple<std::string, std::string, int> request_tuple(std::string message) {
        return {upper(message), lower(message), length(message)};
    }

    asignalr::generator<std::string> date_stream() {
        for (int item = 0; item < 50; ++item) {
            co_yield time_of_day();
            co_await pause(1s);  // ends here when the client cancels
        }
    }

    asignalr::task<void> upload_stream(asignalr::upload<int> first, double factor, asignalr::upload<double> second) {
        const auto caller = clients().caller();
        caller.send(receive, shown("f", factor));
        while (auto item = co_await asignalr::next_of(first, second))
            std::visit([&](auto number) { caller.send(receive, shown(item->index() == 0 ? "u1" : "u2", number)); }, *item);
        caller.send(receive, "Finished");
    }

private:
    static asignalr::task<void> pause(std::chrono::milliseconds time) {
        asio::steady_timer timer(co_await asio::this_coro::executor, time);
        co_await timer.async_wait(asio::use_awaitable);
    }
    static std::string upper(std::string text) {
        for (char& letter : text)
            if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
        return text;
    }
    static std::string lower(std::string text) {
        for (char& letter : text)
            if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
        return text;
    }
    static int length(const std::string& text) {  // characters: all bytes but UTF-8's continuations
        return static_cast<int>(std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xc0) != 0x80; }));
    }
    static std::string time_of_day() {
        const std::time_t now = std::time(nullptr);
        std::tm local;
        localtime_r(&now, &local);
        char text[16];
        return {text, std::strftime(text, sizeof(text), "%H %M %S", &local)};
    }
    static std::string shown(const char* name, auto number) {
        std::ostringstream text;
        text << name << ": " << number;
        return text.str();
    }
};
