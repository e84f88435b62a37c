// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/error.hpp>
#include <asignalr/hub/method_table.hpp>
#include <asignalr/runtime/generator.hpp>
#include <asignalr/runtime/invocation.hpp>
#include <asignalr/runtime/task.hpp>
#include <asignalr/runtime/upload.hpp>

#include <asio/io_context.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace asignalr {

namespace detail {

/// A number that its codec does not always take.
struct lucky_number {
    std::int64_t value = 0;
};

}  // namespace detail

template <>
struct codec<detail::lucky_number> {
    static bool read(value_reader& from, detail::lucky_number& number) {
        if (!from.read(number.value)) return false;
        if (number.value == 13) throw hub_error("not 13");
        return true;
    }
};

}  // namespace asignalr

namespace asignalr::detail {

/// What a test and its hubs have in common.
struct hub_world {
    explicit hub_world(asio::io_context& context) : gate(std::in_place, context, asio::steady_timer::time_point::max()) {}

    /// Lets go on whoever waits at the gate now.
    void open_gate() { gate->cancel(); }
    std::size_t times(std::string_view event) const {
        return static_cast<std::size_t>(std::count(events.begin(), events.end(), event));
    }

    std::optional<asio::steady_timer> gate;
    std::vector<std::string> events;
    int hubs_alive = 0;
    int hubs_made = 0;
    bool connecting_fails = false;
    bool connecting_waits = false;
    bool disconnecting_waits = false;
    bool making_fails = false;
    bool hub_tells_its_items = false;
    std::optional<invocation> observed;  ///< Of `Observe`.
    std::function<void()> trap;  ///< What `Trap` runs.
};

/// Ends when the gate opens; throws when the call is cancelled.
inline task<void> wait_at_gate(hub_world& world) {
    std::error_code error;
    co_await world.gate->async_wait(asio::redirect_error(asio::use_awaitable, error));
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) throw std::system_error(asio::error::operation_aborted);
}

/// Tells the world that it is destroyed.
class event_at_end {
public:
    event_at_end(hub_world& world, std::string event) : world_(world), event_(std::move(event)) {}
    event_at_end(const event_at_end&) = delete;
    event_at_end& operator=(const event_at_end&) = delete;
    ~event_at_end() { world_.events.push_back(event_); }

private:
    hub_world& world_;
    std::string event_;
};

/// A hub with everything that the tests of the server call.
class probe_hub final : public hub {
public:
    explicit probe_hub(hub_world& world) : world_(world) {
        ++world_.hubs_alive;
        ++world_.hubs_made;
    }
    ~probe_hub() override {
        --world_.hubs_alive;
        if (world_.hub_tells_its_items) world_.events.push_back("items at the end:" + recall());
    }

    static void describe(method_table<probe_hub>& methods) {
        methods.expose<&probe_hub::echo>("Echo");
        methods.expose<&probe_hub::add>("Add");
        methods.expose<&probe_hub::whole>("Whole");
        methods.expose<&probe_hub::natural>("Natural");
        methods.expose<&probe_hub::wait>("Wait");
        methods.expose<&probe_hub::wait>("WaitOrLeave", {.when_client_leaves = when_client_leaves::cancel});
        methods.expose<&probe_hub::wait>("WaitASecond", {.deadline = std::chrono::seconds(1)});
        methods.expose<&probe_hub::count>("Count");
        methods.expose<&probe_hub::endless>("Endless");
        methods.expose<&probe_hub::flood>("Flood");
        methods.expose<&probe_hub::sum>("Sum");
        methods.expose<&probe_hub::sum_later>("SumLater");
        methods.expose<&probe_hub::picky>("Picky");
        methods.expose<&probe_hub::fail>("Fail");
        methods.expose<&probe_hub::fail_streaming>("FailStreaming");
        methods.expose<&probe_hub::join>("Join");
        methods.expose<&probe_hub::leave>("Leave");
        methods.expose<&probe_hub::say>("Say");
        methods.expose<&probe_hub::fill>("Fill");
        methods.expose<&probe_hub::paced>("Paced");
        methods.expose<&probe_hub::not_a_number>("NotANumber");
        methods.expose<&probe_hub::say_not_a_number>("SayNotANumber");
        methods.expose<&probe_hub::remember>("Remember");
        methods.expose<&probe_hub::recall>("Recall");
        methods.expose<&probe_hub::abort_it>("Abort");
        methods.expose<&probe_hub::tell_aborted>("TellAborted");
        methods.expose<&probe_hub::observe>("Observe", {.deadline = std::chrono::seconds(10)});
        methods.expose<&probe_hub::guess>("Guess");
        methods.expose<&probe_hub::id>("Id");
        methods.expose<&probe_hub::asked>("Asked");
        methods.expose<&probe_hub::trap>("Trap");
        methods.expose<&probe_hub::trap_later>("TrapLater");
    }

