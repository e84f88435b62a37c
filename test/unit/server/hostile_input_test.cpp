// SPDX-License-Identifier: MIT
#include <asignalr/net/http.hpp>

#include "server/server_core.hpp"
#include "server_fixture.hpp"

namespace asignalr::detail {
namespace {

constexpr std::string_view sum_is_3 = "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n";
constexpr std::string_view closed_with_an_error =
    "{\"type\":7,\"error\":\"Connection closed with an error.\",\"allowReconnect\":true}\n";

/// Input that means harm: what it gets, and that somebody else is served on.
class hostile_input_test : public server_fixture {};

// S01
TEST_F(hostile_input_test, pages_of_a_foreign_origin_are_refused_everywhere) {
    start({.allowed_origins = {"https://friend.example"}});
    const auto with = [](std::string_view origin) { return "Origin: " + std::string(origin) + "\r\n"; };
    const std::string rest = "\r\n";
    for (const std::string_view origin : {"http://evil.example", "null", "http://here.evil.example", "http://here:81", "https://friend.example.evil"}) {
        const std::string header = with(origin);
        EXPECT_TRUE(negotiate("?negotiateVersion=1", header).starts_with("HTTP/1.1 403 ")) << origin;
        EXPECT_TRUE(request(upgrade_request("/hub", header)).starts_with("HTTP/1.1 403 ")) << origin;
        for (const std::string_view start_of : {"GET /hub?id=x", "POST /hub?id=x", "DELETE /hub?id=x"})
            EXPECT_TRUE(request(std::string(start_of) + " HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n" + header + rest)
                            .starts_with("HTTP/1.1 403 ")) << origin;
    }
    EXPECT_EQ(count().origins_refused, 25u);
    for (const std::string_view origin : {"http://here", "https://here", "HTTP://HERE", "https://friend.example"}) {
        EXPECT_TRUE(negotiate("?negotiateVersion=1", with(origin)).starts_with("HTTP/1.1 200 ")) << origin;
        EXPECT_TRUE(request(upgrade_request("/hub", with(origin))).starts_with("HTTP/1.1 101 ")) << origin;
    }
    ASSERT_FALSE(log_->important.empty());
    EXPECT_NE(log_->important.front().find("allowed_origins"), std::string::npos);
    expect_others_are_served();
}

// S02
TEST_F(hostile_input_test, a_listed_origin_gets_its_name_back) {
    start({.allowed_origins = {"https://friend.example"}});
    const std::string answer = negotiate("?negotiateVersion=1", "Origin: https://friend.example\r\n");
    EXPECT_NE(answer.find("Access-Control-Allow-Origin: https://friend.example\r\n"), std::string::npos) << answer;
    EXPECT_NE(answer.find("Vary: Origin\r\n"), std::string::npos) << answer;
    EXPECT_EQ(answer.find("Allow-Origin: *"), std::string::npos);
    EXPECT_EQ(negotiate().find("Access-Control"), std::string::npos);
}

// S25
TEST_F(hostile_input_test, many_messages_in_one_frame_are_all_answered) {
    start();
    raw_client client = connect_hub(1024 * 1024);
    std::string many;
    for (int number = 0; number < 3000; ++number)
        many += "{\"type\":6}\x1e";
    many += invocation_message("1", "Add", "1,2") + record_end;
    client.write(client_frame(many));
    settle(client);
    EXPECT_EQ(client.take_messages(), sum_is_3);
    EXPECT_EQ(count().messages_received, 3001u);
}

// S25: a turn takes 16 KiB at most of one client, so another's call waits for one turn and not for the flood.
TEST_F(hostile_input_test, a_flood_of_messages_lets_others_in_between) {
    start();
    raw_client flood = connect_hub(1024 * 1024);
    raw_client other = connect_hub();
    std::string many;
    for (int number = 0; number < 2900; ++number)
        many += "{\"type\":6}\x1e";
    for (int frame = 0; frame < 20; ++frame)
        flood.write(client_frame(many));
    other.send(invocation_message("1", "Add", "1,2"));
    context_.restart();
    int turns = 0;
    while (other.messages.empty() && context_.poll_one() > 0) {
        other.read();
        ++turns;
    }
    EXPECT_LE(turns, 10);
    EXPECT_LT(count().messages_received, 20u * 2900u / 4);
    settle(flood);
    EXPECT_EQ(count().messages_received, 20u * 2900u + 1);
}

// S26
TEST_F(hostile_input_test, tiny_and_empty_fragments_are_capped) {
    start();
    for (const std::string_view piece : {"", "x"}) {
        raw_client client = connect_hub();
        client.write(client_frame(piece, 0x01));
        const std::string fragment = client_frame(piece, 0x00);
        for (int number = 0; number < 16'384 && !client.is_over(); ++number) {
            client.write(fragment);
            if (number % 1000 == 0) settle(client);
        }
        settle(client);
        EXPECT_EQ(client.close_code, 1008u);
    }
    EXPECT_EQ(world_->times("disconnected:The client broke the protocol of the transport."), 2u);
    expect_others_are_served();
}

// D2: the length of a continuation that wraps around what is there already.
TEST_F(hostile_input_test, a_wrapping_length_is_refused_at_its_header) {
    start();
    raw_client client = connect_hub();
    client.write(client_frame("x", 0x01) + std::string("\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04", 14));
    settle(client);
    EXPECT_EQ(client.close_code, 1002u);
    EXPECT_TRUE(client.ended);
    expect_others_are_served();
}

// D1
TEST_F(hostile_input_test, the_number_that_overflows_exponents_is_a_number) {
    start();
    raw_client client = connect_hub();
    EXPECT_NE(call(client, "Whole", "0.0000000000000000000001e-2147483639").find("\"type\":3"), std::string::npos);
    EXPECT_EQ(call(client, "Add", "1,2"), sum_is_3);
}

// S31
TEST_F(hostile_input_test, deep_nesting_closes) {
    start();
    for (const std::string_view opening : {"[", "{\"a\":"}) {
        for (const bool ignored : {false, true}) {
            std::string deep;
            while (deep.size() < 30'000)
                deep += opening;
            raw_client client = connect_hub();
            const std::string message = ignored ? "{\"ignored\":" + deep : invocation_message("1", "Echo", deep);
            EXPECT_EQ(ask(client, message), closed_with_an_error);
        }
    }
    EXPECT_EQ(count().malformed_messages, 4u);
    expect_others_are_served();
}

// S34
TEST_F(hostile_input_test, duplicate_properties_close) {
    start();
    for (const std::string_view message :
         {"{\"type\":1,\"target\":\"Echo\",\"arguments\":[],\"type\":6}", "{\"type\":1,\"target\":\"a\",\"target\":\"b\",\"arguments\":[]}",
          "{\"type\":1,\"target\":\"a\",\"arguments\":[],\"arguments\":[]}",
          "{\"type\":1,\"invocationId\":\"1\",\"invocationId\":\"2\",\"target\":\"a\",\"arguments\":[]}"}) {
        raw_client client = connect_hub();
        EXPECT_EQ(ask(client, message), closed_with_an_error) << message;
    }
    expect_others_are_served();
}

// S35
TEST_F(hostile_input_test, text_that_is_no_unicode_is_1007) {
    start();
    for (const std::string_view bytes : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
        raw_client client = connect_hub();
        client.send(invocation_message("1", "Echo", "\"" + std::string(bytes) + "\""));
        settle(client);
        EXPECT_EQ(client.close_code, 1007u);
        EXPECT_EQ(client.take_messages(), "");
    }
    EXPECT_EQ(world_->times("disconnected:The client broke the protocol of the transport."), 4u);
    expect_others_are_served();
}

// S35
TEST_F(hostile_input_test, a_nul_in_a_target_is_a_name_that_does_not_exist_and_in_data_is_data) {
    start();
    raw_client client = connect_hub();
    EXPECT_NE(call(client, "Ec\\u0000ho", "\"x\"").find("HubException: Method does not exist."), std::string::npos);
    EXPECT_EQ(call(client, "Echo", "\"a\\u0000b\""), "{\"type\":3,\"invocationId\":\"1\",\"result\":\"a\\u0000b\"}\n");
}

// S36
TEST_F(hostile_input_test, whole_numbers_are_exact_and_ranged) {
    start();
    raw_client client = connect_hub();
    const auto is = [&](std::string_view method, std::string_view number) {
        return call(client, method, number) == "{\"type\":3,\"invocationId\":\"1\",\"result\":" + std::string(number) + "}\n";
    };
    EXPECT_TRUE(is("Whole", "9223372036854775807"));
    EXPECT_TRUE(is("Whole", "-9223372036854775808"));
    EXPECT_TRUE(is("Whole", "9007199254740993"));
    EXPECT_TRUE(is("Natural", "18446744073709551615"));
    const std::string refused = "{\"type\":3,\"invocationId\":\"1\",\"error\":\"Failed to invoke '";
    for (const std::string_view number : {"9223372036854775808", "1e400", "1.5"})
        EXPECT_TRUE(call(client, "Whole", number).starts_with(refused)) << number;
    for (const std::string_view number : {"-1", "18446744073709551616"})
        EXPECT_TRUE(call(client, "Natural", number).starts_with(refused)) << number;
    EXPECT_EQ(call(client, "Add", "1,2"), sum_is_3);
}

// S41
TEST_F(hostile_input_test, peer_text_is_escaped_and_cut_in_the_log) {
    start();
    raw_client client = connect_websocket();
    std::string name = "\\u001b[31m\\r\\nforged";
    name += std::string(3000, 'x');
    client.write(client_frame("{\"protocol\":\"" + name + "\",\"version\":1}" + record_end));
    settle(client);
    ASSERT_EQ(log_->important.size(), 1u);
    const std::string& line = log_->important.front();
    EXPECT_LT(line.size(), 600u);
    for (const char character : line)
        EXPECT_GE(static_cast<unsigned char>(character), 0x20) << line;
}

// S41
TEST_F(hostile_input_test, each_kind_of_refusal_is_logged_once_a_second) {
    start();
    for (int number = 0; number < 1000; ++number)
        negotiate("?negotiateVersion=1", "Origin: http://evil.example\r\n");
    EXPECT_EQ(log_->important.size(), 1u);
    EXPECT_EQ(count().origins_refused, 1000u);
    pass(std::chrono::seconds(1));
    negotiate("?negotiateVersion=1", "Origin: http://evil.example\r\n");
    EXPECT_EQ(log_->important.size(), 2u);
}

// S41
TEST_F(hostile_input_test, tokens_and_queries_are_never_logged) {
    start();
    const std::string token = text_member(negotiate(), "connectionToken");
    raw_client client = connect_websocket(64 * 1024, "/hub?access_token=topsecret&id=" + token);
    client.write(client_frame(json_handshake));
    call(client, "Fail", "\"standard\"");
    client.write("\xff\xff");
    settle(client);
    for (const auto* lines : {&log_->important, &log_->others}) {
        for (const std::string& line : *lines) {
            EXPECT_EQ(line.find(token), std::string::npos) << line;
            EXPECT_EQ(line.find("topsecret"), std::string::npos) << line;
        }
    }
}

// H13: not taken for a poll, and what stands behind it is not read.
TEST_F(hostile_input_test, a_broken_opening_handshake_is_refused_and_closed) {
    start();
    const std::string version = "Sec-WebSocket-Version: 13\r\n", key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const std::pair<std::string, int> handshakes[]{
        {version, 400},
        {version + "Sec-WebSocket-Key: dGhl\r\n", 400},
        {version + key + key, 400},
        {version + version + key, 400},
        {key, 426},
        {"Sec-WebSocket-Version: 12\r\n" + key, 426}};
    for (const auto& [headers, status] : handshakes) {
        for (const std::string& query : {std::string(), "?id=" + text_member(negotiate("?negotiateVersion=1"), "connectionToken")}) {
            raw_client client = connect();
            client.write("GET /hub" + query + " HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + headers +
                         "\r\nGET /hub HTTP/1.1\r\nHost: here\r\n\r\n");
            settle(client);
            EXPECT_TRUE(client.ended) << headers << query;
            EXPECT_TRUE(client.raw.starts_with("HTTP/1.1 " + std::to_string(status) + " ")) << headers << query << client.raw;
            EXPECT_EQ(client.raw.find("Sec-WebSocket-Version: 13\r\n") != std::string::npos, status == 426) << client.raw;
            EXPECT_EQ(client.raw.find("HTTP/1.1", 1), std::string::npos) << client.raw;
        }
    }
    expect_others_are_served();
}

// H20: the parser's refusals are tested in unit_net; here through a whole server, with the next client served.
TEST_F(hostile_input_test, requests_that_are_refused_are_closed) {
    start();
    for (const std::string_view bytes :
         {"GET /hub HTTP/1.1\r\n\r\n", "GET /hub HTTP/2.0\r\nHost: here\r\n\r\n", "nonsense\r\n\r\n",
          "POST /hub/negotiate HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
        raw_client client = connect();
        client.write(bytes);
        settle(client);
        EXPECT_TRUE(client.ended) << bytes;
        EXPECT_NE(client.raw.find("Connection: close"), std::string::npos) << client.raw;
    }
    EXPECT_EQ(count().http_requests_refused, 4u);
    expect_others_are_served();
}

// H08: in none of the four ways to read a lone line end differently from a proxy is there a second request.
TEST_F(hostile_input_test, no_request_is_smuggled_in_a_chunked_body) {
    start();
    int seen = 0;
    const auto route = [&seen](const http_request&) {
        ++seen;
        return http_response{};
    };
    core_->routes().add("POST", "/take", router::function(route));
    core_->routes().add("GET", "/x", router::function(route));
    const std::string hidden = "GET /x HTTP/1.1\r\nHost: here\r\n\r\n";
    for (const std::string_view line_end : {"1;\nxx\r\n", "1;\rxx\r\n", "2;\n\r\nxx\r\n", "0;\n\r\n"}) {
        const std::string answer = request("POST /take HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n" +
                                           std::string(line_end) + hidden + "0\r\n\r\n" + hidden);
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << answer;
        EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << answer;
    }
    EXPECT_EQ(seen, 0);
    expect_others_are_served();
}

// H09
TEST_F(hostile_input_test, trailers_have_no_effect) {
    start();
    std::vector<std::string> seen;
    core_->routes().add("POST", "/take", router::function([&seen](const http_request& asked) {
        seen.push_back(std::string(asked.body()) + " " + std::string(asked.header("Host").value_or("-")) + " " +
                       std::string(asked.header("Authorization").value_or("-")) + " " + std::string(asked.header("Origin").value_or("-")));
        return http_response{};
    }));
    const std::string one = "POST /take HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "1\r\nx\r\n0\r\nHost: evil\r\nAuthorization: mine\r\nOrigin: http://evil.example\r\nContent-Length: 5\r\n\r\n";
    request(one + one);
    EXPECT_EQ(seen, (std::vector<std::string>{"x here - -", "x here - -"}));
}

// H10
TEST_F(hostile_input_test, a_negotiate_request_has_a_small_body) {
    start();
    const std::string head = "POST /hub/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: here\r\n";
    EXPECT_TRUE(request(head + "Content-Length: 1024\r\n\r\n" + std::string(1024, 'x')).starts_with("HTTP/1.1 200 "));
    EXPECT_TRUE(request(head + "Content-Length: 1025\r\n\r\n").starts_with("HTTP/1.1 413 ")) << "unread";
    EXPECT_TRUE(request(head + "Transfer-Encoding: chunked\r\n\r\n401\r\n").starts_with("HTTP/1.1 413 ")) << "unread";
    EXPECT_EQ(count().http_requests_refused, 2u);
}

// H18
TEST_F(hostile_input_test, other_protocols_are_answered_once_and_closed) {
    start();
    for (const std::string& bytes :
         {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(500, '\x7f'), std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
          std::string("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n") + upgrade_request("/hub")}) {
        raw_client client = connect();
        client.write(bytes);
        settle(client);
        EXPECT_TRUE(client.ended);
        EXPECT_TRUE(client.raw.starts_with("HTTP/1.1 400 ") || client.raw.starts_with("HTTP/1.1 505 ")) << client.raw;
        EXPECT_EQ(client.raw.find("\nDate: "), client.raw.rfind("\nDate: ")) << client.raw;
    }
    pass(std::chrono::seconds(2));
    EXPECT_EQ(count().sockets, 0u);
    EXPECT_EQ(count().http_requests_refused, 3u);
    expect_others_are_served();
}

// H22
TEST_F(hostile_input_test, forwarded_headers_count_from_a_trusted_proxy_only) {
    start({}, {.trusted_proxies = {"10.0.0.1"}});
    core_->routes().add("GET", "/who", router::function([](const http_request& asked) {
        return http_response{.body = std::string(asked.remote_address()) + " " + std::string(asked.scheme()) + " " + std::string(asked.host())};
    }));
    const std::string forwarded =
        "X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: chat.example\r\n";
    const auto said_to = [&](std::string address) {
        raw_client client = connect(64 * 1024, std::move(address));
        client.write("GET /who HTTP/1.1\r\nHost: here\r\n" + forwarded + "\r\n");
        settle(client);
        return client.raw.substr(client.raw.find("\r\n\r\n") + 4);
    };
    EXPECT_EQ(said_to("10.0.0.1"), "203.0.113.9 https chat.example");
    EXPECT_EQ(said_to("10.0.0.2"), "10.0.0.2  here");
    EXPECT_EQ(said_to(""), "  here");

    // A page of the public name, and what a hub is told.
    const std::string page = forwarded + "Origin: https://chat.example\r\n";
    for (const bool trusted : {true, false}) {
        raw_client client = connect(64 * 1024, trusted ? "10.0.0.1" : "203.0.113.9");
        client.write(upgrade_request("/hub", page));
        settle(client);
        if (!trusted) {
            EXPECT_TRUE(client.raw.starts_with("HTTP/1.1 403 ")) << client.raw;
            continue;
        }
        client.write(client_frame(json_handshake));
        settle(client);
        client.take_messages();
        EXPECT_EQ(
            call(client, "Asked", "\"id\""), "{\"type\":3,\"invocationId\":\"1\",\"result\":\"1 WebSockets json /hub 203.0.113.9 -\"}\n");
    }
}

// H12
TEST_F(hostile_input_test, what_stands_behind_a_refused_upgrade_is_no_request) {
    start();
    const std::string answer = request(upgrade_request("/hub?id=AAAAAAAAAAAAAAAAAAAAAA") + "GET /smuggled HTTP/1.1\r\nHost: here\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 404 ")) << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos) << answer;
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << answer;
}

// S41
TEST_F(hostile_input_test, the_error_of_an_upload_is_escaped_in_the_log) {
    start();
    raw_client client = connect_hub();
    client.send(upload_invocation("1", "Sum", "u"));
    client.send("{\"type\":3,\"invocationId\":\"u\",\"error\":\"\\u001b[31m\\r\\nforged: line" + std::string(10'000, 'x') + "\"}");
    settle(client);
    ASSERT_EQ(log_->important.size(), 1u);
    const std::string& line = log_->important[0];
    EXPECT_EQ(line.find_first_of("\x1b\r\n"), std::string::npos) << line;
    EXPECT_LT(line.size(), 1000u);
    expect_others_are_served();
}

// H19
TEST_F(hostile_input_test, methods_and_tokens_are_checked) {
    start();
    const std::string token = text_member(negotiate(), "connectionToken");
    const auto status = [this](std::string_view line) {
        return request(std::string(line) + " HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n").substr(9, 3);
    };
    EXPECT_EQ(status("GET /hub/negotiate"), "405");
    EXPECT_EQ(status("PUT /hub"), "405");
    EXPECT_EQ(status("GET /hub"), "400");
    EXPECT_EQ(status("GET /hub?id="), "400");
    EXPECT_EQ(status("GET /hub?id=" + token + "&id=" + token), "400");
    EXPECT_EQ(status("GET /hub?id=AAAAAAAAAAAAAAAAAAAAAA"), "404");
    EXPECT_EQ(status("GET /hub?id=" + std::string(5000, 'A')), "404");
    EXPECT_EQ(status("POST /hub?id=" + token), "200") << "a transport may still be chosen";
    EXPECT_EQ(status("DELETE /hub?id=" + token), "400");
    EXPECT_EQ(status("GET /nothing"), "404");
    raw_client first = connect_websocket(64 * 1024, "/hub?id=" + token);
    EXPECT_EQ(status("POST /hub?id=" + token), "405");
    EXPECT_TRUE(request(upgrade_request("/hub?id=" + token)).starts_with("HTTP/1.1 409 "));
    EXPECT_TRUE(request(upgrade_request("/hub?id=AAAAAAAAAAAAAAAAAAAAAA")).starts_with("HTTP/1.1 404 "));
    first.leave();
    run();
    EXPECT_TRUE(request(upgrade_request("/hub?id=" + token)).starts_with("HTTP/1.1 404 "));
}

}  // namespace
}  // namespace asignalr::detail
