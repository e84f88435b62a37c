// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/net/http.hpp>

#include "net/byte_stream.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace asignalr::detail {

class lane;

/// What is left of an exchange that became a stream of bytes.
struct upgraded_stream {
    std::unique_ptr<byte_stream> stream;  ///< Not attached to anybody.
    std::string early_bytes;              ///< What the client sent behind its request.
};

/// One request and its answer, whatever HTTP version carries it. Used on its lane only.
///
/// Exactly one of respond() and upgrade() is called, then or later. Destroying an exchange without an answer answers 500.
class exchange {
public:
    virtual ~exchange() = default;

    virtual lane& where() noexcept = 0;
    virtual const http_request& request() const noexcept = 0;
    /// Gives the request away, for a connection that keeps it.
    virtual http_request take_request() = 0;
    /// Whether the request asks for a WebSocket by the rules of RFC 6455 section 4.2.1 (wire/websocket_handshake.hpp).
    virtual bool wants_websocket() const noexcept = 0;
    /// The peer went away before the answer: nothing that is answered will arrive.
    virtual bool abandoned() const noexcept = 0;

    /// Headers that every answer to this request carries.
    virtual void add_headers(std::vector<std::pair<std::string, std::string>> headers) = 0;
    /// Answers. The connection goes on with its next request.
    virtual void respond(http_response response) = 0;
    /// Answers and closes the connection, as for a request that was refused.
    virtual void respond_and_close(http_response response) = 0;
    /// Takes the stream out of HTTP. The caller writes the answer's head itself.
    virtual upgraded_stream upgrade() = 0;
};

/// Who answers exchanges: the server's router.
class exchange_handler {
public:
    /// The longest body this request may have, in bytes; asked when the head is complete. A longer one is answered with 413.
    virtual std::size_t body_limit(const http_request& head) noexcept = 0;
    /// Takes an exchange whose request, body included, is complete. Does not throw.
    virtual void handle(std::shared_ptr<exchange> arrived) noexcept = 0;

protected:
    ~exchange_handler() = default;
};

}  // namespace asignalr::detail
