// SPDX-License-Identifier: MIT
#pragma once

#include "pause.hpp"

#include <asignalr/server.hpp>

#include <algorithm>
#include <array>
#include <string>

/// The LimitsHub of the contract.
class limits_hub final : public asignalr::hub {
public:
    static void describe(asignalr::method_table<limits_hub>& methods) {
        methods.expose<&limits_hub::echo>("Echo");
        methods.expose<&limits_hub::slow>("Slow");
        methods.expose<&limits_hub::blob>("Blob");
        methods.expose<&limits_hub::sum>("Sum");
        methods.expose<&limits_hub::track>("Track");
    }

private:
    std::string echo(std::string message) { return message; }
    asignalr::task<std::string> slow(int milliseconds) {
        co_await pause_for(milliseconds);
        co_return "done";
    }
    std::string blob(int size) { return std::string(static_cast<std::size_t>(size), 'x'); }
    asignalr::task<int> sum(asignalr::upload<int> items) {
        int total = 0;
        while (const auto item = co_await items.next())
            total += *item;
        co_return total;
    }
    asignalr::task<std::array<int, 2>> track(int, int milliseconds) {
        most_ = std::max(most_, ++running_);
        std::array<int, 2> seen{running_, 0};
        co_await pause_for(milliseconds);
        --running_;
        seen[1] = most_;
        co_return seen;
    }

    int running_ = 0;
    int most_ = 0;
};
