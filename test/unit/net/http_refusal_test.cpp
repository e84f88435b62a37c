// SPDX-License-Identifier: MIT
#include "http_fixture.hpp"

#include <ostream>

namespace asignalr::detail {
namespace {

struct refusal_case {
    const char* id;  // of reference/reliability.md section 3.1, and what it is about
    std::string bytes;
    int status;  // 0: the request is accepted
};

void PrintTo(const refusal_case& value, std::ostream* out) { *out << value.id; }

std::string with(std::string_view headers, std::string_view line = "GET / HTTP/1.1") {
    return std::string(line) + "\r\n" + std::string(headers) + "\r\n";
}

std::string many_headers(int count) {
    std::string text = "Host: x\r\n";
    for (int index = 1; index < count; ++index)
        text += "A: b\r\n";
    return text;
}

std::vector<refusal_case> refusal_table() {
    const std::string host = "Host: x\r\n";
    std::vector<refusal_case> table{
        {"H01 request line at the limit", "GET /" + std::string(8192 - 14, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 0},
        {"H01 request line over the limit", "GET /" + std::string(8192 - 13, 'a') + " HTTP/1.1\r\n" + host + "\r\n",
         414},
        {"H01 headers over the limit", with(host + "A: " + std::string(32 * 1024, 'a') + "\r\n"), 431},
        {"H01 headers at the limit of number", with(many_headers(100)), 0},
        {"H01 headers over the limit of number", with(many_headers(101)), 431},
        {"H02 no host", with(""), 400},
        {"H02 two equal hosts", with(host + host), 400},
        {"H02 malformed host", with("Host: a b\r\n"), 400},
        {"H02 empty host", with("Host: \r\n"), 400},
        {"H03 blank before the colon", with("Host : x\r\n"), 400},
        {"H03 folded line", with(host + "A: b\r\n c\r\n"), 400},
        {"H03 bare line feed", "GET / HTTP/1.1\nHost: x\r\n\r\n", 400},
        {"H03 bare carriage return", with(host + "A: b\rc\r\n"), 400},
        {"H03 NUL", with(host + std::string("A: b\0c\r\n", 8)), 400},
        {"H03 no name", with(host + ": b\r\n"), 400},
        {"H04 version 2", with(host, "GET / HTTP/2.0"), 505},
        {"H04 version 1.2", with(host, "GET / HTTP/1.2"), 505},
        {"H04 no version", with(host, "GET /"), 400},
        {"H04 lower case", with(host, "GET / http/1.1"), 400},
        {"H04 asterisk for GET", with(host, "GET * HTTP/1.1"), 400},
        {"H04 asterisk for OPTIONS", with(host, "OPTIONS * HTTP/1.1"), 0},
        {"H04 absolute form", with(host, "GET http://x/a HTTP/1.1"), 0},
        {"H04 absolute form with another host", with(host, "GET http://y/a HTTP/1.1"), 400},
        {"H04 authority form", with(host, "CONNECT x:80 HTTP/1.1"), 405},
        {"H05 both lengths", with(host + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "POST / HTTP/1.1"),
         400},
        {"H05 both lengths, turned",
         with(host + "transfer-encoding: chunked\r\ncontent-length: 0\r\n", "POST / HTTP/1.1"), 400},
        {"H06 repeated length", with(host + "Content-Length: 0\r\nContent-Length: 0\r\n", "POST / HTTP/1.1"), 400},
        {"H06 list", with(host + "Content-Length: 0, 0\r\n", "POST / HTTP/1.1"), 400},
        {"H06 sign", with(host + "Content-Length: +1\r\n", "POST / HTTP/1.1"), 400},
        {"H06 negative", with(host + "Content-Length: -1\r\n", "POST / HTTP/1.1"), 400},
        {"H06 hexadecimal", with(host + "Content-Length: 0x1\r\n", "POST / HTTP/1.1"), 400},
        {"H06 too large", with(host + "Content-Length: 9223372036854775808\r\n", "POST / HTTP/1.1"), 400},
        {"H06 very much too large", with(host + "Content-Length: 99999999999999999999999\r\n", "POST / HTTP/1.1"), 400},
        {"H06 over the body limit", with(host + "Content-Length: 9223372036854775807\r\n", "POST / HTTP/1.1"), 413},
        {"H07 unknown coding", with(host + "Transfer-Encoding: gzip\r\n", "POST / HTTP/1.1"), 501},
        {"H07 list", with(host + "Transfer-Encoding: chunked, identity\r\n", "POST / HTTP/1.1"), 501},
        {"H07 nearly", with(host + "Transfer-Encoding: xchunked\r\n", "POST / HTTP/1.1"), 501},
        {"H07 twice", with(host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "POST / HTTP/1.1"),
         501},
        {"H07 in 1.0", with(host + "Transfer-Encoding: chunked\r\n", "POST / HTTP/1.0"), 400},
        {"H12 upgrade with a body",
         with(host + "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n", "GET / HTTP/1.1"), 400},
        {"H18 TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n", 13), 400},
        {"H18 HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"H18 TLS 1.3", std::string("\x16\x03\x01\x00\xf4\x01\x00\x00\xf0\x03\x03GET / HTTP/1.1\r\nHost: x\r\n\r\n", 38), 400},
        {"H18 SSL 2", std::string("\x80\x2e\x01\x03\x01\x00\x15\x00\x00", 9), 400},
        {"H18 PROXY version 2", std::string("\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c", 16), 400},
        {"H18 PROXY and a request behind it", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"H18 PROXY", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n", 400},
        {"expectation", with(host + "Expect: more\r\n"), 417},
    };
    const std::string chunked = with(host + "Transfer-Encoding: chunked\r\n", "POST / HTTP/1.1");
    for (const char* body :
         {"1;a\nGET /x HTTP/1.1\r\n", "1\nb\r\n", "1\r\nb\n", "1 \r\nb\r\n0\r\n\r\n", "123456789\r\n", "x\r\n", "\r\n",
          "-1\r\n", "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", "1\r\nbb\r\n"})
        table.push_back({"H08 chunks", chunked + body, 400});
    // The four ways in which two readers may disagree about the end of a chunk's line, with a request behind it for the one that is wrong.
    const std::string smuggled = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const char* body : {"1;\nxx\r\n0\r\n\r\n", "1;\rxx\r\n0\r\n\r\n", "1\r\nb\n0\r\n\r\n", "1\r\nb\r0\r\n\r\n"})
        table.push_back({"H08 TERM and EXT", chunked + body + smuggled, 400});
    table.push_back({"H08 extension", chunked + "1;a=b\r\nb\r\n0\r\n\r\n", 0});
    table.push_back({"H09 trailers", chunked + "0\r\nHost: y\r\nAuthorization: z\r\n\r\n", 0});
    return table;
}

class http_refusal_test : public http_fixture, public testing::WithParamInterface<refusal_case> {
protected:
    std::string transcript(std::size_t piece) {
        handler_.handled = 0;
        auto client = connect();
        std::string_view rest = GetParam().bytes;
        while (!rest.empty()) {
            if (!client.write(rest.substr(0, piece))) break;
            rest.remove_prefix(std::min(piece, rest.size()));
            run();
        }
        std::string text = collect(client);
        text += client.ended ? "[closed]" : "[open]";
        text += std::to_string(handler_.handled);
        return text;
    }
};

TEST_P(http_refusal_test, has_its_status_and_closes_however_the_bytes_are_cut) {
    const std::string whole = transcript(static_cast<std::size_t>(-1));
    const int status = GetParam().status;
    EXPECT_TRUE(whole.starts_with("HTTP/1.1 " + std::to_string(status == 0 ? 200 : status))) << whole;
    EXPECT_TRUE(whole.ends_with(status == 0 ? "[open]1" : "[closed]0")) << whole;
    EXPECT_EQ(lane_->count().http_requests_refused.get(), status == 0 ? 0u : 1u);
    EXPECT_EQ(transcript(1), whole);
    EXPECT_EQ(transcript(7), whole);
}

INSTANTIATE_TEST_SUITE_P(table, http_refusal_test, testing::ValuesIn(refusal_table()));

class http_split_test : public http_fixture {};

TEST_F(http_split_test, every_split_point_gives_the_same_transcript) {
    const std::string conversation =
        "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbodyPOST /c "
        "HTTP/1.1\r\nHost: "
        "x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2;e=f\r\ndy\r\n0\r\nT: u\r\n\r\nHEAD /d HTTP/1.1\r\nHost: "
        "x\r\n\r\nGET /e "
        "HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    auto first = connect();
    const std::string expected = exchange_bytes(first, conversation);
    EXPECT_TRUE(first.ended);
    for (std::size_t split = 1; split < conversation.size(); ++split) {
        auto client = connect();
        std::string received = exchange_bytes(client, std::string_view(conversation).substr(0, split));
        received += exchange_bytes(client, std::string_view(conversation).substr(split));
        ASSERT_EQ(received, expected) << "split at " << split;
        ASSERT_TRUE(client.ended);
    }
    auto single_bytes = connect();
    server_end_->limit_transfers(1);
    single_bytes.write(conversation);
    for (int turn = 0; turn < 5; ++turn)
        run();
    EXPECT_EQ(collect(single_bytes), expected);
}

}  // namespace
}  // namespace asignalr::detail
