// SPDX-License-Identifier: MIT
#include "test_hub.hpp"

#include "later_work.hpp"
#include "pause.hpp"

#include <asio/post.hpp>

using namespace asignalr;

namespace {

std::optional<std::string> owned(std::optional<std::string_view> text) {
    if (!text) return std::nullopt;
    return std::string(*text);
}

/// Tells a client that a stream ended, however it did.
struct stream_farewell {
    client_target caller;
    ~stream_farewell() { caller.send("StreamCanceled"); }
};

generator<std::string> wait_for_cancel(client_target caller) {
    const stream_farewell farewell{std::move(caller)};
    while (true)
        co_await pause_for(3'600'000);
    co_yield "";
}

}  // namespace

void test_hub::describe(method_table<test_hub>& methods) {
    methods.expose<&test_hub::echo>("Echo");
    methods.expose<&test_hub::get_caller_connection_id>("GetCallerConnectionId");
    methods.expose<&test_hub::get_num_redirects>("GetNumRedirects");
    methods.expose<&test_hub::throw_exception>("ThrowException");
    methods.expose<&test_hub::invoke_with_string>("InvokeWithString");
    methods.expose<&test_hub::send_custom_object>("SendCustomObject");
    methods.expose<&test_hub::stream>("Stream");
    methods.expose<&test_hub::infinite_stream>("InfiniteStream");
    methods.expose<&test_hub::streaming_concat>("StreamingConcat");
    methods.expose<&test_hub::empty_stream>("EmptyStream");
    methods.expose<&test_hub::stream_throw_exception>("StreamThrowException");
    methods.expose<&test_hub::get_active_transport_name>("GetActiveTransportName");
    methods.expose<&test_hub::echo_complex_object>("EchoComplexObject");
    methods.expose<&test_hub::send_complex_object>("SendComplexObject");
    methods.expose<&test_hub::get_content_type_header>("GetContentTypeHeader");
    methods.expose<&test_hub::get_header>("GetHeader");
    methods.expose<&test_hub::get_cookie>("GetCookie");
    methods.expose<&test_hub::add>("Add");
    methods.expose<&test_hub::add_long>("AddLong");
    methods.expose<&test_hub::echo_double>("EchoDouble");
    methods.expose<&test_hub::echo_bool>("EchoBool");
    methods.expose<&test_hub::echo_nullable>("EchoNullable");
    methods.expose<&test_hub::echo_list>("EchoList");
    methods.expose<&test_hub::echo_map>("EchoMap");
    methods.expose<&test_hub::echo_bytes>("EchoBytes");
    methods.expose<&test_hub::nothing>("Void");
    methods.expose<&test_hub::slow>("Slow");
    methods.expose<&test_hub::counter>("Counter");
    methods.expose<&test_hub::counter_then_throw>("CounterThenThrow");
    methods.expose<&test_hub::throw_hub_exception>("ThrowHubException");
    methods.expose<&test_hub::sum>("Sum");
    methods.expose<&test_hub::sum_two>("SumTwo");
    methods.expose<&test_hub::echo_stream>("EchoStream");
    methods.expose<&test_hub::ignore_upload>("IgnoreUpload");
    methods.expose<&test_hub::ask_caller>("AskCaller");
    methods.expose<&test_hub::abort>("Abort");
}

std::optional<std::string> test_hub::echo(std::optional<std::string> message) { return message; }
std::string test_hub::get_caller_connection_id() { return std::string(context().connection_id()); }
int test_hub::get_num_redirects() { return std::stoi(context().request().query("numRedirects").value_or("0")); }
void test_hub::throw_exception(std::string message) { throw named_error("InvalidOperationException", message); }
void test_hub::invoke_with_string(std::string message) {
    clients().client(context().connection_id()).send("Message", message);
}
void test_hub::send_custom_object(custom_object object) { clients().caller().send("CustomObject", object); }

generator<std::string> test_hub::stream() {
    co_yield "a";
    co_yield "b";
    co_yield "c";
}

generator<std::string> test_hub::infinite_stream() { return wait_for_cancel(clients().caller()); }

task<std::string> test_hub::streaming_concat(upload<std::string> items) {
    std::string all;
    while (const auto item = co_await items.next())
        all += *item;
    co_return all;
}

generator<int> test_hub::empty_stream() { co_return; }

// Fails before there is a stream.
generator<std::string> test_hub::stream_throw_exception(std::string message) {
    throw named_error("InvalidOperationException", message);
}

std::string test_hub::get_active_transport_name() { return std::string(context().transport_name()); }
complex_object test_hub::echo_complex_object(complex_object object) { return object; }

complex_object test_hub::send_complex_object() {
    complex_object object;
    object.text = "hello world";
    object.numbers = {{1, 2, 3}};
    object.bytes = {{std::byte{1}, std::byte{2}, std::byte{3}}};
    object.id = *guid::parse("00010203-0405-0607-0706-050403020100");
    object.time = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};
    return object;
}

std::optional<std::string> test_hub::get_content_type_header() { return owned(context().request().header("Content-Type")); }
std::optional<std::string> test_hub::get_header(std::string name) { return owned(context().request().header(name)); }
std::optional<std::string> test_hub::get_cookie(std::string name) { return owned(context().request().cookie(name)); }

int test_hub::add(int left, int right) { return static_cast<int>(static_cast<unsigned>(left) + static_cast<unsigned>(right)); }
std::int64_t test_hub::add_long(std::int64_t left, std::int64_t right) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(left) + static_cast<std::uint64_t>(right));
}
double test_hub::echo_double(double value) { return value; }
bool test_hub::echo_bool(bool value) { return value; }
std::optional<int> test_hub::echo_nullable(std::optional<int> value) { return value; }
std::optional<std::vector<int>> test_hub::echo_list(std::optional<std::vector<int>> values) { return values; }
std::optional<std::map<std::string, int>> test_hub::echo_map(std::optional<std::map<std::string, int>> values) {
    return values;
}
std::optional<std::vector<std::byte>> test_hub::echo_bytes(std::optional<std::vector<std::byte>> value) { return value; }
void test_hub::nothing() {}

task<std::string> test_hub::slow(int milliseconds) {
    co_await pause_for(milliseconds);
    co_return "done";
}

generator<int> test_hub::counter(int count, int delay_milliseconds) {
    for (int item = 0; item < count; ++item) {
        co_await pause_for(delay_milliseconds);
        co_yield item;
    }
}

generator<int> test_hub::counter_then_throw(int count) {
    for (int item = 0; item < count; ++item) {
        co_await asio::post(asio::use_awaitable);
        co_yield item;
    }
    throw named_error("InvalidOperationException", "stream failed");
}

void test_hub::throw_hub_exception(std::string message) { throw hub_error(message); }

task<int> test_hub::sum(upload<int> items) {
    int total = 0;
    while (const auto item = co_await items.next())
        total += *item;
    co_return total;
}

task<int> test_hub::sum_two(upload<int> first, upload<int> second) {
    int total = 0;
    while (const auto item = co_await next_of(first, second))
        total += item->index() == 0 ? std::get<0>(*item) : std::get<1>(*item);
    co_return total;
}

generator<std::string> test_hub::echo_stream(upload<std::string> items) {
    while (auto item = co_await items.next())
        co_yield *item;
}

std::string test_hub::ignore_upload(upload<int>) { return "ignored"; }

std::string test_hub::ask_caller(std::string) { not_served_yet("Questions to clients"); }

void test_hub::abort() { context().abort(); }
