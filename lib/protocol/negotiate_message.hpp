// SPDX-License-Identifier: MIT
#pragma once

#include "serialize/token.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// What a client asked for in the query of its negotiate request.
struct negotiate_request {
    int version = 0;    ///< 0 or 1.
    std::string error;  ///< What it is told instead; empty: none.
};

/// @param version the text of `negotiateVersion`, if there is one
negotiate_request parse_negotiate(std::optional<std::string_view> version);

/// A transport that the client may choose.
struct offered_transport {
    std::string_view name;
    bool text;
    bool binary;
};

/// The body of the answer (TransportProtocols specification, "POST [endpoint-base]/negotiate"). In version 0 the id is the token.
std::string negotiate_answer(
    int version, std::string_view connection_id, std::string_view connection_token, std::span<const offered_transport> transports);

/// What a client learns from the answer.
struct negotiated {
    std::string connection_id = {};
    std::string connection_token = {};  ///< What its requests name the connection by.
    std::string error = {};             ///< Why there is none; empty: there is.
};

/// Takes the body of an answer apart.
negotiated parse_negotiate_answer(std::string_view body, tape& values);

/// The body of an answer with an error, which has status 200 all the same.
std::string negotiate_refused(std::string_view error);

}  // namespace asignalr::detail
