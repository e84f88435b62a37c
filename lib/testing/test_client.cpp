// SPDX-License-Identifier: MIT
#include <asignalr/testing/test_client.hpp>

#include "testing/test_session.hpp"

#include <utility>

namespace asignalr {
namespace {

// Inside a handler whoever runs the context sees to it.
void settle(const detail::test_session& session) {
    if (!session.world().where().here()) session.world().settle();
}

}  // namespace

test_client::test_client(std::shared_ptr<detail::test_session> session) noexcept : session_(std::move(session)) {}

test_client::test_client(test_client&& other) noexcept = default;

test_client& test_client::operator=(test_client&& other) noexcept {
    if (session_ && this != &other) session_->abort();
    session_ = std::move(other.session_);
    return *this;
}

// Its calls and streams may be kept for longer, and are over.
test_client::~test_client() {
    if (session_) session_->abort();
}

std::string_view test_client::id() const noexcept { return session_->id(); }

std::size_t test_client::received(std::string_view method) {
    settle(*session_);
    return link().count(link().calls_of(method));
}

void test_client::ping() { session_->send(session_->protocol().ping()); }

std::size_t test_client::pings() const noexcept { return session_->pings(); }

bool test_client::is_open() const noexcept { return session_->is_open(); }

test_close test_client::wait_closed() {
    session_->world().run_until([this] { return !session_->is_open(); }, "the end of the connection");
    return session_->closed();
}

void test_client::stop() {
    session_->close();
    settle(*session_);
}

void test_client::abort() {
    session_->abort();
    settle(*session_);
}

}  // namespace asignalr
