// SPDX-License-Identifier: MIT
// Requests on one connection, in one piece and in small ones: both must be read the same way. The first byte says how small.

#include "wire/http_body.hpp"
#include "wire/http_request_parser.hpp"
#include "wire/url.hpp"
#include "wire/websocket_handshake.hpp"

#include "fuzz_check.hpp"

#include <string>

namespace asignalr::detail {
namespace {

constexpr std::size_t body_limit = 1000;

/// What was seen on a connection, as a text that can be compared.
class connection {
public:
    void receive(std::string_view bytes) {
        while (!bytes.empty() && !over_) {
            std::size_t consumed = 0;
            in_body_ ? feed_body(bytes, consumed) : feed_head(bytes, consumed);
            bytes.remove_prefix(consumed);
        }
    }
    const std::string& seen() const { return seen_; }

private:
    void feed_head(std::string_view bytes, std::size_t& consumed) {
        const auto state = parser_.parse(bytes, consumed);
        check(consumed <= bytes.size(), "a parser takes only what there is");
        if (state == http_request_parser::state::incomplete) {
            check(consumed == bytes.size(), "an incomplete head has taken everything");
            return;
        }
        if (state == http_request_parser::state::failed) {
            check(parser_.error_status() >= 400 && !parser_.error_text().empty(), "a refusal has a status and a text");
            return finish(std::to_string(parser_.error_status()));
        }
        remember_head();
        body_ = body_decoder(parser_.head(), body_limit);
        in_body_ = parser_.head().has_body();
        if (!in_body_) parser_.reset();
    }

    void feed_body(std::string_view bytes, std::size_t& consumed) {
        const auto state = body_.feed(bytes, consumed, text_);
        check(consumed <= bytes.size() && text_.size() <= body_limit, "a body stays in its limits");
        if (state == body_decoder::state::malformed) return finish("malformed");
        if (state == body_decoder::state::too_large) return finish("large");
        if (state == body_decoder::state::incomplete) return check(consumed == bytes.size(), "an incomplete body has taken everything");
        seen_.append(text_).append(";");
        text_.clear();
        in_body_ = false;
        parser_.reset();
    }

    void remember_head() {
        const request_head& head = parser_.head();
        check(!(head.chunked && head.content_length), "a body has one kind of end");
        check(head.target == "*" || head.target.starts_with('/'), "a target is in origin form");
        check(websocket_opening_of(head) != websocket_opening::whole || head.count("Sec-WebSocket-Key") == 1, "a WebSocket has one key");
        const split_target target = split(head.target);
        if (const auto path = decode_path(target.path)) check(path->find('\0') == std::string::npos, "a path has no NUL");
        decode_query(target.query);
        seen_.append(head.method).append(" ").append(head.target).append("\n");
        for (const header_field& field : head.headers) {
            check(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a value is one line");
            seen_.append(field.name).append(":").append(field.value).append("\n");
        }
    }

    void finish(std::string_view how) {
        seen_.append(how);
        over_ = true;
    }

    http_request_parser parser_{http_limits{.request_line = 200, .header_bytes = 500, .header_count = 8}};
    body_decoder body_{request_head{}, body_limit};
    std::string text_, seen_;
    bool in_body_ = false, over_ = false;
};

}  // namespace
}  // namespace asignalr::detail

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using asignalr::detail::connection;
    if (size == 0) return 0;
    const std::size_t step = data[0] % 32 + 1u;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    connection whole, pieces;
    whole.receive(bytes);
    for (std::size_t position = 0; position < bytes.size(); position += step)
        pieces.receive(bytes.substr(position, step));
    check(whole.seen() == pieces.seen(), "the pieces do not matter");
    return 0;
}
