// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/net/http.hpp>

#include "net/byte_stream.hpp"
#include "wire/websocket_handshake.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace asignalr::detail {

class lane;

/// What is left of an exchange that became a stream of bytes.
struct upgraded_stream {
    std::unique_ptr<byte_stream> stream;  ///< Not attached to anybody.
    std::string early_bytes;              ///< What the client sent behind its request's head.
};

/// An answer whose body is written to the stream by whoever answers.
struct streamed_answer {
    upgraded_stream upgraded;
    std::string head;      ///< Goes first.
    bool chunked = false;  ///< The body is sent in chunks (RFC 9112 section 7.1); otherwise it ends with the stream.
};

/// Who takes a request's body as it arrives. Called in the lane's turn.
class body_events {
public:
    /// May overwrite the bytes.
    virtual void on_body(char* bytes, std::size_t size) = 0;
    /// The body was whole. The exchange can be answered now.
    virtual void on_body_end() = 0;
    /// The peer is gone, or its body broke the rules and was answered: the exchange is abandoned.
    virtual void on_body_lost() = 0;

protected:
    ~body_events() = default;
};

/// One request and its answer, whatever HTTP version carries it. Used on its lane only.
///
/// Exactly one of respond(), stream_response() and upgrade() is called, then or later. Destroying an exchange without an answer
/// answers 500, or closes the connection if the peer had left.
class exchange {
public:
    virtual ~exchange() = default;

    virtual lane& where() noexcept = 0;
    virtual const http_request& request() const noexcept = 0;
    /// Gives the request away, for a connection that keeps it.
    virtual http_request take_request() = 0;
    /// What the request is to WebSockets.
    virtual websocket_opening opening() const noexcept = 0;
    /// The peer went away before the answer: nothing that is answered will arrive.
    virtual bool abandoned() const noexcept = 0;
    /// Whether the client knows chunks: not with HTTP/1.0.
    virtual bool knows_chunks() const noexcept = 0;
    /// Calls `then` once if the peer goes away, or will send no more, before the answer.
    virtual void when_peer_leaves(std::function<void()> then) = 0;

    /// Reads the body of a request that was handed out before it (body_rule::streamed). Once, before the answer.
    /// Without a body there is only `on_body_end`. May call `to` at once.
    virtual void read_body(body_events& to) = 0;
    /// Stops and goes on reading the body; what the peer sends meanwhile stays in its socket.
    virtual void pause_body() noexcept = 0;
    virtual void resume_body() = 0;

    /// Headers that every answer to this request carries, in front of those that were added before; see add_headers_behind().
    virtual void add_headers(http_headers headers) = 0;
    /// All that were added. upgrade() leaves them to the caller too.
    virtual const http_headers& added_headers() const noexcept = 0;
    /// Tells caches to keep no answer to this request, in the words of ASP.NET Core.
    virtual void never_store() noexcept = 0;
    /// Answers. The connection goes on with its next request.
    virtual void respond(http_response response) = 0;
    /// Answers and closes the connection, as for a request that was refused.
    virtual void respond_and_close(http_response response) = 0;
    /// Answers with a head now and a body bit by bit. The connection is the body's, and ends with it.
    virtual streamed_answer stream_response(const http_response& head) = 0;
    /// Takes the stream out of HTTP. The caller writes the answer's head itself.
    virtual upgraded_stream upgrade() = 0;
};

/// What is decided about a request before its body comes.
struct head_decision {
    std::optional<http_response> answer = std::nullopt;  ///< Given at once: nobody waits for the body.
    http_headers added_headers = {};                     ///< Of this answer, or of whichever comes.
};

/// How a request's body is treated.
struct body_rule {
    std::size_t limit;        ///< Bytes; a longer one is answered with 413.
    std::string_view option;  ///< What sets the limit, for the log.
    bool streamed = false;    ///< The request is handed out before its body, which exchange::read_body() takes as it arrives.
};

/// Who answers exchanges: the server's router.
class exchange_handler {
public:
    /// The head of a request is complete. Whoever knows better may change who sent it.
    virtual void on_head(http_request&) noexcept {}
    /// Asked then about every request.
    virtual head_decision decide(const http_request&) { return {}; }
    /// Asked then about a request with a body that was not answered.
    virtual body_rule rule_for_body(const http_request& head) = 0;
    /// Takes an exchange whose request is complete, its body included unless that is streamed. Does not throw.
    virtual void handle(std::shared_ptr<exchange> arrived) noexcept = 0;

protected:
    ~exchange_handler() = default;
};

}  // namespace asignalr::detail
