// SPDX-License-Identifier: MIT
// The query of a negotiate request, and its answer, which is to be JSON whatever was asked for.

#include "base/text.hpp"
#include "protocol/json_reader.hpp"
#include "protocol/negotiate_message.hpp"
#include "wire/url.hpp"

#include "fuzz_check.hpp"

#include <array>
#include <string>

namespace {

using namespace asignalr::detail;

constexpr std::array<offered_transport, 2> offered{{{"WebSockets", true, true}, {"ServerSentEvents", true, false}}};

void check_json(std::string_view text) {
    tape values(100);
    const json_verdict verdict = read_json(text, values);
    check(verdict == json_verdict::complete, "an answer is JSON");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::optional<std::string> version;
    for_each_query_pair({reinterpret_cast<const char*>(data), size}, [&](std::string_view name, std::string_view value) {
        if (!equals_ignoring_case(decode_query(name), "negotiateVersion")) return true;
        version = decode_query(value);
        return false;
    });
    const negotiate_request wanted = parse_negotiate(version ? std::optional<std::string_view>(*version) : std::nullopt);
    check(wanted.version == 0 || wanted.version == 1, "there are two versions");
    check(wanted.error.empty() || wanted.version == 0, "an error has no version");
    check(version || wanted.error.empty(), "who asks for none gets version 0");
    check(wanted.error.size() < 200, "an error repeats no more than a number");
    check_json(wanted.error.empty() ? negotiate_answer(wanted.version, "id", "token", offered) : negotiate_refused(wanted.error));
    // An error may name what the client wrote.
    check_json(negotiate_refused(version.value_or("")));
    return 0;
}
