// SPDX-License-Identifier: MIT
// One conversation for a server or a client, in one piece and in small ones. The first byte says which and how small.

#include "wire/utf8.hpp"

#include "fuzz_check.hpp"
#include "wire/frame_conversation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace asignalr::detail;
    if (size == 0) return 0;
    const role own = (data[0] & 0x80) != 0 ? role::client : role::server;
    const std::size_t step = data[0] % 64 + 1u;
    const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    conversation pieces(own);
    for (std::size_t position = 0; position < bytes.size(); position += step)
        pieces.receive(bytes.substr(position, step));
    const std::vector<std::string> events = decode(bytes, own);
    check(events == pieces.events(), "the pieces do not matter");
    for (const std::string& event : events)
        if (event.starts_with("text:") || event.starts_with("close:")) check(is_valid_utf8(event), "text is UTF-8");
    return 0;
}
