// SPDX-License-Identifier: MIT
// Functions that stand in front of everything: server::use.
#include <asignalr/net/http.hpp>

#include "http_client.hpp"
#include "server/server_core.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace asignalr::detail {
namespace {

constexpr std::string_view accept_events = "Accept: text/event-stream\r\n";

std::optional<http_response> nothing() { return std::nullopt; }

std::size_t times(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

class front_test : public http_client_fixture {
protected:
    void use(front_function front) { core_->fronts().push_back(std::move(front)); }
    /// Puts these headers into every answer.
    void add(http_headers headers) {
        use([headers = std::move(headers)](const http_request&, http_headers& added) {
            added.insert(added.end(), headers.begin(), headers.end());
            return nothing();
        });
    }
    void function(std::string_view method, std::string_view path, router::function handler) {
        core_->routes().add(method, path, std::move(handler));
    }
    http_answer ask_for(std::string_view path, std::string_view method = "GET", std::string_view more_headers = {}, std::string_view body = {}) {
        return answered(
            std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: here\r\n" + std::string(more_headers) +
            "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
    }
};

// ---- answers

TEST_F(front_test, answers_before_anybody_else_or_lets_pass) {
    start();
    function("GET", "/item", [](const http_request&) { return http_response{.body = "the route"}; });
    std::string asked;
    use([&](const http_request& request, http_headers&) -> std::optional<http_response> {
        asked.append("1").append(request.path());
        if (request.path() != "/hub") return std::nullopt;
        return http_response{.status = 308, .content_type = "", .headers = {{"Location", "/new?" + std::string(request.query_string())}}};
    });
    use([&](const http_request& request, http_headers&) {
        asked.append(" 2").append(request.path());
        return nothing();
    });
    const http_answer moved = ask_for("/hub?id=x", "POST");
    EXPECT_EQ(moved.status, 308);
    EXPECT_NE(moved.head.find("\r\nLocation: /new?id=x\r\n"), std::string::npos) << moved.head;
    EXPECT_EQ(asked, "1/hub") << "whoever answers is the last";
    EXPECT_EQ(ask_for("/item").body, "the route");
    EXPECT_EQ(asked, "1/hub1/item 2/item");
    EXPECT_EQ(ask_for("/hub/negotiate", "POST").status, 200);
    EXPECT_EQ(ask_for("/nowhere").status, 404);
}

TEST_F(front_test, is_asked_once_for_each_request_however_the_bytes_come) {
    start();
    function("GET", "/item", [](const http_request& request) { return http_response{.body = std::string(request.target())}; });
    std::string asked;
    use([&](const http_request& request, http_headers&) -> std::optional<http_response> {
        asked.append(request.target()).append(" ");
        if (request.path() != "/mine") return std::nullopt;
        return http_response{.body = "mine"};
    });
    const std::string requests =
        "GET /mine?1 HTTP/1.1\r\nHost: here\r\n\r\n"
        "GET /item?2 HTTP/1.1\r\nHost: here\r\n\r\n"
        "GET /mine?3 HTTP/1.1\r\nHost: here\r\n\r\n"
        "POST /item?4 HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n\r\nabc"
        "HEAD /mine?5 HTTP/1.1\r\nHost: here\r\n\r\n";
    const auto expect_answers = [&](raw_client& client) {
        EXPECT_EQ(take_answer(client.raw).body, "mine");
        EXPECT_EQ(take_answer(client.raw).body, "/item?2");
        EXPECT_EQ(take_answer(client.raw).body, "mine");
        EXPECT_EQ(take_answer(client.raw).status, 405);
        EXPECT_NE(client.raw.find("\r\nContent-Length: 4\r\n"), std::string::npos);
        EXPECT_TRUE(client.raw.ends_with("\r\n\r\n")) << client.raw;
        EXPECT_FALSE(client.is_over());
        EXPECT_EQ(std::exchange(asked, {}), "/mine?1 /item?2 /mine?3 /item?4 /mine?5 ");
    };
    raw_client whole = connect();
    whole.write(requests);
    settle(whole);
    expect_answers(whole);
    raw_client sliced = connect();
    for (const char byte : requests) {
        sliced.write({&byte, 1});
        settle(sliced);
    }
    expect_answers(sliced);
}

// A body that nobody wants is not waited for; what of it comes is thrown away.
TEST_F(front_test, an_answer_does_not_wait_for_the_body) {
    start();
    use([](const http_request&, http_headers&) { return http_response{.status = 401, .body = "who are you?"}; });
    for (const std::string_view path : {"/hub?id=x", "/hub/negotiate", "/item"}) {
        raw_client client = connect();
        client.write("POST " + std::string(path) + " HTTP/1.1\r\nHost: here\r\nContent-Length: 99000000\r\nExpect: 100-continue\r\n\r\n");
        settle(client);
        EXPECT_TRUE(client.raw.starts_with("HTTP/1.1 401 ")) << client.raw;
        EXPECT_NE(client.raw.find("\r\nConnection: close\r\n"), std::string::npos) << client.raw;
        EXPECT_TRUE(client.is_over());
        client.write("GET / HTTP/1.1\r\nHost: here\r\n\r\n");  // of the body
        const std::string before = client.raw;
        settle(client);
        EXPECT_EQ(client.raw, before);
        client.leave();
        run();
    }
    EXPECT_EQ(count().sockets, 0u);
}

TEST_F(front_test, an_answer_to_who_wants_a_websocket_closes) {
    start();
    use([](const http_request&, http_headers&) { return http_response{.status = 403}; });
    raw_client client = connect();
    client.write(upgrade_request("/hub") + client_frame(json_handshake));
    settle(client);
    EXPECT_TRUE(client.raw.starts_with("HTTP/1.1 403 ")) << client.raw;
    EXPECT_TRUE(client.is_over());
    EXPECT_EQ(times(client.raw, "HTTP/1.1"), 1u) << "a frame is no request";
}

TEST_F(front_test, an_exception_is_a_500_that_tells_nothing_and_a_line_in_the_log) {
    start();
    add({{"X-Before", "1"}});
    use([](const http_request& request, http_headers&) -> std::optional<http_response> {
        if (request.path() == "/throws") throw std::runtime_error("the secret");
        if (request.path() == "/hub/negotiate") throw 7;
        return std::nullopt;
    });
    const http_answer answer = ask_for("/throws");
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ((answer.head + answer.body).find("secret"), std::string::npos) << answer.body;
    EXPECT_NE(answer.head.find("\r\nX-Before: 1\r\n"), std::string::npos) << answer.head;
    ASSERT_EQ(log_->important.size(), 1u);
    EXPECT_NE(log_->important[0].find("the secret"), std::string::npos) << log_->important[0];
    EXPECT_NE(log_->important[0].find("path=/throws"), std::string::npos) << log_->important[0];
    EXPECT_EQ(ask_for("/hub/negotiate", "POST").status, 500);
    EXPECT_EQ(log_->important.size(), 2u);
    EXPECT_EQ(ask_for("/nowhere").status, 404);
}

TEST_F(front_test, knows_what_trusted_proxies_tell) {
    start({}, {.trusted_proxies = {"127.0.0.1"}});
    use([](const http_request& request, http_headers&) -> std::optional<http_response> {
        if (request.scheme() == "https") return std::nullopt;
        return http_response{
            .status = 308, .headers = {{"Location", "https://" + std::string(request.host()) + std::string(request.target())}}};
    });
    const http_answer moved = ask_for("/a%20b?c=d", "GET", "X-Forwarded-Host: site.example\r\n");
    EXPECT_NE(moved.head.find("\r\nLocation: https://site.example/a%20b?c=d\r\n"), std::string::npos) << moved.head;
    EXPECT_EQ(ask_for("/a", "GET", "X-Forwarded-Proto: https\r\n").status, 404);
}

TEST_F(front_test, may_drop_the_server) {
    for (const bool answers : {false, true}) {
        start();
        int served = 0;
        function("GET", "/item", [&](const http_request&) {
            ++served;
            return http_response{};
        });
        use([this, answers](const http_request&, http_headers&) -> std::optional<http_response> {
            core_->drop();
            hub_.reset();
            core_.reset();
            if (answers) return http_response{};
            return std::nullopt;
        });
        raw_client client = connect();
        client.write("GET /item HTTP/1.1\r\nHost: here\r\n\r\n");
        settle(client);
        EXPECT_EQ(client.raw, "");
        EXPECT_TRUE(client.is_over());
        EXPECT_FALSE(core_);
        EXPECT_EQ(served, 0);
        make_lanes();
    }
}

// ---- headers

class front_headers_test : public front_test {
protected:
    front_headers_test() {
        std::string pattern = (std::filesystem::temp_directory_path() / "asignalr-front-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::system_error(errno, std::generic_category());
        folder_ = pattern;
        std::ofstream(folder_ + "/file.txt") << "content";
    }
    ~front_headers_test() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    /// Checks that the answer to `bytes` has this status, and the header once.
    void expect_added(std::string_view bytes, int status) {
        const std::string answer = request(bytes);
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ")) << bytes << answer;
        EXPECT_EQ(times(answer.substr(0, answer.find("\r\n\r\n") + 2), "\r\nX-Added: value\r\n"), 1u) << bytes << answer;
    }
    static std::string plain(std::string_view method, std::string_view path, std::string_view headers = {}) {
        return std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: here\r\n" + std::string(headers) + "\r\n";
    }

    std::string folder_;
};

TEST_F(front_headers_test, are_added_to_whatever_is_answered) {
    start();
    core_->routes().add_files("/files", folder_);
    function("GET", "/item", [](const http_request&) { return http_response{}; });
    function("POST", "/item", [](const http_request&) { return http_response{}; });
    core_->routes().add("GET", "/later", [](http_request) -> task<http_response> { co_return http_response{}; });
    function("GET", "/throws", [](const http_request&) -> http_response { throw std::runtime_error("no"); });
    add({{"X-Added", "value"}});
    expect_added(plain("POST", "/hub/negotiate"), 200);
    expect_added(plain("GET", "/hub/negotiate"), 405);
    expect_added(plain("GET", "/hub?id=unknown"), 404);
    expect_added(plain("GET", "/hub"), 400);
    expect_added(plain("POST", "/hub?id=unknown", "Content-Length: 1\r\n") + "x", 404);
    expect_added(plain("POST", "/hub/negotiate", "Origin: http://evil.example\r\n"), 403);
    expect_added(upgrade_request("/hub"), 101);
    expect_added(plain("GET", "/item"), 200);
    expect_added(plain("HEAD", "/item"), 200);
    expect_added(plain("PUT", "/item"), 405);
    expect_added(plain("GET", "/later"), 200);
    expect_added(plain("GET", "/throws"), 500);
    expect_added(plain("GET", "/files/file.txt"), 200);
    expect_added(plain("GET", "/nowhere"), 404);
    expect_added(plain("OPTIONS", "*"), 204);
    expect_added(plain("POST", "/item", "Content-Length: 99000000\r\n"), 413);
    expect_added(plain("POST", "/item", "Transfer-Encoding: chunked\r\n") + "x\r\n", 400);
}

TEST_F(front_headers_test, are_added_to_streams_and_polls) {
    start();
    add({{"X-Added", "value"}});
    expect_added(request_for("GET", new_token(), accept_events), 200);
    const std::string token = new_token();
    expect_added(request_for("GET", token), 200);
    expect_added(request_for("POST", token, {}, json_handshake), 200);
    expect_added(request_for("GET", token), 200);
    raw_client parked = park(token);
    EXPECT_EQ(say(token, invocation_message("1", "Add", "1,2")).status, 200);
    const http_answer answer = answer_to(parked);
    EXPECT_EQ(lines_of(answer.body), "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n");
    EXPECT_EQ(times(answer.head, "\r\nX-Added: value\r\n"), 1u) << answer.head;
    expect_added(request_for("POST", token, "Transfer-Encoding: chunked\r\n") + "x\r\n", 400);
    expect_added(request_for("DELETE", token), 202);
}

TEST_F(front_headers_test, step_back_behind_those_of_the_answer) {
    start({.allowed_origins = {"https://friend.example"}});
    core_->routes().add_files("/files", folder_);
    function("GET", "/item", [](const http_request&) {
        return http_response{
            .content_type = "text/x-own", .headers = {{"x-frame-options", "SAMEORIGIN"}, {"Set-Cookie", "a=1"}, {"Vary", "Accept"}}};
    });
    add({{"X-Frame-Options", "DENY"}, {"Set-Cookie", "b=2"}, {"Set-Cookie", "c=3"}, {"Vary", "Accept"}, {"Vary", "Origin"},
         {"Content-Type", "text/x-front"}, {"Cache-Control", "no-store"}, {"Access-Control-Allow-Origin", "*"}});
    std::string head = ask_for("/item").head;
    EXPECT_NE(head.find("\r\nContent-Type: text/x-own\r\n"), std::string::npos) << head;
    EXPECT_NE(
        head.find("\r\nx-frame-options: SAMEORIGIN\r\nSet-Cookie: a=1\r\nVary: Accept\r\nSet-Cookie: b=2\r\nSet-Cookie: c=3\r\nVary: Origin\r\n"),
        std::string::npos) << head;
    for (const std::string_view gone : {"DENY", "text/x-front"})
        EXPECT_EQ(head.find(gone), std::string::npos) << head;
    EXPECT_NE(ask_for("/nowhere").head.find("\r\nContent-Type: text/x-front\r\n"), std::string::npos);
    EXPECT_NE(ask_for("/files/file.txt").head.find("\r\nCache-Control: no-cache\r\n"), std::string::npos);
    head = get(new_token()).head;
    EXPECT_NE(head.find("\r\nCache-Control: no-cache, no-store\r\n"), std::string::npos) << head;
    EXPECT_EQ(times(head, "Cache-Control"), 1u) << head;
    head = ask_for("/hub/negotiate", "POST", "Origin: https://friend.example\r\n").head;
    EXPECT_NE(head.find("\r\nAccess-Control-Allow-Origin: https://friend.example\r\n"), std::string::npos) << head;
    EXPECT_EQ(times(head, "Access-Control-Allow-Origin"), 1u) << head;
    EXPECT_EQ(times(head, "Vary: Origin"), 1u) << head;
}

// The length, the connection and the upgrade are not the user's.
TEST_F(front_headers_test, do_not_change_what_http_needs) {
    start();
    add({{"Content-Length", "7"}, {"Transfer-Encoding", "chunked"}, {"Connection", "close"}, {"Date", "today"}});
    add({{"UPGRADE", "h2c"}, {"Sec-WebSocket-Accept", "x"}, {"sec-websocket-protocol", "x"}, {"Sec-WebSocket-Extensions", "x"}, {"X-Added", "value"}});
    raw_client client = connect_websocket();
    EXPECT_EQ(
        client.head,
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nX-Added: value\r\n\r\n");
    client.write(client_frame(json_handshake));
    settle(client);
    EXPECT_EQ(client.take_messages(), "{}\n");
    const http_answer answer = ask_for("/hub/negotiate", "POST");
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body.ends_with("]}")) << answer.body;
    for (const std::string_view gone : {"chunked", "close", "today", "Content-Length: 7\r\n"})
        EXPECT_EQ(answer.head.find(gone), std::string::npos) << answer.head;
}

// H16
TEST_F(front_headers_test, that_could_end_a_line_are_left_out) {
    start();
    function("GET", "/item", [](const http_request&) { return http_response{}; });
    add({{"X-A", "a\r\nX-Injected: 1"}, {"X-B", "b\nX-Injected: 1"}, {"X-C", "c\rX-Injected: 1"}, {"X-D", std::string("d\0X-Injected", 12)},
         {"X-E\r\nX-Injected", "e"}, {"X F", "f"}, {"", "g"}, {"X-Added", "value"}});
    for (const std::string& bytes : {plain("GET", "/item"), upgrade_request("/hub"), request_for("GET", new_token(), accept_events)}) {
        const std::string answer = request(bytes);
        EXPECT_NE(answer.find("\r\nX-Added: value\r\n"), std::string::npos) << answer;
        for (const std::string_view gone : {"Injected", "X-A:", "X-B:", "X-C:", "X-D:", "X-E", "X F", "\r\n: g"})
            EXPECT_EQ(answer.find(gone), std::string::npos) << gone << answer;
    }
}

TEST_F(front_headers_test, grant_no_origin_what_the_hub_does_not) {
    start({.allowed_origins = {"https://friend.example"}});
    add({{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Credentials", "true"}});
    EXPECT_EQ(ask_for("/hub/negotiate", "POST", "Origin: http://evil.example\r\n").status, 403);
    EXPECT_TRUE(request(upgrade_request("/hub", "Origin: http://evil.example\r\n")).starts_with("HTTP/1.1 403 "));
    EXPECT_EQ(count().origins_refused, 2u);
    EXPECT_EQ(ask_for("/hub/negotiate", "POST", "Origin: https://friend.example\r\n").status, 200);
    EXPECT_EQ(ask_for("/hub/negotiate", "POST", "Origin: http://here\r\n").status, 200);
}

}  // namespace
}  // namespace asignalr::detail
