// SPDX-License-Identifier: MIT
// What a client sends before hub messages: the handshake, and the version of its negotiate request.

#include "protocol/handshake_message.hpp"
#include "protocol/json_reader.hpp"
#include "protocol/negotiate_message.hpp"

#include "fuzz_check.hpp"

#include <limits>

namespace {

using namespace asignalr::detail;

void check_json(std::string_view text) {
    tape values(100);
    const json_verdict verdict = read_json(text, values);
    check(verdict == json_verdict::complete, "an answer is JSON");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    tape values(200);
    const handshake_request request = parse_handshake(text, values);
    check(!request.error.empty() || request.details.empty(), "details stand behind an error");
    if (request.error.empty()) {
        check(request.version >= std::numeric_limits<std::int32_t>::min() && request.version <= std::numeric_limits<std::int32_t>::max(),
              "a version is an int");
    }
    std::string answer = handshake_refused(request.error + " " + request.details + request.protocol);
    check(answer.find('\x1e') == answer.size() - 1, "an answer has one separator, at its end");
    answer.pop_back();
    check_json(answer);
    const negotiate_request wanted = parse_negotiate(text);
    check(wanted.version == 0 || wanted.version == 1, "there are two versions");
    const offered_transport offered[]{{"WebSockets", true, true}, {"ServerSentEvents", true, false}};
    check_json(wanted.error.empty() ? negotiate_answer(wanted.version, "id", "token", offered) : negotiate_refused(wanted.error));
    return 0;
}
