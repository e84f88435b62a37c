// SPDX-License-Identifier: MIT
// A chunked body, in one piece and in small ones, and once more as a lenient proxy reads it: whatever is taken as complete must have
// one meaning. The first byte says how small the pieces are.

#include "wire/http_body.hpp"

#include "fuzz_check.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace {

using namespace asignalr::detail;
using state = body_decoder::state;

constexpr std::size_t body_limit = 1000;

struct outcome {
    state what = state::incomplete;
    std::size_t consumed = 0;
    std::string body;

    bool operator==(const outcome&) const = default;
};

outcome decode(std::string_view bytes, std::size_t step) {
    request_head head;
    head.chunked = true;
    body_decoder decoder(head, body_limit);
    outcome result;
    while (result.what == state::incomplete && result.consumed < bytes.size()) {
        const std::string_view piece = bytes.substr(result.consumed, step);
        std::size_t consumed = 0;
        result.what = decoder.feed(piece, consumed, result.body);
        check(consumed <= piece.size(), "a decoder takes only what there is");
        check(result.what != state::incomplete || consumed == piece.size(), "an incomplete body has taken everything");
        check(result.body.size() <= body_limit, "a body stays in its limit");
        result.consumed += consumed;
    }
    return result;
}

// A line that ends with LF, whatever stands in front of it, as old servers take it.
std::string_view take_line(std::string_view& bytes) {
    const std::size_t end = bytes.find('\n');
    check(end != std::string_view::npos, "a line has an end");
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    check(line.ends_with('\r') && std::count(line.begin(), line.end(), '\r') == 1, "a line ends with CR LF, and has no other");
    return line.substr(0, line.size() - 1);
}

void check_meaning(std::string_view bytes, const outcome& seen) {
    std::string body;
    bytes = bytes.substr(0, seen.consumed);
    while (true) {
        const std::string line(take_line(bytes));
        const std::size_t size = std::strtoul(line.c_str(), nullptr, 16);
        if (size == 0) break;
        check(size + 2 <= bytes.size() && bytes.substr(size, 2) == "\r\n", "a chunk has its size");
        body += bytes.substr(0, size);
        bytes.remove_prefix(size + 2);
    }
    while (!take_line(bytes).empty()) {
    }
    check(bytes.empty() && body == seen.body, "others read the same body");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const outcome whole = decode(bytes, std::max<std::size_t>(bytes.size(), 1));
    const outcome pieces = decode(bytes, data[0] % 32 + 1u);
    check(whole.what == pieces.what, "the pieces do not matter");
    if (whole.what != state::complete) return 0;
    check(whole == pieces, "the pieces do not matter");
    check_meaning(bytes, whole);
    return 0;
}
