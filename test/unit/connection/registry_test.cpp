// SPDX-License-Identifier: MIT
#include "connection/registry.hpp"

#include "runtime/lane.hpp"

#include <asio/io_context.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

enum class standing { unknown, negotiated, in_use };

class registry_test : public testing::Test {
protected:
    ~registry_test() override {
        registry_.forget_unclaimed();
        lane_->stop();
        context_.poll();
    }
    /// Moves the clock, and lets every bucket of the sweep see it.
    void pass(std::chrono::milliseconds time) {
        clock_->advance(time);
        for (int bucket = 0; bucket < 4; ++bucket)
            lane_->sweep().tick(lane_->now());
    }
    standing stands(std::string_view token) {
        const connection_registry::entry* const found = registry_.find(token);
        if (found == nullptr) return standing::unknown;
        return found->in_use ? standing::in_use : standing::negotiated;
    }
    std::string claim(std::string_view token) { return registry_.claim(*registry_.find(token)); }
    std::uint64_t counted() const { return lane_->count().connections.get(); }

    asio::io_context context_{1};
    std::shared_ptr<manual_clock> clock_ = std::make_shared<manual_clock>();
    std::shared_ptr<lane> lane_ = lane::on_context(context_, {.clock = clock_, .sweeps_itself = false});
    connection_registry registry_{*lane_, 15s};
};

TEST_F(registry_test, a_token_is_negotiated_then_in_use_then_unknown) {
    EXPECT_EQ(stands("token"), standing::unknown);
    registry_.add_negotiated("token", "id", {});
    EXPECT_EQ(stands("token"), standing::negotiated);
    EXPECT_EQ(counted(), 1u);
    EXPECT_EQ(claim("token"), "id");
    EXPECT_EQ(stands("token"), standing::in_use);
    EXPECT_EQ(registry_.size(), 1u);
    EXPECT_EQ(counted(), 0u) << "what uses it counts itself";
    registry_.remove("token");
    EXPECT_EQ(stands("token"), standing::unknown);
    EXPECT_EQ(registry_.size(), 0u);
}

TEST_F(registry_test, tokens_are_told_apart_by_case) {
    registry_.add_negotiated("token", "id", {});
    EXPECT_EQ(stands("TOKEN"), standing::unknown);
}

TEST_F(registry_test, what_nobody_claims_is_forgotten_in_time) {
    registry_.add_negotiated("old", "1", {});
    pass(10s);
    registry_.add_negotiated("young", "2", {});
    pass(5s);
    EXPECT_EQ(stands("old"), standing::negotiated) << "not before the time is over";
    pass(1s);
    EXPECT_EQ(stands("old"), standing::unknown);
    EXPECT_EQ(stands("young"), standing::negotiated);
    EXPECT_EQ(counted(), 1u);
    pass(10s);
    EXPECT_EQ(registry_.size(), 0u);
    EXPECT_EQ(counted(), 0u);
    EXPECT_TRUE(lane_->sweep().empty()) << "nothing is left to look at";
}

TEST_F(registry_test, what_is_in_use_is_kept_however_long) {
    registry_.add_negotiated("claimed", "id", {});
    claim("claimed");
    registry_.add_in_use("skipped", {});
    pass(1h);
    EXPECT_EQ(stands("claimed"), standing::in_use);
    EXPECT_EQ(stands("skipped"), standing::in_use);
    EXPECT_TRUE(lane_->sweep().empty());
}

TEST_F(registry_test, a_token_that_was_used_and_given_back_does_not_expire_another) {
    registry_.add_negotiated("token", "1", {});
    claim("token");
    registry_.remove("token");
    pass(16s);
    EXPECT_EQ(counted(), 0u);
    EXPECT_EQ(registry_.size(), 0u);
}

TEST_F(registry_test, the_end_forgets_what_waits_and_keeps_what_is_used) {
    registry_.add_negotiated("waits", "1", {});
    registry_.add_negotiated("used", "2", {});
    claim("used");
    registry_.forget_unclaimed();
    EXPECT_EQ(stands("waits"), standing::unknown);
    EXPECT_EQ(stands("used"), standing::in_use);
    EXPECT_EQ(counted(), 0u);
    EXPECT_TRUE(lane_->sweep().empty());
}

}  // namespace
}  // namespace asignalr::detail
