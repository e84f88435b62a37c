// SPDX-License-Identifier: MIT
#include "testing/test_world.hpp"

#include "log/log.hpp"
#include "server/server_access.hpp"
#include "server/server_core.hpp"
#include "transport/memory_exchange.hpp"
#include "transport/memory_transport.hpp"

#include <asio/execution/context.hpp>
#include <asio/query.hpp>

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <typeinfo>

namespace asignalr::detail {
namespace {

using wall_clock = std::chrono::steady_clock;

// Handlers that are run when the time is up: a busy machine must not make a test fail. But what never ends has to.
constexpr std::size_t most_overtime = 10'000;

using context_executor = asio::io_context::executor_type;

std::shared_ptr<lane> only_lane_of(server_core& core) {
    lane& first = core.at(0).where();
    if (core.lane_count() != 1 || first.executor().target_type() != typeid(context_executor))
        throw std::logic_error("asignalr: a test_bench needs a server that was made from an io_context");
    return first.shared_from_this();
}

asio::io_context& context_of(const lane& where) {
    return asio::query(*where.executor().target<context_executor>(), asio::execution::context);
}

[[noreturn]] void give_up(std::string_view what) {
    throw std::system_error(std::make_error_code(std::errc::timed_out), "asignalr: " + std::string(what) + " did not come");
}

}  // namespace

test_world::test_world(server& tested, std::chrono::milliseconds patience)
    : core_(server_access::core(tested)),
      where_(only_lane_of(*server_access::core(tested))),
      context_(&context_of(*where_)),
      clock_(std::make_shared<manual_clock>(where_->now())),
      patience_(patience) {
    where_->give_time_to(clock_);
}

void test_world::check_outside() const {
    if (where_->here())
        throw std::logic_error("asignalr: inside a handler of the server's context use the async_ functions: this one runs the context");
}

void test_world::run_until(const std::function<bool()>& done, std::string_view what) const {
    check_outside();
    const auto limit = wall_clock::now() + patience_;
    std::size_t overtime = 0;
    context_->restart();
    while (!done()) {
        if (context_->run_one_until(limit) > 0) continue;
        context_->restart();
        if (++overtime > most_overtime || context_->poll_one() == 0) give_up(what);
    }
}

void test_world::settle() const {
    check_outside();
    const auto limit = wall_clock::now() + patience_;
    std::size_t overtime = 0;
    context_->restart();
    while (context_->poll_one() > 0)
        if (wall_clock::now() > limit && ++overtime > most_overtime) give_up("the end of what the server does");
}

void test_world::advance(std::chrono::milliseconds time) {
    settle();
    while (time > std::chrono::milliseconds::zero()) {
        const auto step = std::min(time, sweeper::tick_interval - since_tick_);
        time -= step;
        clock_->advance(step);
        since_tick_ += step;
        if (since_tick_ < sweeper::tick_interval) return;
        since_tick_ = {};
        where_->post([lane = where_] { lane->sweep().tick_all(lane->now()); });
        settle();
    }
}

std::shared_ptr<server_core> test_world::core() const {
    auto core = core_.lock();
    if (!core) throw std::logic_error("asignalr: the server of this test_bench is gone");
    return core;
}

http_response test_world::ask(http_request request) const {
    const auto core = this->core();
    core->proxies().apply(request);
    const auto asked = std::make_shared<memory_exchange>(*where_, std::move(request));
    where_->post([core, asked] { core->at(0).serve(asked); });
    run_until([&] { return asked->answer().has_value(); }, "the answer to a request");
    return *asked->answer();
}

std::unique_ptr<transport> test_world::open(http_request request) const {
    const auto core = this->core();
    core->proxies().apply(request);
    auto [server_end, client_end] = memory_transport::make_pair(*where_);
    const auto asked = std::make_shared<memory_exchange>(*where_, std::move(request), std::move(server_end));
    where_->post([core, asked] { core->at(0).serve(asked); });
    run_until([&] { return asked->answer() || !asked->asks_for_transport(); }, "the answer to a request");
    if (asked->answer())
        throw std::runtime_error(
            "asignalr: the connection was refused with " + std::to_string(asked->answer()->status) + " " +
            escaped(asked->answer()->body));
    return std::move(client_end);
}

}  // namespace asignalr::detail
