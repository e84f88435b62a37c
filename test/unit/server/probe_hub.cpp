// SPDX-License-Identifier: MIT
#include "probe_hub.hpp"

#include <asignalr/base/error.hpp>
#include <asignalr/hub/method_table.hpp>

#include <algorithm>
#include <any>
#include <cerrno>
#include <chrono>
#include <limits>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace asignalr {

bool codec<detail::lucky_number>::read(value_reader& from, detail::lucky_number& number) {
    if (!from.read(number.value)) return false;
    if (number.value == 13) throw hub_error("not 13");
    return true;
}

}  // namespace asignalr

namespace asignalr::detail {

namespace {

std::string text_of(int bytes) {
    constexpr int longest = 4 * 1024 * 1024;  // whatever a fuzzer asks for
    return std::string(static_cast<std::size_t>(std::clamp(bytes, 0, longest)), 'x');
}

task<int> total_of(upload<int> numbers) {
    int total = 0;
    while (true) {
        const std::optional<int> number = co_await numbers.next();
        if (!number) break;
        total += *number;
    }
    co_return total;
}

}  // namespace

probe_hub::probe_hub(hub_world& world) : world_(world) {
    ++world_.hubs_alive;
    ++world_.hubs_made;
}
probe_hub::~probe_hub() {
    --world_.hubs_alive;
    if (world_.hub_tells_its_items) world_.events.push_back("items at the end:" + recall());
}

void probe_hub::describe(method_table<probe_hub>& methods) {
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

task<void> probe_hub::on_connected() {
    world_.events.push_back("connecting");
    if (world_.connecting_waits) co_await wait_at_gate(world_);
    if (world_.connecting_fails) throw std::runtime_error("no entry");
    world_.events.push_back("connected");
}
task<void> probe_hub::on_disconnected(close_reason reason) {
    clients().caller().send("late");
    if (world_.disconnecting_waits) {
        const event_at_end left(world_, "on_disconnected left");
        co_await wait_at_gate(world_);
    }
    world_.events.push_back("disconnected:" + reason.error.value_or(""));
    co_return;
}

task<std::string> probe_hub::wait(std::string tag) {
    world_.events.push_back("waits:" + tag);
    const event_at_end left(world_, "left:" + tag);
    co_await wait_at_gate(world_);
    co_return tag;
}
generator<int> probe_hub::count(int most) {
    for (int number = 1; number <= most; ++number)
        co_yield number;
}
generator<int> probe_hub::endless() {
    const event_at_end left(world_, "stream left");
    for (int number = 1;; ++number) {
        co_yield number;
        co_await wait_at_gate(world_);
    }
}
generator<std::string> probe_hub::flood(int bytes, int most) {
    for (int item = 0; item < most; ++item) {
        world_.events.push_back("item");
        co_yield text_of(bytes);
    }
}
task<int> probe_hub::sum(upload<int> numbers) {
    const event_at_end left(world_, "upload left");
    co_return co_await total_of(std::move(numbers));
}
task<int> probe_hub::sum_later(upload<int> numbers) {
    const event_at_end left(world_, "upload left");
    co_await wait_at_gate(world_);
    co_return co_await total_of(std::move(numbers));
}
task<void> probe_hub::picky(upload<lucky_number> numbers) {
    while (const auto number = co_await numbers.next()) {
    }
}
void probe_hub::fail(std::string how) {
    if (how == "hub") throw hub_error("shown");
    if (how == "named") throw named_error("InvalidOperationException", "hidden");
    if (how == "system") throw std::system_error(ENOENT, std::generic_category(), "/etc/secret");
    if (how == "number") throw 42;
    throw std::runtime_error("secret");
}
generator<int> probe_hub::fail_streaming(std::string how) {
    co_yield 1;
    fail(std::move(how));
}
task<void> probe_hub::join(std::string group) { co_await groups().add(context().connection_id(), group); }
task<void> probe_hub::leave(std::string group) { co_await groups().remove(context().connection_id(), group); }
void probe_hub::say(std::string whom, std::vector<std::string> names, std::string text) {
    target_of(whom, names).send("heard", std::move(text));
}
void probe_hub::fill(int bytes) { clients().caller().send("filled", text_of(bytes)); }
task<void> probe_hub::paced(int bytes) {
    fill(bytes);
    co_await clients().caller().writable();
}
double probe_hub::not_a_number() { return std::numeric_limits<double>::quiet_NaN(); }
void probe_hub::say_not_a_number() { clients().all().send("heard", not_a_number()); }
void probe_hub::remember(std::string text) { context().items()["text"] = std::move(text); }
std::string probe_hub::recall() { return std::any_cast<std::string>(context().items().at("text")); }
void probe_hub::abort_it() { context().abort(); }
void probe_hub::tell_aborted() {
    world_.events.push_back(context().aborted() ? "aborted" : "not aborted");
    context().abort();
    world_.events.push_back(context().aborted() ? "aborted" : "not aborted");
}
task<void> probe_hub::observe(invocation call) {
    world_.observed = std::move(call);
    co_await wait_at_gate(world_);
}
std::string probe_hub::id() { return std::string(context().connection_id()); }
std::string probe_hub::asked(invocation call, std::string query) {
    const std::optional<std::string> value = context().request().query(query);
    return call.id() + " " + std::string(context().transport_name()) + " " + std::string(context().protocol_name()) + " " +
           std::string(context().request().path()) + " " + std::string(context().request().remote_address()) + " " + value.value_or("-");
}
void probe_hub::trap() { world_.trap(); }
task<void> probe_hub::trap_later() {
    co_await wait_at_gate(world_);
    world_.trap();
    co_await wait_at_gate(world_);
}

client_target probe_hub::target_of(const std::string& whom, const std::vector<std::string>& names) {
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

}  // namespace asignalr::detail
