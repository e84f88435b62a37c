// SPDX-License-Identifier: MIT
#include "runtime/lane.hpp"

#include "runtime/runner.hpp"

#include <asio/io_context.hpp>
#include <asio/strand.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>

namespace asignalr::detail {
namespace {

// Bytes around the read buffer that word-wise code may touch.
constexpr std::size_t padding = 16;

using context_executor = asio::io_context::executor_type;
using strand_executor = asio::strand<asio::any_io_executor>;

template <class Executor>
bool runs_here(const asio::any_io_executor& executor) {
    return executor.target<Executor>()->running_in_this_thread();
}

}  // namespace

flushable::~flushable() {
    if (waiting_at_ != nullptr) std::replace(waiting_at_->waiting_.begin(), waiting_at_->waiting_.end(), this, static_cast<flushable*>(nullptr));
}

std::shared_ptr<lane> lane::on_context(asio::io_context& context, lane_settings settings) {
    return std::shared_ptr<lane>(
        new lane(context.get_executor(), &runs_here<context_executor>, true, std::move(settings)));
}

std::shared_ptr<lane> lane::on_executor(const asio::any_io_executor& executor, lane_settings settings) {
    return std::shared_ptr<lane>(
        new lane(strand_executor(executor), &runs_here<strand_executor>, false, std::move(settings)));
}

lane::lane(asio::any_io_executor executor, here_function runs_here_now, bool bound_to_thread, lane_settings settings)
    : executor_(std::move(executor)), here_(runs_here_now), settings_(std::move(settings)), bound_to_thread_(bound_to_thread) {
    idle_.reserve(settings_.maximum_idle_runners);
    sweeper_.on_change([](void* self) { static_cast<lane*>(self)->sweep_changed(); }, this);
}

lane::~lane() {
    for (flushable* waiting : waiting_)
        if (waiting != nullptr) waiting->waiting_at_ = nullptr;
}

void lane::check_thread_id() {
    const std::thread::id mine = std::this_thread::get_id();
    std::thread::id first{};
    if (thread_.load(std::memory_order_relaxed) == mine) return;
    if (thread_.compare_exchange_strong(first, mine)) return;
    std::fputs(
        "asignalr: two threads run the io_context that was given to server{io_context&}; it must be run by exactly one. "
        "Use server{io_runtime&}, or server{any_io_executor} for strands over your threads.\n",
        stderr);
    std::terminate();
}

void lane::start(job& work) {
    if (idle_.empty()) return runner::spawn(shared_from_this(), work);
    runner* idle = idle_.back();
    idle_.pop_back();
    idle_count_.subtract();
    idle->resume(&work);
}

void lane::flush_later(flushable& waiting) {
    if (waiting.waiting_at_ != nullptr) return;
    waiting_.push_back(&waiting);
    if (!flush_posted_) {
        try {
            post([self = shared_from_this()] { self->flush_all(); });
        } catch (...) {
            waiting_.pop_back();
            throw;
        }
        flush_posted_ = true;
    }
    waiting.waiting_at_ = this;
}

void lane::flush_all() {
    check_thread();
    flush_posted_ = false;
    // One by index: what is flushed may make others wait.
    const std::size_t count = waiting_.size();
    for (std::size_t index = 0; index < count; ++index) {
        flushable* waiting = waiting_[index];
        if (waiting == nullptr) continue;
        waiting_[index] = nullptr;
        waiting->waiting_at_ = nullptr;
        waiting->flush();
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
}

char* lane::read_buffer() {
    if (!read_buffer_) read_buffer_.reset(new char[read_buffer_size + 2 * padding]);
    return read_buffer_.get() + padding;
}

void lane::give_time_to(std::shared_ptr<const clock_source> clock) {
    settings_.clock = std::move(clock);
    settings_.sweeps_itself = false;
    if (sweep_timer_) sweep_timer_->cancel();
}

void lane::sweep_changed() {
    if (!settings_.sweeps_itself) return;
    if (!sweeper_.empty()) return arm_sweep();
    if (sweep_timer_) sweep_timer_->cancel();
}

void lane::arm_sweep() {
    if (sweep_armed_ || stopped_) return;
    if (!sweep_timer_) sweep_timer_.emplace(executor_);
    sweep_armed_ = true;
    sweep_timer_->expires_after(sweeper::tick_interval);
    sweep_timer_->async_wait([self = shared_from_this()](std::error_code) {
        self->check_thread();
        self->sweep_armed_ = false;
        if (self->sweeper_.empty() || self->stopped_ || !self->settings_.sweeps_itself) return;
        self->sweeper_.tick(self->now());
        if (!self->sweeper_.empty()) self->arm_sweep();
    });
}

void lane::stop() {
    stopped_ = true;
    if (sweep_timer_) sweep_timer_->cancel();
    while (!idle_.empty()) {
        runner* idle = idle_.back();
        idle_.pop_back();
        idle_count_.subtract();
        idle->resume(nullptr);
    }
}

}  // namespace asignalr::detail
