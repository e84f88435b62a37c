// SPDX-License-Identifier: MIT
#include "wire/http_request_parser.hpp"

#include "../heap_meter.hpp"
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace asignalr::detail {
namespace {

using state = http_request_parser::state;

struct outcome {
    state what = state::incomplete;
    int status = 0;
    std::size_t consumed = 0;
    request_head head;
};

outcome take(http_request_parser& parser, const std::string& bytes, std::size_t step) {
    outcome result;
    while (result.consumed < bytes.size() && result.what == state::incomplete) {
        std::size_t consumed = 0;
        result.what = parser.parse(std::string_view(bytes).substr(result.consumed, step), consumed);
        if (result.what == state::incomplete && consumed == 0) break;
        result.consumed += consumed;
    }
    result.status = parser.error_status();
    result.head = parser.head();
    return result;
}

// In one piece, byte by byte and cut at every place: always the same.
outcome parse(const std::string& bytes, http_limits limits = {}) {
    http_request_parser whole(limits);
    outcome first = take(whole, bytes, bytes.size());
    http_request_parser bytewise(limits);
    const outcome second = take(bytewise, bytes, 1);
    EXPECT_EQ(second.what, first.what) << bytes.substr(0, 200);
    EXPECT_EQ(second.status, first.status) << bytes.substr(0, 200);
    if (first.what == state::complete) {
        EXPECT_EQ(second.consumed, first.consumed);
    }
    for (std::size_t cut = 1; cut < bytes.size() && bytes.size() < 600; ++cut) {
        http_request_parser split(limits);
        const outcome before = take(split, bytes.substr(0, cut), cut);
        const outcome after = before.what == state::incomplete ? take(split, bytes.substr(cut), bytes.size()) : before;
        EXPECT_EQ(after.what, first.what) << "cut at " << cut;
        EXPECT_EQ(after.status, first.status) << "cut at " << cut;
    }
    return first;
}

std::string get(std::string_view headers) { return "GET / HTTP/1.1\r\n" + std::string(headers) + "\r\n"; }
std::string post(std::string_view headers) { return "POST /x HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n"; }
std::string line(std::string_view request_line) { return std::string(request_line) + "\r\nHost: a\r\n\r\n"; }

void expect_status(const std::string& bytes, int status) {
    const outcome result = parse(bytes);
    EXPECT_EQ(result.what, status == 0 ? state::complete : state::failed) << ::testing::PrintToString(bytes.substr(0, 200));
    EXPECT_EQ(result.status, status) << ::testing::PrintToString(bytes.substr(0, 200));
}

TEST(http_request_parser, takes_a_request_apart) {
    const std::string head = "POST /hub/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: example.org:80\r\nX-One:  a b \t\r\nContent-Length: 3\r\n\r\n";
    const outcome result = parse(head + "abcGET");
    ASSERT_EQ(result.what, state::complete);
    EXPECT_EQ(result.consumed, head.size());
    EXPECT_EQ(result.head.method, "POST");
    EXPECT_EQ(result.head.target, "/hub/negotiate?negotiateVersion=1");
    EXPECT_EQ(result.head.minor_version, 1);
    EXPECT_EQ(*result.head.find("x-one"), "a b");
    EXPECT_EQ(result.head.find("X-Two"), nullptr);
    EXPECT_EQ(result.head.content_length, 3u);
    EXPECT_TRUE(result.head.has_body());
    EXPECT_TRUE(result.head.keep_alive);
    EXPECT_FALSE(result.head.chunked);
}

TEST(http_request_parser, takes_the_next_request_after_reset) {
    http_request_parser parser({});
    const std::string two = get("Host: a\r\nX: 1\r\n") + get("Host: b\r\n");
    std::size_t consumed = 0;
    EXPECT_FALSE(parser.started());
    ASSERT_EQ(parser.parse(two, consumed), state::complete);
    EXPECT_TRUE(parser.started());
    parser.reset();
    EXPECT_FALSE(parser.started());
    std::size_t again = 0;
    ASSERT_EQ(parser.parse(std::string_view(two).substr(consumed), again), state::complete);
    EXPECT_EQ(*parser.head().find("Host"), "b");
    EXPECT_EQ(parser.head().headers.size(), 1u);
    EXPECT_EQ(consumed + again, two.size());
}

TEST(http_request_parser, passes_over_one_empty_line) {
    expect_status("\r\n" + get("Host: a\r\n"), 0);
    expect_status("\r\n\r\n" + get("Host: a\r\n"), 400);
}

TEST(http_request_parser, H01_limits_are_exact) {
    const http_limits limits{.request_line = 40, .header_bytes = 60, .header_count = 3};
    const auto with_line = [](std::size_t size) {
        return line("GET /" + std::string(size - 14, 'p') + " HTTP/1.1");
    };
    EXPECT_EQ(parse(with_line(40), limits).what, state::complete);
    EXPECT_EQ(parse(with_line(41), limits).status, 414);
    EXPECT_EQ(parse(get("Host: a\r\nA: 1\r\nB: 2\r\n"), limits).what, state::complete);
    EXPECT_EQ(parse(get("Host: a\r\nA: 1\r\nB: 2\r\nC: 3\r\n"), limits).status, 431);
    const auto with_headers = [](std::size_t size) { return get("Host: a\r\nX: " + std::string(size - 14, 'v') + "\r\n"); };
    EXPECT_EQ(parse(with_headers(60), limits).what, state::complete);
    EXPECT_EQ(parse(with_headers(63), limits).status, 431);
}

TEST(http_request_parser, H01_a_line_without_end_is_refused_as_soon_as_it_is_too_long) {
    http_request_parser parser({});
    std::size_t consumed = 0;
    EXPECT_EQ(parser.parse("GET /" + std::string(9000, 'x'), consumed), state::failed);
    EXPECT_EQ(parser.error_status(), 414);
    EXPECT_FALSE(parser.error_text().empty());
}

TEST(http_request_parser, H02_host) {
    for (const char* host : {"a", "example.org", "127.0.0.1:8080", "[::1]", "[::1]:80", "[2001:DB8::192.0.2.1]", "a_b", "a,b", "a:", "EXAMPLE.org:1",
                             "a:65535", "a%20b", "%e2%82%AC:1"})
        expect_status(get("Host: " + std::string(host) + "\r\n"), 0);
    for (const char* host : {"", "a b", "a/b", "a@b", "user@a", "a:port", "a:123456", "a:65536", "a:99999", "a:-1", "a:+1", "[::1", "[]", "[1]", "[zz]",
                             "[!!!]", "[::g]", "[::1%25eth0]", "[::1]x", "[::1]:x", ":80", "a?b", "a#b", "a\\b", "%", "a%", "a%2", "a%zz", "a%2:1"})
        expect_status(get("Host: " + std::string(host) + "\r\n"), 400);
    expect_status(get(""), 400);
    expect_status(get("Host: a\r\nHost: a\r\n"), 400);
    expect_status(get("Host: a\r\nhost: b\r\n"), 400);
    expect_status("GET / HTTP/1.0\r\n\r\n", 0);
    expect_status("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400);
}

bool may_stand_in(std::string_view place, unsigned byte) {
    const bool token = is_token_byte(static_cast<char>(byte));
    if (place == "method" || place == "name") return token;
    if (place == "target") return byte > 0x20 && byte < 0x7f && byte != '#';
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

TEST(http_request_parser, H03_every_byte_at_every_position) {
    for (unsigned byte = 0; byte < 256; ++byte) {
        const std::string one(1, static_cast<char>(byte));
        // A blank ends the method or target, a colon the name: refused or read as something else, so not asked here.
        const std::pair<std::string_view, std::string> places[]{
            {"method", line("G" + one + "T / HTTP/1.1")},
            {"target", line("GET /a" + one + "b HTTP/1.1")},
            {"name", get("Host: a\r\nX" + one + "Y: v\r\n")},
            {"value", get("Host: a\r\nX: v" + one + "w\r\n")}};
        for (const auto& [place, request] : places) {
            if (place == "name" && byte == ':') continue;
            SCOPED_TRACE(std::string(place) + " " + std::to_string(byte));
            expect_status(request, may_stand_in(place, byte) ? 0 : 400);
        }
    }
}

TEST(http_request_parser, H03_line_ends_and_blanks) {
    expect_status("GET / HTTP/1.1\nHost: a\r\n\r\n", 400);
    expect_status("GET / HTTP/1.1\r\nHost: a\n\r\n", 400);
    expect_status("GET / HTTP/1.1\r\nHost: a\r\n\n", 400);
    expect_status("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400);
    expect_status("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400);
    expect_status(get("Host : a\r\n"), 400);
    expect_status(get("Host\t: a\r\n"), 400);
    expect_status(get(" Host: a\r\n"), 400);
    expect_status(get("Host: a\r\n folded\r\n"), 400);
    expect_status(get("Host: a\r\n\tfolded\r\n"), 400);
    expect_status(get("Host: a\r\nno colon\r\n"), 400);
    expect_status(get("Host: a\r\n: no name\r\n"), 400);
    expect_status(get("Host: a\r\nEmpty:\r\n"), 0);
}

TEST(http_request_parser, H04_versions) {
    expect_status("GET / HTTP/1.0\r\nHost: a\r\n\r\n", 0);
    for (const char* version : {"HTTP/2.0", "HTTP/1.2", "HTTP/0.9", "HTTP/9.9"})
        expect_status(line("GET / " + std::string(version)), 505);
    for (const char* version : {"HTTP/1", "HTTP/11", "HTTP/1.1.", "http/1.1", "HTTP/1.10", "HTTP/1,1", "HTTP /1.1", "FTP/1.1", "HTTP/a.b"})
        expect_status(line("GET / " + std::string(version)), 400);
    expect_status(line("GET /"), 400);
    expect_status(line("GET  / HTTP/1.1"), 400);
    expect_status(line("GET /  HTTP/1.1"), 400);
    expect_status(line("GET / HTTP/1.1 "), 400);
    expect_status(line(" GET / HTTP/1.1"), 400);
    expect_status(line("GET\t/ HTTP/1.1"), 400);
}

TEST(http_request_parser, H04_target_forms) {
    expect_status(line("OPTIONS * HTTP/1.1"), 0);
    expect_status(line("GET * HTTP/1.1"), 400);
    expect_status(line("OPTIONS ** HTTP/1.1"), 400);
    expect_status(line("CONNECT a:80 HTTP/1.1"), 405);
    expect_status(line("GET a:80 HTTP/1.1"), 400);
    expect_status(line("GET x HTTP/1.1"), 400);
    expect_status(line("GET ftp://a/ HTTP/1.1"), 400);
    expect_status(line("GET http:// HTTP/1.1"), 400);
    expect_status(line("GET http:///x HTTP/1.1"), 400);
    expect_status(line("GET http://u@a/x HTTP/1.1"), 400);
    expect_status(line("GET http://b/x HTTP/1.1"), 400);
    const std::pair<const char*, const char*> absolute[]{
        {"http://a/x?y", "/x?y"}, {"HTTPS://A", "/"}, {"http://a?q", "/?q"}, {"http://a/", "/"}};
    for (const auto& [target, origin] : absolute) {
        const outcome result = parse(line("GET " + std::string(target) + " HTTP/1.1"));
        EXPECT_EQ(result.what, state::complete) << target;
        EXPECT_EQ(result.head.target, origin);
    }
}

TEST(http_request_parser, H05_length_and_encoding_exclude_each_other) {
    for (const char* length : {"Content-Length", "content-length", "CONTENT-LENGTH"})
        for (const char* encoding : {"Transfer-Encoding", "transfer-encoding"}) {
            const std::string one = std::string(length) + ": 3\r\n", other = std::string(encoding) + ": chunked\r\n";
            expect_status(post(one + other), 400);
            expect_status(post(other + one), 400);
            expect_status(post(one + "X: y\r\n" + other), 400);
            expect_status(post(other + "X: y\r\n" + one), 400);
        }
}

TEST(http_request_parser, H06_content_length) {
    for (const char* value : {"0", "3", "007", "9223372036854775807"})
        expect_status(post("Content-Length: " + std::string(value) + "\r\n"), 0);
    for (const char* value : {"", "+3", "-3", "3 3", "3,3", "3, 3", "0x3", "3a", "a", "1e2", "3.0", "9223372036854775808",
                              "18446744073709551616", "99999999999999999999999999"})
        expect_status(post("Content-Length: " + std::string(value) + "\r\n"), 400);
    expect_status(post("Content-Length: 3\r\nContent-Length: 3\r\n"), 400);
    expect_status(post("Content-Length: 3\r\ncontent-length: 4\r\n"), 400);
    EXPECT_EQ(parse(post("Content-Length: 9223372036854775807\r\n")).head.content_length, 9223372036854775807u);
}

TEST(http_request_parser, H07_transfer_encoding) {
    for (const char* value : {"chunked", "Chunked", " chunked\t"}) {
        const outcome result = parse(post("Transfer-Encoding:" + std::string(value) + "\r\n"));
        EXPECT_EQ(result.what, state::complete) << value;
        EXPECT_TRUE(result.head.chunked);
    }
    for (const char* value : {"", "xchunked", "chunkedx", "chunked, identity", "identity", "gzip, chunked", "chunked,", ",chunked",
                              "\"chunked\"", "chunked;q=1", "chunked chunked", "chunk\ted", "identity, chunked"})
        expect_status(post("Transfer-Encoding: " + std::string(value) + "\r\n"), 501);
    expect_status(post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 501);
    expect_status(post("Transfer-Encoding: chunked\x0b\r\n"), 400);
    expect_status("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
}

TEST(http_request_parser, H12_an_upgrade_has_no_body) {
    expect_status(get("Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"), 0);
    expect_status(get("Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n"), 0);
    expect_status(get("Host: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n"), 400);
    expect_status(get("Host: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nTransfer-Encoding: chunked\r\n"), 400);
}

// Nothing is handed to the parser twice, and what it keeps grows as a buffer does: eight times the bytes are three doublings more,
// where a parser that put what it has together anew with each piece would allocate once a byte.
TEST(http_request_parser, H14_work_grows_with_the_bytes_only) {
    const auto allocations = [](std::size_t size) {
        const std::string request = get("Host: a\r\nX: " + std::string(size, 'v') + "\r\n");
        const std::size_t before = heap_meter::allocations();
        http_request_parser parser({});
        for (std::size_t at = 0; at < request.size(); ++at) {
            std::size_t consumed = 0;
            const state what = parser.parse(std::string_view(request).substr(at, 1), consumed);
            EXPECT_EQ(consumed, 1u) << "at " << at;
            EXPECT_EQ(what, at + 1 < request.size() ? state::incomplete : state::complete) << "at " << at;
        }
        return heap_meter::allocations() - before;
    };
    const std::size_t few = allocations(3'750);
    EXPECT_LE(few, 64u);
    EXPECT_LE(allocations(30'000), few + 8);
}

TEST(http_request_parser, H18_other_protocols_are_refused_cleanly) {
    http_request_parser tls({});
    std::size_t consumed = 0;
    EXPECT_EQ(tls.parse(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), consumed), state::failed);
    EXPECT_EQ(tls.error_status(), 400);
    expect_status("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
    expect_status("PROXY TCP4 192.0.2.1 192.0.2.2 5 80\r\n" + get("Host: a\r\n"), 400);
    expect_status("\r\n\r\n\0\r\nQUIT\n", 400);
}

TEST(http_request_parser, H19_any_method_that_is_a_token) {
    for (const char* method : {"HEAD", "OPTIONS", "DELETE", "PUT", "PATCH", "TRACE", "BREW", "get", "M-SEARCH"}) {
        const outcome result = parse(line(std::string(method) + " /x HTTP/1.1"));
        EXPECT_EQ(result.what, state::complete);
        EXPECT_EQ(result.head.method, method);
    }
}

TEST(http_request_parser, connection_and_expect) {
    EXPECT_FALSE(parse("GET / HTTP/1.0\r\nHost: a\r\n\r\n").head.keep_alive);
    EXPECT_FALSE(parse(get("Host: a\r\nConnection: x, CLOSE\r\n")).head.keep_alive);
    EXPECT_TRUE(parse(get("Host: a\r\nConnection: closed\r\n")).head.keep_alive);
    EXPECT_TRUE(parse(post("Expect: 100-Continue\r\nContent-Length: 1\r\n")).head.expects_continue);
    EXPECT_FALSE(parse("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n").head.expects_continue);
    expect_status(post("Expect: more\r\n"), 417);
}

}  // namespace
}  // namespace asignalr::detail
