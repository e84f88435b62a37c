// SPDX-License-Identifier: MIT
#include <asignalr/testing/test_bench.hpp>

#include "log/log.hpp"
#include "protocol/json_protocol.hpp"
#include "protocol/messagepack_protocol.hpp"
#include "protocol/negotiate_message.hpp"
#include "runtime/spawn.hpp"
#include "testing/test_session.hpp"
#include "testing/test_world.hpp"
#include "wire/url.hpp"

#include <asio/cancellation_signal.hpp>

#include <exception>
#include <stdexcept>

namespace asignalr {
namespace {

http_request request(std::string_view method, const std::string& target, const test_client_options& options) {
    http_request made(method, target, options.remote_address);
    made.add_header("Host", "localhost");
    for (const auto& [name, value] : options.headers)
        made.add_header(name, value);
    return made;
}

// `more` behind the query that is there already.
std::string with_query(const std::string& path, std::string_view query, const std::string& more) {
    return path + "?" + (query.empty() ? "" : std::string(query) + "&") + more;
}

std::unique_ptr<detail::hub_protocol> protocol_for(const test_client_options& options) {
    if (options.messagepack) return std::make_unique<detail::messagepack_protocol>();
    return std::make_unique<detail::json_protocol>(false);
}

detail::negotiated negotiate(const detail::test_world& world, http_request asked) {
    const http_response answer = world.ask(std::move(asked));
    if (answer.status != 200)
        throw std::runtime_error(
            "asignalr: negotiate was refused with " + std::to_string(answer.status) + " " + detail::escaped(answer.body));
    detail::tape values(1000);
    detail::negotiated read = detail::parse_negotiate_answer(answer.body, values);
    if (!read.error.empty()) throw std::runtime_error("asignalr: negotiate was refused: " + read.error);
    return read;
}

// Of a coroutine that may stay when nobody waits for it any more.
struct outcome {
    asio::cancellation_signal cancel = {};
    std::exception_ptr failure = nullptr;
    bool done = false;
};

task<void> note_outcome(task<void> coroutine, std::shared_ptr<outcome> into) {
    try {
        co_await std::move(coroutine);
    } catch (...) {
        into->failure = std::current_exception();
    }
    into->done = true;
}

}  // namespace

test_bench::test_bench(server& tested, std::chrono::milliseconds patience)
    : world_(std::make_shared<detail::test_world>(tested, patience)) {}

test_bench::~test_bench() = default;

test_client test_bench::connect(std::string_view target, const test_client_options& options) {
    const detail::split_target parts = detail::split(target);
    const std::string path(parts.path);
    const std::string negotiate_target = with_query(path + "/negotiate", parts.query, "negotiateVersion=1");
    detail::negotiated known = negotiate(*world_, request("POST", negotiate_target, options));
    const std::string open_target = with_query(path, parts.query, "id=" + known.connection_token);
    auto by = world_->open(request("GET", open_target, options));
    auto session = std::make_shared<detail::test_session>(
        world_, std::move(known.connection_id), protocol_for(options), std::move(by));
    session->shake_hands();
    return test_client(std::move(session));
}

void test_bench::settle() { world_->settle(); }

void test_bench::advance(std::chrono::milliseconds time) { world_->advance(time); }

void test_bench::run_to_end(task<void> coroutine) {
    const auto state = std::make_shared<outcome>();
    detail::spawn_with_slot(world_->where().executor(), state->cancel.slot(), note_outcome(std::move(coroutine), state));
    try {
        world_->run_until([&] { return state->done; }, "the end of a coroutine");
    } catch (...) {
        state->cancel.emit(asio::cancellation_type::terminal);
        world_->settle();
        throw;
    }
    if (state->failure) std::rethrow_exception(state->failure);
}

}  // namespace asignalr