    task<void> on_connected() override {
        world_.events.push_back("connecting");
        if (world_.connecting_waits) co_await wait_at_gate(world_);
        if (world_.connecting_fails) throw std::runtime_error("no entry");
        world_.events.push_back("connected");
    }
    task<void> on_disconnected(close_reason reason) override {
        clients().caller().send("late");
        if (world_.disconnecting_waits) {
            const event_at_end left(world_, "on_disconnected left");
            co_await wait_at_gate(world_);
        }
        world_.events.push_back("disconnected:" + reason.error.value_or(""));
        co_return;
    }

    std::string echo(std::string text) { return text; }
    int add(int left, int right) { return left + right; }
    std::int64_t whole(std::int64_t number) { return number; }
    std::uint64_t natural(std::uint64_t number) { return number; }

    task<std::string> wait(std::string tag) {
        world_.events.push_back("waits:" + tag);
        const event_at_end left(world_, "left:" + tag);
        co_await wait_at_gate(world_);
        co_return tag;
    }
    generator<int> count(int most) {
        for (int number = 1; number <= most; ++number)
            co_yield number;
    }
    generator<int> endless() {
        const event_at_end left(world_, "stream left");
        for (int number = 1;; ++number) {
            co_yield number;
            co_await wait_at_gate(world_);
        }
    }
    generator<std::string> flood(int bytes, int most) {
        for (int item = 0; item < most; ++item) {
            world_.events.push_back("item");
            co_yield text_of(bytes);
        }
    }
    task<int> sum(upload<int> numbers) {
        const event_at_end left(world_, "upload left");
        int total = 0;
        while (true) {
            const std::optional<int> number = co_await numbers.next();
            if (!number) break;
            total += *number;
        }
        co_return total;
    }
    task<int> sum_later(upload<int> numbers) {
        const event_at_end left(world_, "upload left");
        co_await wait_at_gate(world_);
        int total = 0;
        while (true) {
            const std::optional<int> number = co_await numbers.next();
            if (!number) break;
            total += *number;
        }
        co_return total;
    }
    task<void> picky(upload<lucky_number> numbers) {
        while (const auto number = co_await numbers.next()) {
        }
    }
    void fail(std::string how) {
        if (how == "hub") throw hub_error("shown");
        if (how == "named") throw named_error("InvalidOperationException", "hidden");
        if (how == "system") throw std::system_error(ENOENT, std::generic_category(), "/etc/secret");
        if (how == "number") throw 42;
        throw std::runtime_error("secret");
    }
    generator<int> fail_streaming(std::string how) {
        co_yield 1;
        fail(std::move(how));
    }
    task<void> join(std::string group) { co_await groups().add(context().connection_id(), group); }
    task<void> leave(std::string group) { co_await groups().remove(context().connection_id(), group); }
    void say(std::string whom, std::vector<std::string> names, std::string text) {
        target_of(whom, names).send("heard", std::move(text));
    }
    void fill(int bytes) { clients().caller().send("filled", text_of(bytes)); }
    task<void> paced(int bytes) {
        fill(bytes);
        co_await clients().caller().writable();
    }
    double not_a_number() { return std::numeric_limits<double>::quiet_NaN(); }
    void say_not_a_number() { clients().all().send("heard", not_a_number()); }
    void remember(std::string text) { context().items()["text"] = std::move(text); }
    std::string recall() { return std::any_cast<std::string>(context().items().at("text")); }
    void abort_it() { context().abort(); }
    void tell_aborted() {
        world_.events.push_back(context().aborted() ? "aborted" : "not aborted");
        context().abort();
        world_.events.push_back(context().aborted() ? "aborted" : "not aborted");
    }
    task<void> observe(invocation call) {
        world_.observed = std::move(call);
        co_await wait_at_gate(world_);
    }
    void guess(lucky_number) {}
    std::string id() { return std::string(context().connection_id()); }
    std::string asked(invocation call, std::string query) {
        const std::optional<std::string> value = context().request().query(query);
        return call.id() + " " + std::string(context().transport_name()) + " " + std::string(context().protocol_name()) + " " +
               std::string(context().request().path()) + " " + std::string(context().request().remote_address()) + " " +
               value.value_or("-");
    }
    void trap() { world_.trap(); }
    task<void> trap_later() {
        co_await wait_at_gate(world_);
        world_.trap();
        co_await wait_at_gate(world_);
    }

private:
    static std::string text_of(int bytes) {
        constexpr int longest = 4 * 1024 * 1024;  // whatever a fuzzer asks for
        return std::string(static_cast<std::size_t>(std::clamp(bytes, 0, longest)), 'x');
    }
    client_target target_of(const std::string& whom, const std::vector<std::string>& names) {
        if (whom == "all") return clients().all();
        if (whom == "all_except") return clients().all_except(names);
        if (whom == "others") return clients().others();
        if (whom == "caller") return clients().caller();
        if (whom == "client") return clients().client(names.at(0));
        if (whom == "clients") return clients().clients(names);
        if (whom == "group") return clients().group(names.at(0));
        if (whom == "groups") return clients().groups(names);
        if (whom == "group_except") return clients().group_except(names.at(0), {names.begin() + 1, names.end()});
        if (whom == "others_in_group") return clients().others_in_group(names.at(0));
        throw hub_error("nobody");
    }

    hub_world& world_;
};

}  // namespace asignalr::detail
