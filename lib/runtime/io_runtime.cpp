// SPDX-License-Identifier: MIT
#include <asignalr/runtime/io_runtime.hpp>

#include "runtime/lane.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace asignalr {

struct io_runtime::implementation {
    std::vector<std::unique_ptr<asio::io_context>> contexts;
    std::mutex mutex;
    std::exception_ptr failure;

    void run(asio::io_context& context) noexcept {
        try {
            context.run();
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!failure) failure = std::current_exception();
            stop();
        }
    }
    void stop() noexcept {
        for (const auto& context : contexts)
            context->stop();
    }
};

io_runtime::io_runtime(std::size_t threads) : implementation_(std::make_unique<implementation>()) {
    if (threads == 0) threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, detail::most_lanes);
    for (std::size_t index = 0; index < threads; ++index)
        implementation_->contexts.push_back(std::make_unique<asio::io_context>(1));
}

io_runtime::~io_runtime() = default;

std::size_t io_runtime::size() const noexcept { return implementation_->contexts.size(); }

asio::io_context& io_runtime::context(std::size_t index) noexcept { return *implementation_->contexts[index]; }

void io_runtime::run() {
    // A context without work of its own must still take what the others post to it, so all end together: when the first one,
    // which holds the listeners, has nothing left.
    std::vector<std::thread> others;
    std::vector<asio::executor_work_guard<asio::io_context::executor_type>> guards;
    for (std::size_t index = 1; index < size(); ++index) {
        guards.emplace_back(context(index).get_executor());
        others.emplace_back([this, index] { implementation_->run(context(index)); });
    }
    implementation_->run(context(0));
    guards.clear();
    for (std::thread& other : others)
        other.join();
    if (implementation_->failure) std::rethrow_exception(std::exchange(implementation_->failure, nullptr));
}

void io_runtime::stop() { implementation_->stop(); }

}  // namespace asignalr
