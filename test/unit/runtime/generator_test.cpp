// SPDX-License-Identifier: MIT
#include "lane_fixture.hpp"

#include <asignalr/runtime/generator.hpp>

#include <asio/post.hpp>

#include <memory>

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;
using texts = std::vector<std::string>;

class generators : public lane_test {
protected:
    /// Runs a consumer as a job, as hub calls do.
    std::string drive(test_job::body body) {
        test_job work(std::move(body));
        start(work);
        return work.text;
    }
};

template <class Item>
asio::awaitable<void> collect(generator<Item> from, std::vector<Item>& into) {
    while (std::optional<Item> item = co_await from.next())
        into.push_back(std::move(*item));
}

generator<std::string> letters() {
    const std::string kept = "lvalue that does not fit into the object itself";
    co_yield "literal";
    co_yield kept;
    co_yield std::string("temporary");
    co_yield kept;
}

generator<std::unique_ptr<int>> pointers() {
    for (int number = 0; number < 3; ++number)
        co_yield std::make_unique<int>(number);
}

generator<int> none() { co_return; }

TEST_F(generators, yield_values_lvalues_literals_and_move_only_items) {
    texts seen;
    EXPECT_EQ(drive([&] { return collect(letters(), seen); }), "fine");
    const std::string kept = "lvalue that does not fit into the object itself";
    EXPECT_EQ(seen, (texts{"literal", kept, "temporary", kept}));
    std::vector<std::unique_ptr<int>> owned;
    EXPECT_EQ(drive([&] { return collect(pointers(), owned); }), "fine");
    ASSERT_EQ(owned.size(), 3u);
    EXPECT_EQ(*owned[2], 2);
    std::vector<int> nothing;
    EXPECT_EQ(drive([&] { return collect(none(), nothing); }), "fine");
    EXPECT_TRUE(nothing.empty());
}

task<int> later(int value) {
    co_await asio::post(asio::use_awaitable);
    co_return value;
}

