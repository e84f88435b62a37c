// SPDX-License-Identifier: MIT
// A request target: its path and its query, taken apart and decoded.

#include "wire/url.hpp"

#include "fuzz_check.hpp"

#include <string>

namespace {

using namespace asignalr::detail;

std::string encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        encoded.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    return encoded;
}

std::size_t slashes(std::string_view text) {
    std::size_t count = 0;
    for (const char character : text)
        count += character == '/';
    return count;
}

void check_path(std::string_view path) {
    const std::optional<std::string> decoded = decode_path(path);
    if (!decoded) return;
    check(decoded->size() <= path.size(), "decoding adds nothing");
    check(slashes(*decoded) == slashes(path), "an escape makes no new segment");
    check(("/" + *decoded + "/").find("/../") == std::string::npos && ("/" + *decoded + "/").find("/./") == std::string::npos,
          "no segment of a path leads elsewhere");
    check(path.find('\0') != std::string_view::npos || decoded->find('\0') == std::string::npos, "an escape makes no NUL");
}

void check_query(std::string_view query) {
    std::size_t names = 0, bytes = 0;
    for_each_query_pair(query, [&](std::string_view name, std::string_view value) {
        ++names;
        bytes += name.size() + value.size();
        check(name.find_first_of("&=") == std::string_view::npos && value.find('&') == std::string_view::npos, "pairs are cut at & and =");
        check(decode_query(name).size() <= name.size() && decode_query(value).size() <= value.size(), "decoding adds nothing");
        check(decode_query(encode(value)) == value, "what was encoded is decoded");
        return names < 100;
    });
    check(bytes <= query.size(), "no byte is in two pairs");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view target(reinterpret_cast<const char*>(data), size);
    const split_target parts = split(target);
    check(parts.path.find('?') == std::string_view::npos, "a path ends at the first question mark");
    check(parts.path.size() + parts.query.size() <= size, "no byte is in path and query");
    check_path(parts.path);
    check_query(parts.query);
    return 0;
}
