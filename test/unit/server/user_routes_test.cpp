// SPDX-License-Identifier: MIT
#include <asignalr/net/http.hpp>

#include "server/server_core.hpp"
#include "server_fixture.hpp"

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>

#include <stdexcept>
#include <system_error>

namespace asignalr::detail {
namespace {

/// Plain HTTP beside a hub.
class user_routes_test : public server_fixture {
protected:
    void function(std::string_view method, std::string_view path, router::function handler) {
        core_->routes().add(method, path, std::move(handler));
    }
    void coroutine(std::string_view method, std::string_view path, router::coroutine handler) {
        core_->routes().add(method, path, std::move(handler));
    }
    std::string ask_for(std::string_view path, std::string_view method = "GET", std::string_view body = "") {
        return request(
            std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: here\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
    }
    static bool has_status(std::string_view answer, int status) {
        return answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
    }
    static std::string body_of(std::string_view answer) {
        const std::size_t end = answer.find("\r\n\r\n");
        return end == std::string_view::npos ? "none" : std::string(answer.substr(end + 4));
    }
};

/// By its name the run with the thread sanitizer finds it.
class ThreadsUserRoutes : public user_routes_test {};

TEST_F(user_routes_test, a_function_is_given_the_request_and_its_body) {
    start();
    function("POST", "/twice", [](const http_request& asked) {
        return http_response{
            .status = 201,
            .body = std::string(asked.body()) + std::string(asked.body()) + asked.query("tail").value_or(""),
            .content_type = "text/x-twice",
            .headers = {{"X-Method", std::string(asked.method())}}};
    });
    const std::string answer = ask_for("/TWICE?tail=%21", "POST", "ab");
    EXPECT_TRUE(has_status(answer, 201)) << answer;
    EXPECT_EQ(body_of(answer), "abab!");
    EXPECT_NE(answer.find("Content-Type: text/x-twice\r\n"), std::string::npos) << answer;
    EXPECT_NE(answer.find("X-Method: POST\r\n"), std::string::npos) << answer;
}

TEST_F(user_routes_test, a_coroutine_may_wait_while_others_are_served) {
    start();
    auto gate = std::make_shared<asio::steady_timer>(context_, asio::steady_timer::time_point::max());
    coroutine("GET", "/slow", [gate](http_request asked) -> task<http_response> {
        try {
            co_await gate->async_wait(asio::use_awaitable);
        } catch (const std::system_error&) {
            // Opened.
        }
        co_return http_response{.body = std::string(asked.path())};
    });
    raw_client client = connect();
    client.write("GET /slow HTTP/1.1\r\nHost: here\r\n\r\n");
    settle(client);
    EXPECT_EQ(client.raw, "");
    raw_client other = connect_hub();
    EXPECT_EQ(call(other, "Add", "1,2"), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n");
    gate->cancel();
    settle(client);
    EXPECT_EQ(body_of(client.raw), "/slow");
}

TEST_F(ThreadsUserRoutes, a_coroutine_may_end_on_a_thread_of_its_own) {
    start();
    asio::thread_pool elsewhere(1);
    coroutine("GET", "/elsewhere", [&elsewhere](http_request) -> task<http_response> {
        co_await asio::post(elsewhere, asio::use_awaitable);
        co_return http_response{.body = "back"};
    });
    raw_client client = connect();
    client.write("GET /elsewhere HTTP/1.1\r\nHost: here\r\n\r\n");
    settle(client);
    elsewhere.join();
    settle(client);
    EXPECT_EQ(body_of(client.raw), "back");
}

/// A route whose coroutine waits for ever, and counts how it ends.
class waiting_route_test : public user_routes_test {
protected:
    raw_client wait_for_an_answer() {
        start();
        coroutine("GET", "/slow", [this](http_request) -> task<http_response> {
            asio::steady_timer never(context_, asio::steady_timer::time_point::max());
            try {
                co_await never.async_wait(asio::use_awaitable);
            } catch (const std::system_error&) {
                ++cancelled_;
                throw;
            }
            co_return http_response{};
        });
        raw_client client = connect();
        client.write("GET /slow HTTP/1.1\r\nHost: here\r\n\r\n");
        settle(client);
        EXPECT_EQ(client.raw, "");
        EXPECT_EQ(lane_->busy_runners(), 1u);
        return client;
    }

    int cancelled_ = 0;
};

TEST_F(waiting_route_test, is_cancelled_when_its_client_leaves) {
    raw_client client = wait_for_an_answer();
    client.leave();
    run();
    EXPECT_EQ(cancelled_, 1);
    EXPECT_TRUE(log_->important.empty()) << log_->important[0];
    client = connect_hub();
    client.leave();
    run();
    expect_nothing_left();
}

TEST_F(waiting_route_test, is_cancelled_when_its_connection_breaks) {
    raw_client client = wait_for_an_answer();
    client.break_off();
    run();
    EXPECT_EQ(cancelled_, 1);
    expect_nothing_left();
}

TEST_F(waiting_route_test, is_cancelled_at_the_deadline_of_stop) {
    raw_client client = wait_for_an_answer();
    int stopped = 0;
    core_->stop(std::chrono::seconds(2), [&] { ++stopped; });
    run();
    pass(std::chrono::milliseconds(1'750));
    EXPECT_EQ(cancelled_, 0);
    EXPECT_EQ(stopped, 0);
    pass(std::chrono::milliseconds(500));
    EXPECT_EQ(cancelled_, 1);
    EXPECT_EQ(stopped, 1);
    EXPECT_TRUE(log_->important.empty()) << log_->important[0];
    expect_nothing_left();
}

TEST_F(waiting_route_test, is_cancelled_with_the_server) {
    raw_client client = wait_for_an_answer();
    core_->drop();
    run();
    EXPECT_EQ(cancelled_, 1);
    expect_nothing_left();
}

TEST_F(user_routes_test, an_exception_is_a_500_that_tells_nothing_and_a_line_in_the_log) {
    start();
    function("GET", "/throws", [](const http_request&) -> http_response { throw std::runtime_error("the secret"); });
    coroutine("GET", "/throws-later", [](http_request) -> task<http_response> {
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        throw std::runtime_error("the secret");
    });
    for (const char* path : {"/throws", "/throws-later"}) {
        log_->important.clear();
        const std::string answer = ask_for(path);
        EXPECT_TRUE(has_status(answer, 500)) << answer;
        EXPECT_EQ(answer.find("secret"), std::string::npos) << answer;
        ASSERT_EQ(log_->important.size(), 1u);
        EXPECT_NE(log_->important[0].find("the secret"), std::string::npos) << log_->important[0];
        EXPECT_NE(log_->important[0].find(std::string("path=") + path), std::string::npos) << log_->important[0];
    }
}

TEST_F(user_routes_test, a_path_that_leads_nowhere_is_404_and_a_method_that_is_not_served_405) {
    start();
    function("GET", "/item", [](const http_request&) { return http_response{}; });
    function("PUT", "/item", [](const http_request&) { return http_response{}; });
    EXPECT_TRUE(has_status(ask_for("/nowhere"), 404));
    EXPECT_TRUE(has_status(ask_for("/item/below"), 404));
    const std::string answer = ask_for("/item", "DELETE");
    EXPECT_TRUE(has_status(answer, 405)) << answer;
    EXPECT_NE(answer.find("Allow: GET, HEAD, OPTIONS, PUT\r\n"), std::string::npos) << answer;
}

TEST_F(user_routes_test, head_is_get_without_the_body) {
    start();
    function("GET", "/item", [](const http_request&) { return http_response{.body = "seven b"}; });
    const std::string answer = ask_for("/item", "HEAD");
    EXPECT_TRUE(has_status(answer, 200)) << answer;
    EXPECT_NE(answer.find("Content-Length: 7\r\n"), std::string::npos) << answer;
    EXPECT_EQ(body_of(answer), "");
}

TEST_F(user_routes_test, head_reaches_coroutines_too_and_a_handler_of_its_own) {
    start();
    coroutine("GET", "/later", [](http_request) -> task<http_response> { co_return http_response{.body = "later"}; });
    function("GET", "/item", [](const http_request&) { return http_response{.body = "got"}; });
    function("HEAD", "/item", [](const http_request&) { return http_response{.headers = {{"X-Own", "1"}}}; });
    EXPECT_NE(ask_for("/later", "HEAD").find("Content-Length: 5\r\n"), std::string::npos);
    EXPECT_NE(ask_for("/item", "HEAD").find("X-Own: 1\r\n"), std::string::npos);
    function("POST", "/posted", [](const http_request&) { return http_response{}; });
    const std::string answer = ask_for("/posted", "HEAD");
    EXPECT_TRUE(has_status(answer, 405)) << answer;
    EXPECT_NE(answer.find("Allow: OPTIONS, POST\r\n"), std::string::npos) << answer;
    EXPECT_EQ(body_of(answer), "");
}

// H19
TEST_F(user_routes_test, options_tells_what_may_be_asked) {
    start();
    function("GET", "/item", [](const http_request&) { return http_response{}; });
    std::string answer = ask_for("/item", "OPTIONS");
    EXPECT_TRUE(has_status(answer, 204)) << answer;
    EXPECT_NE(answer.find("Allow: GET, HEAD, OPTIONS\r\n"), std::string::npos) << answer;
    EXPECT_TRUE(has_status(ask_for("/nowhere", "OPTIONS"), 404));
    answer = ask_for("*", "OPTIONS");
    EXPECT_TRUE(has_status(answer, 204)) << answer;
    EXPECT_EQ(answer.find("Allow"), std::string::npos) << "of the server, not of a resource";
    function("OPTIONS", "/item", [](const http_request&) { return http_response{.status = 299}; });
    EXPECT_TRUE(has_status(ask_for("/item", "OPTIONS"), 299));
}

TEST_F(user_routes_test, routes_hubs_and_files_begin_at_the_path_base) {
    start({}, {.path_base = "/app"});
    function("GET", "/item", [](const http_request& asked) { return http_response{.body = std::string(asked.path())}; });
    EXPECT_EQ(body_of(ask_for("/app/item")), "/app/item");
    EXPECT_TRUE(has_status(ask_for("/APP/Item/"), 200));
    EXPECT_TRUE(has_status(ask_for("/app/hub/negotiate", "POST"), 200));
    EXPECT_TRUE(request(upgrade_request("/app/hub")).starts_with("HTTP/1.1 101 "));
    for (const char* path : {"/item", "/hub/negotiate", "/application/item", "/app", "/app/app/item", "/", "/ap%70/../item"})
        EXPECT_TRUE(has_status(ask_for(path, "POST"), 404)) << path;
}

TEST_F(user_routes_test, a_body_beyond_the_limit_never_reaches_the_handler) {
    start({}, {.http = {.maximum_body = 10}});
    int called = 0;
    function("POST", "/item", [&called](const http_request&) {
        ++called;
        return http_response{};
    });
    EXPECT_TRUE(has_status(ask_for("/item", "POST", "0123456789"), 200));
    EXPECT_TRUE(has_status(ask_for("/item", "POST", "0123456789x"), 413));
    EXPECT_EQ(called, 1);
}

}  // namespace
}  // namespace asignalr::detail
