// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/hub/hub.hpp>
#include <asignalr/runtime/generator.hpp>
#include <asignalr/runtime/invocation.hpp>
#include <asignalr/runtime/task.hpp>
#include <asignalr/runtime/upload.hpp>
#include <asignalr/serialize/codec.hpp>

#include "hub_world.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace asignalr {

template <class Hub>
class method_table;

namespace detail {

/// A number that its codec does not always take.
struct lucky_number {
    std::int64_t value = 0;
};

}  // namespace detail

template <>
struct codec<detail::lucky_number> {
    static bool read(value_reader& from, detail::lucky_number& number);
};

}  // namespace asignalr

namespace asignalr::detail {

/// A hub with everything that the tests of the server call.
class probe_hub final : public hub {
public:
    explicit probe_hub(hub_world& world);
    ~probe_hub() override;

    static void describe(method_table<probe_hub>& methods);

    task<void> on_connected() override;
    task<void> on_disconnected(close_reason reason) override;

    std::string echo(std::string text) { return text; }
    int add(int left, int right) { return left + right; }
    std::int64_t whole(std::int64_t number) { return number; }
    std::uint64_t natural(std::uint64_t number) { return number; }

    task<std::string> wait(std::string tag);
    generator<int> count(int most);
    generator<int> endless();
    generator<std::string> flood(int bytes, int most);
    task<int> sum(upload<int> numbers);
    task<int> sum_later(upload<int> numbers);
    task<void> picky(upload<lucky_number> numbers);
    void fail(std::string how);
    generator<int> fail_streaming(std::string how);
    task<void> join(std::string group);
    task<void> leave(std::string group);
    void say(std::string whom, std::vector<std::string> names, std::string text);
    void fill(int bytes);
    task<void> paced(int bytes);
    double not_a_number();
    void say_not_a_number();
    void remember(std::string text);
    std::string recall();
    void abort_it();
    void tell_aborted();
    task<void> observe(invocation call);
    void guess(lucky_number) {}
    std::string id();
    std::string asked(invocation call, std::string query);
    void trap();
    task<void> trap_later();

private:
    client_target target_of(const std::string& whom, const std::vector<std::string>& names);

    hub_world& world_;
};

}  // namespace asignalr::detail
