// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/server.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

struct custom_object {
    std::string name;
    int value = 0;
};
constexpr auto fields_of(const custom_object*) {
    return asignalr::fields(
        asignalr::field("Name", &custom_object::name), asignalr::field("Value", &custom_object::value));
}

struct complex_object {
    std::optional<std::string> text;
    std::optional<std::vector<int>> numbers;
    std::optional<std::vector<std::byte>> bytes;
    asignalr::guid id;
    asignalr::tick_time time{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}};
};
constexpr auto fields_of(const complex_object*) {
    return asignalr::fields(
        asignalr::field("String", &complex_object::text),
        asignalr::field("IntArray", &complex_object::numbers),
        asignalr::field("ByteArray", &complex_object::bytes),
        asignalr::field("Guid", &complex_object::id),
        asignalr::field("DateTime", &complex_object::time));
}

/// The TestHub of the contract. It asks no client yet.
class test_hub final : public asignalr::hub {
public:
    static void describe(asignalr::method_table<test_hub>& methods);

private:
    std::optional<std::string> echo(std::optional<std::string> message);
    std::string get_caller_connection_id();
    int get_num_redirects();
    void throw_exception(std::string message);
    void invoke_with_string(std::string message);
    void send_custom_object(custom_object object);
    asignalr::generator<std::string> stream();
    asignalr::generator<std::string> infinite_stream();
    asignalr::task<std::string> streaming_concat(asignalr::upload<std::string> items);
    asignalr::generator<int> empty_stream();
    asignalr::generator<std::string> stream_throw_exception(std::string message);
    std::string get_active_transport_name();
    complex_object echo_complex_object(complex_object object);
    complex_object send_complex_object();
    std::optional<std::string> get_content_type_header();
    std::optional<std::string> get_header(std::string name);
    std::optional<std::string> get_cookie(std::string name);

    int add(int left, int right);
    std::int64_t add_long(std::int64_t left, std::int64_t right);
    double echo_double(double value);
    bool echo_bool(bool value);
    std::optional<int> echo_nullable(std::optional<int> value);
    std::optional<std::vector<int>> echo_list(std::optional<std::vector<int>> values);
    std::optional<std::map<std::string, int>> echo_map(std::optional<std::map<std::string, int>> values);
    std::optional<std::vector<std::byte>> echo_bytes(std::optional<std::vector<std::byte>> value);
    void nothing();
    asignalr::task<std::string> slow(int milliseconds);
    asignalr::generator<int> counter(int count, int delay_milliseconds);
    asignalr::generator<int> counter_then_throw(int count);
    void throw_hub_exception(std::string message);
    asignalr::task<int> sum(asignalr::upload<int> items);
    asignalr::task<int> sum_two(asignalr::upload<int> first, asignalr::upload<int> second);
    asignalr::generator<std::string> echo_stream(asignalr::upload<std::string> items);
    std::string ignore_upload(asignalr::upload<int> items);
    std::string ask_caller(std::string text);
    void abort();
};