generator<int> awaiting() {
    for (int index = 0; index < 3; ++index) {
        const int value = co_await later(index * 10);
        co_yield value;
        asio::steady_timer timer(co_await asio::this_coro::executor, 0ms);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

generator<int> doubled(generator<int> from) {
    while (std::optional<int> item = co_await from.next()) {
        const int twice = *item * 2;
        co_yield twice;
    }
}

TEST_F(generators, may_await_and_consume_other_generators) {
    std::vector<int> seen;
    test_job work([&] { return collect(doubled(awaiting()), seen); });
    start(work);
    while (work.times_done == 0)
        run();
    EXPECT_EQ(seen, (std::vector<int>{0, 20, 40}));
}

task<void> fail_later() {
    co_await asio::post(asio::use_awaitable);
    throw std::runtime_error("child");
}

generator<std::string> catching(bool pass_on) {
    std::string caught;
    try {
        co_await fail_later();
    } catch (const std::runtime_error& error) {
        caught = error.what();
    }
    co_yield caught;
    if (pass_on) throw std::runtime_error("body");
}

TEST_F(generators, exceptions_travel_from_child_to_body_to_consumer) {
    texts seen;
    EXPECT_EQ(drive([&] { return collect(catching(false), seen); }), "fine");
    EXPECT_EQ(drive([&] { return collect(catching(true), seen); }), "body");
    EXPECT_EQ(seen, (texts{"child", "child"}));
}

asio::awaitable<void> ask_after_the_end(int& empties) {
    generator<int> from = none();
    for (int attempt = 0; attempt < 3; ++attempt) {
        const std::optional<int> item = co_await from.next();
        if (!item) ++empties;
    }
}

TEST_F(generators, the_end_stays_the_end) {
    int empties = 0;
    EXPECT_EQ(drive([&] { return ask_after_the_end(empties); }), "fine");
    EXPECT_EQ(empties, 3);
}

generator<int> noticed(int& unwound, int& started) {
    ++started;
    const notice seen(unwound);
    for (int number = 0;; ++number)
        co_yield number;
}

asio::awaitable<void> take_some(generator<int> from, int count) {
    for (int index = 0; index < count; ++index)
        co_await from.next();
}

TEST_F(generators, may_be_destroyed_unstarted_or_at_a_yield) {
    int unwound = 0, started = 0;
    { const generator<int> unused = noticed(unwound, started); }
    EXPECT_EQ(started, 0);
    EXPECT_EQ(drive([&] { return take_some(noticed(unwound, started), 2); }), "fine");
    EXPECT_EQ(started, 1);
    EXPECT_EQ(unwound, 1);
    generator<int> one = noticed(unwound, started);
    generator<int> other = std::move(one);
    one = std::move(other);
    EXPECT_EQ(started, 1);
}

generator<int> waits(int& unwound, std::string& seen) {
    const notice leaves(unwound);
    co_yield 1;
    try {
        co_await forever();
    } catch (const std::system_error& error) {
        seen = error.code() == asio::error::operation_aborted ? "aborted" : "other";
        throw;
    }
}

TEST_F(generators, cancel_reaches_the_body_where_it_waits) {
    for (int round = 0; round < 50; ++round) {
        int unwound = 0;
        std::string seen;
        std::vector<int> items;
        test_job work([&] { return collect(waits(unwound, seen), items); });
        start(work);
        EXPECT_EQ(items, std::vector<int>{1});
        on_lane([&] { work.cancel_now(); });
        EXPECT_EQ(work.text, "aborted");
        EXPECT_EQ(seen, "aborted");
        EXPECT_EQ(unwound, 1);
        EXPECT_EQ(home->idle_runners(), 1u);
    }
}

generator<int> stubborn(int& refusals, bool reset) {
    for (int attempt = 0; attempt < 3; ++attempt) {
        try {
            co_await forever();
        } catch (const std::system_error&) {
            ++refusals;
            if (reset) break;
        }
    }
    const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
    EXPECT_EQ(state.cancelled() != asio::cancellation_type::none, true);
    if (!reset) co_return;
    co_await asio::this_coro::reset_cancellation_state();
    co_await later(0);  // an orderly end
    refusals += 10;
}

TEST_F(generators, a_cancelled_body_is_cancelled_at_every_await_until_it_resets) {
    int sticky = 0, orderly = 0;
    std::vector<int> items;
    test_job first([&] { return collect(stubborn(sticky, false), items); });
    start(first);
    on_lane([&] { first.cancel_now(); });
    EXPECT_EQ(sticky, 3);
    test_job second([&] { return collect(stubborn(orderly, true), items); });
    start(second);
    on_lane([&] { second.cancel_now(); });
    EXPECT_EQ(orderly, 11);
    EXPECT_EQ(home->idle_runners(), 1u);
}

generator<int> asks() {
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_yield throws ? 1 : 0;
    const bool before = co_await asio::this_coro::throw_if_cancelled(false);
    co_yield before ? 1 : 0;
    const bool after = co_await asio::this_coro::throw_if_cancelled();
    co_yield after ? 1 : 0;
}

TEST_F(generators, questions_to_this_coro_are_those_of_the_driver) {
    std::vector<int> items;
    EXPECT_EQ(drive([&] { return collect(asks(), items); }), "fine");
    EXPECT_EQ(items, (std::vector<int>{1, 1, 0}));
}

TEST(generator, a_context_may_be_destroyed_while_a_body_waits) {
    int unwound = 0;
    std::string seen;
    std::vector<int> items;
    test_job work([&] { return collect(waits(unwound, seen), items); });
    {
        asio::io_context context(1);
        const auto home = lane::on_context(context, {.sweeps_itself = false});
        home->post([&] { home->start(work); });
        context.poll();
    }
    EXPECT_EQ(unwound, 1);
    EXPECT_EQ(seen, "");  // destroyed, not resumed
    EXPECT_EQ(work.times_done, 1);
    EXPECT_EQ(work.text, "aborted");
}

generator<int> ten_thousand() {
    for (int number = 0; number < 10'000; ++number)
        co_yield number;
}

TEST_F(generators, many_items_cost_no_stack) {
    std::vector<int> items;
    EXPECT_EQ(drive([&] { return collect(ten_thousand(), items); }), "fine");
    EXPECT_EQ(items.size(), 10'000u);
}

}  // namespace
}  // namespace asignalr::detail
