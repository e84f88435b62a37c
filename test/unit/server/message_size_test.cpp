// SPDX-License-Identifier: MIT
// S24: the limit of a message holds to the byte over every transport and in both encodings, and no more than it is kept of a message that is longer.

#include "../heap_meter.hpp"
#include "../protocol/hexadecimal.hpp"
#include "http_client.hpp"

#include <cstdint>
#include <optional>
#include <ostream>

namespace asignalr::detail {
namespace {

struct way {
    const char* name;
    transport_types transport;
    bool messagepack;
};

void PrintTo(const way& row, std::ostream* out) { *out << row.name; }

constexpr way ways[]{
    {"websocket_json", transport_types::web_sockets, false},
    {"websocket_messagepack", transport_types::web_sockets, true},
    {"events_json", transport_types::server_sent_events, false},
    {"polling_json", transport_types::long_polling, false},
    {"polling_messagepack", transport_types::long_polling, true},
};

class message_size_test : public http_client_fixture, public testing::WithParamInterface<way> {
protected:
    bool is(transport_types kind) const { return GetParam().transport == kind; }

    void open() {
        const std::string_view handshake = GetParam().messagepack ? messagepack_handshake : json_handshake;
        if (is(transport_types::web_sockets)) {
            client_.emplace(connect_websocket(1024 * 1024));
        } else {
            token_ = new_token();
            client_.emplace(connect(1024 * 1024));
            client_->write(request_for("GET", token_, is(transport_types::long_polling) ? "" : "Accept: text/event-stream\r\n"));
        }
        give(handshake);
        EXPECT_NE(taken().find("{}"), std::string::npos);
    }
    void give(std::string_view bytes) {
        if (is(transport_types::web_sockets))
            client_->write(client_frame(bytes, GetParam().messagepack ? 0x82 : 0x81));
        else
            post(token_, bytes);
        if (is(transport_types::long_polling)) client_->write(request_for("GET", token_));
        settle(*client_);
    }
    /// Everything that came since, frames, heads and all.
    std::string taken() {
        settle(*client_);
        client_->messages.clear();
        return std::exchange(client_->raw, {}) + std::exchange(client_->bytes, {});
    }
    /// A call of Echo that is so long, whatever stands around it.
    std::string message_of(std::size_t size) const {
        if (!GetParam().messagepack) {
            const std::size_t around = invocation_message("1", "Echo", "\"\"").size() + 1;
            return invocation_message("1", "Echo", "\"" + std::string(size - around, 'x') + "\"") + record_end;
        }
        // Two bytes of length, eleven of envelope, and three in front of the text.
        const std::size_t text = size - 2 - 11 - 3;
        std::string items = from_hexadecimal("95 01 80 a1 '1' a4 'Echo' 91 da") + static_cast<char>(text >> 8);
        items += static_cast<char>(text & 0xff);
        return raw_client::messagepack_message(to_hexadecimal(items + std::string(text, 'x')));
    }

    std::optional<raw_client> client_;
    std::string token_;
};

INSTANTIATE_TEST_SUITE_P(S24, message_size_test, testing::ValuesIn(ways), [](const auto& info) { return std::string(info.param.name); });

TEST_P(message_size_test, is_exact) {
    start({.maximum_receive_message_size = 1000});
    for (const std::size_t size : {999u, 1000u, 1001u}) {
        open();
        const std::string message = message_of(size);
        ASSERT_EQ(message.size(), size);
        const std::uint64_t before = count().invocations;
        give(message);
        const std::string answer = taken();
        const bool fits = size <= 1000;
        EXPECT_EQ(count().invocations - before, fits ? 1u : 0u) << size;
        EXPECT_EQ(count().oversized_messages, fits ? 0u : 1u) << size;
        EXPECT_EQ(answer.find("Connection closed with an error.") == std::string::npos, fits) << answer;
        EXPECT_EQ(answer.find(std::string(900, 'x')) != std::string::npos, fits) << answer;
    }
    pass_at_once(std::chrono::seconds(30));
    ASSERT_FALSE(log_->important.empty());
    EXPECT_NE(log_->important.front().find("hub_options::maximum_receive_message_size"), std::string::npos);
}

TEST_P(message_size_test, what_has_no_end_is_refused_and_not_kept) {
    constexpr std::size_t limit = 32 * 1024;
    log_->least = log_level::warning;
    start();
    // In MessagePack the length tells it; in JSON it has to come.
    const std::string endless = (GetParam().messagepack ? from_hexadecimal("ff ff ff 7f") : std::string("{")) + std::string(600'000, 'x');
    open();
    heap_meter::reset_peak();
    const std::size_t base = heap_meter::live_bytes();
    if (is(transport_types::web_sockets)) {
        // Sent bit by bit: what the test itself holds is not to be measured.
        for (std::size_t at = 0; at < endless.size() && !client_->is_over(); at += 1000)
            give(std::string_view(endless).substr(at, 1000));
    } else {
        raw_client posting = connect(4096);
        std::string head = request_for("POST", token_);
        head.replace(head.find("Content-Length: 0"), 17, "Content-Length: " + std::to_string(endless.size()));
        posting.write(head);
        for (std::size_t at = 0; at < endless.size() && !posting.is_over(); at += 1000) {
            posting.write(std::string_view(endless).substr(at, 1000));
            settle(posting);
        }
        if (is(transport_types::long_polling)) client_->write(request_for("GET", token_));
    }
    EXPECT_LE(heap_meter::peak_bytes() - base, 4 * limit);
    EXPECT_EQ(count().oversized_messages, 1u);
    EXPECT_NE(taken().find("Connection closed with an error."), std::string::npos);
    pass_at_once(std::chrono::seconds(30));
    EXPECT_EQ(count().connections, 0u);
}

// S35: over a WebSocket such text is 1007; what is posted is nobody's to judge but the hub protocol's, and fails the call alone.
// A WebSocket's text is judged before anybody reads it (RFC 6455 section 8.1), JSON's readers bind it to nothing, and MessagePack's replace, as in .NET.
TEST_P(message_size_test, text_that_is_no_unicode_reaches_no_method_as_it_is) {
    start();
    open();
    const bool is_judged_before = is(transport_types::web_sockets) && !GetParam().messagepack;
    std::string message = message_of(500);
    message[300] = '\xff';
    const std::uint64_t before = count().invocations;
    give(message);
    const std::string answer = taken();
    EXPECT_EQ(count().invocations, before + (GetParam().messagepack ? 1 : 0));
    EXPECT_EQ(answer.find('\xff'), std::string::npos) << answer;
    EXPECT_EQ(answer.find("\xef\xbf\xbd") != std::string::npos, GetParam().messagepack) << answer;
    EXPECT_EQ(answer.find("Failed to invoke 'Echo'") != std::string::npos, !is_judged_before && !GetParam().messagepack) << answer;
    if (is_judged_before) {
        EXPECT_EQ(client_->close_code, 1007u);
        return;
    }
    const std::uint64_t by_then = count().invocations;
    give(message_of(500));
    EXPECT_EQ(count().invocations, by_then + 1) << "the connection goes on";
}

}  // namespace
}  // namespace asignalr::detail
