// SPDX-License-Identifier: MIT
#include "lane_fixture.hpp"

#include <asignalr/base/error.hpp>
#include <asignalr/runtime/upload.hpp>

#include <algorithm>
#include <memory>

namespace asignalr::detail {
namespace {

using texts = std::vector<std::string>;

class room_counter final : public upload_observer {
public:
    void on_upload_room() override { ++times; }
    int times = 0;
};

std::shared_ptr<upload_queue<int>> numbers(std::size_t capacity = 10, upload_observer* observer = nullptr) {
    return std::make_shared<upload_queue<int>>(capacity, observer);
}

asio::awaitable<void> take_all(upload<int> from, std::vector<int>& into) {
    while (const std::optional<int> item = co_await from.next())
        into.push_back(*item);
}

asio::awaitable<void> take(upload<int> from, std::vector<int>& into, int count) {
    for (int index = 0; index < count; ++index) {
        const std::optional<int> item = co_await from.next();
        into.push_back(item.value_or(-1));
    }
}

class uploads : public lane_test {};

TEST_F(uploads, deliver_in_order_what_waits_and_what_comes) {
    const auto queue = numbers();
    std::vector<int> seen;
    queue->push(1);
    queue->push(2);
    test_job work([&] { return take_all(upload<int>(queue), seen); });
    start(work);
    EXPECT_EQ(seen, (std::vector<int>{1, 2}));
    on_lane([&] { queue->push(3); });
    EXPECT_EQ(seen.back(), 3);
    on_lane([&] {
        queue->push(4);
        queue->end(nullptr);
    });
    EXPECT_EQ(seen, (std::vector<int>{1, 2, 3, 4}));
    EXPECT_EQ(work.text, "fine");
}

TEST_F(uploads, the_end_comes_behind_the_items_and_stays) {
    const auto queue = numbers();
    queue->push(1);
    queue->end(nullptr);
    queue->end(std::make_exception_ptr(hub_error("too late")));
    std::vector<int> seen;
    test_job work([&] { return take(upload<int>(queue), seen, 4); });
    start(work);
    EXPECT_EQ(seen, (std::vector<int>{1, -1, -1, -1}));
}

TEST_F(uploads, an_error_comes_behind_the_items_and_once) {
    const auto queue = numbers();
    queue->push(1);
    queue->end(std::make_exception_ptr(hub_error("broken upload")));
    std::vector<int> seen;
    test_job work([&] { return take_all(upload<int>(queue), seen); });
    start(work);
    EXPECT_EQ(seen, std::vector<int>{1});
    EXPECT_EQ(work.text, "broken upload");
    test_job again([&] { return take_all(upload<int>(queue), seen); });
    start(again);
    EXPECT_EQ(again.text, "fine");
}

TEST_F(uploads, an_error_wakes_whoever_waits) {
    const auto queue = numbers();
    std::vector<int> seen;
    test_job work([&] { return take_all(upload<int>(queue), seen); });
    start(work);
    on_lane([&] { queue->end(std::make_exception_ptr(hub_error("gone"))); });
    EXPECT_EQ(work.text, "gone");
}

TEST_F(uploads, one_item_over_the_capacity_holds_the_sender_up) {
    room_counter room;
    const auto queue = numbers(2, &room);
    queue->push(1);
    queue->push(2);
    EXPECT_FALSE(queue->over_full());
    queue->push(3);
    EXPECT_TRUE(queue->over_full());
    queue->push(4);  // nobody should; dropped
    std::vector<int> seen;
    test_job first([&] { return take(upload<int>(queue), seen, 1); });
    start(first);
    EXPECT_EQ(room.times, 1);
    EXPECT_FALSE(queue->over_full());
    test_job rest([&] { return take(upload<int>(queue), seen, 2); });
    start(rest);
    EXPECT_EQ(room.times, 1);
    EXPECT_EQ(seen, (std::vector<int>{1, 2, 3}));
    queue->forget_observer();
    for (int item = 0; item < 3; ++item)
        queue->push(item);
    test_job last([&] { return take(upload<int>(queue), seen, 3); });
    start(last);
    EXPECT_EQ(room.times, 1);
}

TEST_F(uploads, cancel_while_parked_loses_nothing) {
    for (int round = 0; round < 50; ++round) {
        const auto queue = numbers();
        std::vector<int> seen;
        test_job work([&] { return take_all(upload<int>(queue), seen); });
        start(work);
        on_lane([&] { work.cancel_now(); });
        EXPECT_EQ(work.text, "aborted");
        EXPECT_FALSE(work.inside_cancel);
        queue->push(round);
        test_job next([&] { return take(upload<int>(queue), seen, 1); });
        start(next);
        EXPECT_EQ(seen, std::vector<int>{round});
        EXPECT_EQ(queue.use_count(), 1);
    }
}

TEST_F(uploads, cancel_and_an_item_in_the_same_turn_lose_nothing) {
    for (const bool cancel_first : {false, true}) {
        const auto queue = numbers();
        std::vector<int> seen;
        test_job work([&] { return take_all(upload<int>(queue), seen); });
        start(work);
        on_lane([&] {
            if (cancel_first) work.cancel_now();
            queue->push(1);
            if (!cancel_first) work.cancel_now();
        });
        EXPECT_EQ(work.text, "aborted") << cancel_first;
        queue->push(2);
        test_job next([&] { return take(upload<int>(queue), seen, seen.empty() ? 2 : 1); });
        start(next);
        EXPECT_EQ(seen, (std::vector<int>{1, 2})) << cancel_first;
    }
}

// ---- next_of

asio::awaitable<void> take_from_both(upload<int> left, upload<std::string> right, texts& seen) {
    while (auto item = co_await next_of(left, right))
        seen.push_back(item->index() == 0 ? std::to_string(std::get<0>(*item)) : std::get<1>(*item));
}

class two_uploads : public uploads {
protected:
    std::shared_ptr<upload_queue<int>> left = numbers();
    std::shared_ptr<upload_queue<std::string>> right = std::make_shared<upload_queue<std::string>>(10, nullptr);
    texts seen;
    test_job work{[this] { return take_from_both(upload<int>(left), upload<std::string>(right), seen); }};
};

TEST_F(two_uploads, alternate_when_both_have_items) {
    for (int item = 0; item < 4; ++item) {
        left->push(item);
        right->push(std::string(1, static_cast<char>('a' + item)));
    }
    start(work);
    ASSERT_EQ(seen.size(), 8u);
    for (std::size_t index = 2; index < seen.size(); ++index)
        EXPECT_EQ(std::isdigit(seen[index][0]) != 0, std::isdigit(seen[index - 2][0]) != 0);
    EXPECT_NE(std::isdigit(seen[0][0]) != 0, std::isdigit(seen[1][0]) != 0);
    on_lane([&] {
        left->end(nullptr);
        right->end(nullptr);
    });
    EXPECT_EQ(work.text, "fine");
}

TEST_F(two_uploads, wait_for_whichever_comes_and_lose_none) {
    start(work);
    for (int item = 0; item < 100; ++item)
        on_lane([&] {
            if (item % 3 == 0) left->push(item);
            if (item % 2 == 0) right->push("r" + std::to_string(item));
        });
    on_lane([&] { left->end(nullptr); });
    on_lane([&] { right->push("last"); });
    EXPECT_EQ(work.times_done, 0);
    on_lane([&] { right->end(nullptr); });
    EXPECT_EQ(work.text, "fine");
    EXPECT_EQ(seen.size(), 34u + 50u + 1u);
    EXPECT_EQ(seen.back(), "last");
    const auto is_left = [](const std::string& item) { return std::isdigit(item[0]) != 0; };
    texts lefts;
    std::copy_if(seen.begin(), seen.end(), std::back_inserter(lefts), is_left);
    for (std::size_t index = 0; index < lefts.size(); ++index)
        EXPECT_EQ(lefts[index], std::to_string(3 * index));
}

TEST_F(two_uploads, one_that_has_ended_does_not_hide_the_other) {
    left->end(nullptr);
    right->push("a");
    start(work);
    EXPECT_EQ(seen, texts{"a"});
    EXPECT_EQ(work.times_done, 0);
    on_lane([&] { right->end(nullptr); });
    EXPECT_EQ(work.text, "fine");
}

TEST_F(two_uploads, an_error_of_either_is_thrown) {
    right->push("a");
    start(work);
    on_lane([&] { right->end(std::make_exception_ptr(hub_error("right broke"))); });
    EXPECT_EQ(work.text, "right broke");
    EXPECT_EQ(seen, texts{"a"});
    test_job next([&] { return take_from_both(upload<int>(left), upload<std::string>(right), seen); });
    left->push(5);
    left->end(nullptr);
    start(next);
    EXPECT_EQ(next.text, "fine");
    EXPECT_EQ(seen.back(), "5");
}

TEST_F(two_uploads, cancel_while_parked_loses_nothing) {
    start(work);
    on_lane([&] { work.cancel_now(); });
    EXPECT_EQ(work.text, "aborted");
    on_lane([&] {
        left->push(1);
        right->push("a");
    });
    EXPECT_TRUE(seen.empty());
    test_job next([&] { return take_from_both(upload<int>(left), upload<std::string>(right), seen); });
    left->end(nullptr);
    right->end(nullptr);
    start(next);
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(seen, (texts{"1", "a"}));
    EXPECT_EQ(left.use_count(), 1);
    EXPECT_EQ(right.use_count(), 1);
}

asio::awaitable<void> both_then_one(upload<int> left, upload<std::string> right, texts& seen) {
    if (auto item = co_await next_of(left, right)) seen.push_back("first");
    if (const std::optional<int> item = co_await left.next()) seen.push_back(std::to_string(*item));
}

TEST_F(two_uploads, a_wait_for_both_leaves_nothing_behind_at_the_other) {
    test_job mixed([&] { return both_then_one(upload<int>(left), upload<std::string>(right), seen); });
    start(mixed);
    on_lane([&] { left->push(1); });
    EXPECT_EQ(seen, texts{"first"});
    on_lane([&] { right->push("must not wake a wait for left"); });
    EXPECT_EQ(seen.size(), 1u);
    on_lane([&] { left->push(2); });
    EXPECT_EQ(seen, (texts{"first", "2"}));
}

}  // namespace
}  // namespace asignalr::detail
