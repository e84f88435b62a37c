// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/serialize/value_writer.hpp>

#include "base/payload.hpp"
#include "protocol/hub_message.hpp"
#include "serialize/token.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace asignalr::detail {

enum class protocol_kind : unsigned char { json, messagepack };
inline constexpr std::size_t protocol_count = 2;

/// One message in the encodings of those who get it; a payload is empty where nobody wants it.
using encoded_message = std::array<payload, protocol_count>;

/// What is known of the first message of some bytes.
struct message_extent {
    std::size_t size = 0;  ///< Framing included; 0: not known yet. May be more than there is.
    bool invalid = false;  ///< No message begins so.
};

/// What became of a received message.
struct parse_result {
    enum class outcome { message, skipped, failed };
    outcome what = outcome::message;
    std::string error;  ///< failed: `TypeName: text` as ASP.NET Core words it
};

/// A call of a hub's method, as a client makes it.
struct outgoing_call {
    message_type type = message_type::invocation;  ///< Or stream_invocation.
    std::string_view invocation_id = {};           ///< Empty: nobody waits for the answer.
    std::string_view target = {};
    std::size_t argument_count = 0;
    std::span<const std::string> stream_ids = {};  ///< Of the uploads that come with it.
};

/// An encoding of hub messages. One object for each lane: writing uses its state.
class hub_protocol {
public:
    hub_protocol() = default;
    hub_protocol(const hub_protocol&) = delete;
    hub_protocol& operator=(const hub_protocol&) = delete;
    virtual ~hub_protocol() = default;

    virtual protocol_kind kind() const noexcept = 0;
    virtual std::string_view name() const noexcept = 0;
    virtual transfer_format format() const noexcept = 0;

    /// How far the first message in `bytes` reaches.
    /// @param known bytes at the front that are known not to complete it
    virtual message_extent find_message(std::string_view bytes, std::size_t known) const noexcept = 0;

    /// Takes one message apart, its framing included. The views of `into` live in `values` and in `message`.
    virtual parse_result parse(std::string_view message, tape& values, hub_message& into) = 0;

    // Each writes one message with its framing at the end of `out`. Between begin and end exactly the announced values are
    // written. The id of an invocation may be empty.
    virtual value_writer& begin_invocation(std::string& out, std::string_view target, std::size_t argument_count) = 0;
    virtual void end_invocation() = 0;
    virtual value_writer& begin_stream_item(std::string& out, std::string_view invocation_id) = 0;
    virtual void end_stream_item() = 0;
    virtual value_writer& begin_result(std::string& out, std::string_view invocation_id) = 0;
    virtual void end_result() = 0;
    virtual void write_error(std::string& out, std::string_view invocation_id, std::string_view error) = 0;
    /// The end of a stream: a completion that has neither result nor error.
    virtual void write_stream_end(std::string& out, std::string_view invocation_id) = 0;
    virtual std::string_view ping() const noexcept = 0;
    virtual void write_close(std::string& out, std::string_view error, bool allow_reconnect) = 0;

    // What only a client says.
    virtual value_writer& begin_call(std::string& out, const outgoing_call& what) = 0;
    virtual void end_call(const outgoing_call& what) = 0;
    virtual void write_cancel(std::string& out, std::string_view invocation_id) = 0;
};

}  // namespace asignalr::detail
