// SPDX-License-Identifier: MIT
#include "wire/http_body.hpp"

#include <gtest/gtest.h>

namespace asignalr::detail {
namespace {

using state = body_decoder::state;

struct outcome {
    state what = state::incomplete;
    std::string body;
    std::size_t consumed = 0;
};

outcome take(const request_head& head, const std::string& bytes, std::size_t limit, std::size_t first_piece, std::size_t step) {
    body_decoder decoder(head, limit);
    outcome result;
    std::size_t piece = first_piece;
    while (result.consumed < bytes.size() && result.what == state::incomplete) {
        std::size_t consumed = 0;
        result.what = decoder.feed(std::string_view(bytes).substr(result.consumed, piece), consumed, result.body);
        result.consumed += consumed;
        piece = step;
    }
    return result;
}

outcome decode(const request_head& head, const std::string& bytes, std::size_t limit = 1000) {
    const outcome whole = take(head, bytes, limit, bytes.size(), bytes.size());
    const outcome bytewise = take(head, bytes, limit, 1, 1);
    EXPECT_EQ(bytewise.what, whole.what) << bytes;
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        const outcome split = take(head, bytes, limit, cut, bytes.size());
        EXPECT_EQ(split.what, whole.what) << bytes << " cut at " << cut;
        if (whole.what != state::complete) continue;
        EXPECT_EQ(split.body, whole.body) << bytes << " cut at " << cut;
        EXPECT_EQ(split.consumed, whole.consumed) << bytes << " cut at " << cut;
    }
    return whole;
}

outcome chunked(const std::string& bytes, std::size_t limit = 1000) {
    request_head head;
    head.chunked = true;
    return decode(head, bytes, limit);
}

outcome sized(std::uint64_t length, const std::string& bytes, std::size_t limit = 1000) {
    request_head head;
    head.content_length = length;
    return decode(head, bytes, limit);
}

TEST(body_decoder, takes_a_body_by_its_length) {
    const outcome result = sized(5, "helloGET / HTTP/1.1");
    EXPECT_EQ(result.what, state::complete);
    EXPECT_EQ(result.body, "hello");
    EXPECT_EQ(result.consumed, 5u);
    EXPECT_EQ(sized(5, "hell").what, state::incomplete);
}

TEST(body_decoder, H10_a_length_over_the_limit_is_refused_unread) {
    const outcome result = sized(1001, "x", 1000);
    EXPECT_EQ(result.what, state::too_large);
    EXPECT_EQ(result.consumed, 0u);
    EXPECT_EQ(sized(9223372036854775807u, "x").what, state::too_large);
    EXPECT_EQ(sized(4, "abcd", 4).what, state::complete);
}

TEST(body_decoder, takes_chunks) {
    const outcome result = chunked("5\r\nhello\r\n1;a=b\r\n,\r\nA\r\n0123456789\r\n0\r\n\r\nGET /");
    EXPECT_EQ(result.what, state::complete);
    EXPECT_EQ(result.body, "hello,0123456789");
    EXPECT_EQ(result.consumed, 40u);
    EXPECT_EQ(chunked("0\r\n\r\n").body, "");
    EXPECT_EQ(chunked("00000001\r\nx\r\n000\r\n\r\n").body, "x");
}

TEST(body_decoder, H08_chunk_framing) {
    for (const char* wrong :
         {"\r\n", ";\r\n", "g\r\n", "-1\r\n", "+1\r\n", "0x1\r\n", " 1\r\n", "1 \r\nx\r\n", "000000001\r\nx", "1\nx\r\n", "1\r\nx\n", "1\r\nxy\r\n",
          "1\r\nx\r\r\n", "1\rx", "1\r\nx0\r\n\r\n", "1;a\nb\r\nx\r\n", "1;a\rb\r\nx\r\n", "1;\n\r\nx", "0\r\n\n", "0\n\r\n"})
        EXPECT_EQ(chunked(wrong).what, state::malformed) << ::testing::PrintToString(wrong);
    EXPECT_EQ(chunked("1;" + std::string(16, 'e') + "\r\nx\r\n0\r\n\r\n").what, state::complete);
    EXPECT_EQ(chunked("00000001;" + std::string(16, 'e') + "\r\nx\r\n0\r\n\r\n").what, state::complete);
    for (const char* size : {"1;", "00000001;"})
        EXPECT_EQ(chunked(size + std::string(17, 'e') + "\r\nx\r\n0\r\n\r\n").what, state::malformed);
    for (const char* extension : {"\x01", "a=\x7f", "a\x1f=b"})
        EXPECT_EQ(chunked("1;" + std::string(extension) + "\r\nx\r\n0\r\n\r\n").what, state::malformed);
}

TEST(body_decoder, H08_no_second_request_hides_in_an_extension) {
    const std::string hidden = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
    for (const char* extension : {"1;\nxx\r\n", "1;\rxx\r\n", "2;\n\r\nxx\r\n", "0;\n\r\n"})
        EXPECT_EQ(chunked(extension + hidden + "0\r\n\r\n").what, state::malformed) << ::testing::PrintToString(extension);
}

TEST(body_decoder, H09_trailers_are_dropped_and_bounded) {
    const outcome result = chunked("1\r\nx\r\n0\r\nHost: evil\r\nAuthorization: y\r\n\r\n");
    EXPECT_EQ(result.what, state::complete);
    EXPECT_EQ(result.body, "x");
    for (const char* wrong : {"no colon", ": no name", "A : b", " A: b", "A\x01: b", "A: \x01", "A: b\x7f"})
        EXPECT_EQ(chunked("0\r\n" + std::string(wrong) + "\r\n\r\n").what, state::malformed) << wrong;
    request_head head;
    head.chunked = true;
    std::string many = "0\r\n";
    for (int line = 0; line < 200; ++line)
        many += "X: " + std::string(60, 'y') + "\r\n";
    EXPECT_EQ(take(head, many + "\r\n", 1000, many.size() + 2, 1).what, state::malformed);
}

TEST(body_decoder, H10_chunks_over_the_limit) {
    EXPECT_EQ(chunked("4\r\nabcd\r\n0\r\n\r\n", 4).what, state::complete);
    EXPECT_EQ(chunked("5\r\nabcde\r\n0\r\n\r\n", 4).what, state::too_large);
    EXPECT_EQ(chunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 4).what, state::too_large);
    EXPECT_EQ(chunked("ffffffff\r\n", 4).what, state::too_large);
}

}  // namespace
}  // namespace asignalr::detail
