// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace asignalr::detail {

// The texts that clients compare, word for word as ASP.NET Core writes them.

inline constexpr std::string_view handshake_canceled = "Handshake was canceled.";
inline constexpr std::string_view handshake_failed = "An unexpected error occurred during connection handshake.";
inline constexpr std::string_view closed_with_error = "Connection closed with an error.";
inline constexpr std::string_view stream_failed = "An error occurred on the server while streaming results.";
inline constexpr std::string_view binding_details =
    "InvalidDataException: Error binding arguments. Make sure that the types of the provided values match the types of the hub "
    "method being invoked.";
inline constexpr std::string_view no_arguments = "InvalidDataException: Reading array length for 'arguments' failed.";
inline constexpr std::string_view unreadable_size = "FormatException: Messages over 2GB in size are not supported.";
inline constexpr std::string_view values_exceeded = "InvalidDataException: The message has too many values.";
inline constexpr std::string_view no_such_method = "HubException: Method does not exist.";
inline constexpr std::string_view client_timed_out =
    "OperationCanceledException: Client hasn't sent a message/ping within the configured ClientTimeoutInterval.";
inline constexpr std::string_view upload_binding_failed = "Failed to bind Stream message.";
inline constexpr std::string_view upload_binding_details = "InvalidDataException: The item is not of the type of the stream.";

/// Adds what only some clients are told.
inline std::string with_details(std::string text, std::string_view details) {
    if (!details.empty()) text.append(" ").append(details);
    return text;
}
inline std::string failed_to_invoke(std::string_view method) {
    return "Failed to invoke '" + std::string(method) + "' due to an error on the server.";
}
inline std::string unexpected_error(std::string_view method) {
    return "An unexpected error occurred invoking '" + std::string(method) + "' on the server.";
}
inline std::string streaming_method_invoked(std::string_view method) {
    return "The client attempted to invoke the streaming '" + std::string(method) + "' method with a non-streaming invocation.";
}
inline std::string plain_method_streamed(std::string_view method) {
    return "The client attempted to invoke the non-streaming '" + std::string(method) + "' method with a streaming invocation.";
}
inline std::string invocation_in_use(std::string_view id) {
    return "Invocation ID '" + std::string(id) + "' is already in use.";
}
inline std::string wrong_argument_count(std::size_t given, std::size_t expected) {
    return "InvalidDataException: Invocation provides " + std::to_string(given) + " argument(s) but target expects " +
           std::to_string(expected) + ".";
}
inline std::string wrong_stream_count(std::string_view method, std::size_t given, std::size_t expected) {
    return unexpected_error(method) + " HubException: Client sent " + std::to_string(given) + " stream(s), Hub method expects " +
           std::to_string(expected) + ".";
}
inline std::string unexpected_json_type(std::string_view type) {
    return "Unexpected JSON Token Type '" + std::string(type) + "'. Expected a JSON Object.";
}
inline std::string protocol_unsupported(std::string_view protocol) {
    return "The protocol '" + std::string(protocol) + "' is not supported.";
}
inline std::string needs_binary_transport(std::string_view protocol) {
    return "Cannot use the '" + std::string(protocol) +
           "' protocol on the current transport. The transport does not support 'Binary' transfer format.";
}
inline std::string message_too_large(std::size_t limit) {
    return "InvalidDataException: The maximum message size of " + std::to_string(limit) +
           "B was exceeded. The message size can be configured in AddHubOptions.";
}

}  // namespace asignalr::detail
