// SPDX-License-Identifier: MIT
#pragma once

#include "serialize/token.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// The client's first message (HubProtocol specification, "HandshakeRequest Message Encoding").
struct handshake_request {
    std::string protocol;
    std::int64_t version = 0;
    std::string error;    ///< What the client is told; empty: the request is well-formed.
    std::string details;  ///< Behind it, under detailed errors.
};

/// Takes a handshake apart, without its record separator.
handshake_request parse_handshake(std::string_view message, tape& values);

/// A client's first message, separator included.
std::string handshake_for(std::string_view protocol);

/// What is wrong with the server's answer to it, without its record separator; empty: it accepts.
std::string handshake_error(std::string_view answer, tape& values);

/// The answer to a handshake that is accepted, separator included.
inline constexpr std::string_view handshake_accepted = "{}\x1e";

/// The answer to one that is not.
std::string handshake_refused(std::string_view error);

}  // namespace asignalr::detail
