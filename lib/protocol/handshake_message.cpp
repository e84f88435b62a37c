// SPDX-License-Identifier: MIT
#include "protocol/handshake_message.hpp"

#include "protocol/error_text.hpp"
#include "protocol/json_reader.hpp"
#include "protocol/json_writer.hpp"

#include <utility>

namespace asignalr::detail {
namespace {

handshake_request refuse(std::string details) { return {{}, 0, std::string(handshake_failed), std::move(details)}; }
handshake_request invalid(std::string_view text) { return refuse("InvalidDataException: " + std::string(text)); }

bool is_number(const token& value) {
    return value.kind == value_kind::integer || value.kind == value_kind::unsigned_integer || value.kind == value_kind::number;
}
bool fits_int32(const token& value) { return value.kind == value_kind::integer && std::in_range<std::int32_t>(value.integer); }

}  // namespace

handshake_request parse_handshake(std::string_view message, tape& values) {
    if (read_json(message, values) != json_verdict::complete) return refuse("JsonReaderException: The handshake is not JSON.");
    const token* root = values.first();
    if (root->kind != value_kind::map) return invalid(unexpected_json_type(json_type_name(*root)));

    const token *protocol = nullptr, *version = nullptr;
    const token* next = root + 1;
    for (std::uint32_t pair = 0; pair < root->size; ++pair) {
        const token* value = next + 1;
        if (next->as_text() == "protocol") protocol = value;
        if (next->as_text() == "version") version = value;
        next = value->behind();
    }
    if (protocol != nullptr && protocol->kind != value_kind::text) return invalid("Expected 'protocol' to be of type String.");
    const bool has_version = version != nullptr && version->kind != value_kind::null;
    if (has_version && is_number(*version) && !fits_int32(*version))
        return refuse("FormatException: Either the JSON value is not in a supported format, or is out of bounds for an Int32.");
    if (has_version && version->kind != value_kind::integer) return invalid("Expected 'version' to be of type Number.");
    const std::string content = " Message content: " + std::string(message);
    if (protocol == nullptr) return invalid("Missing required property 'protocol'." + content);
    if (!has_version) return invalid("Missing required property 'version'." + content);
    return {std::string(protocol->as_text()), version->integer, {}, {}};
}

std::string handshake_for(std::string_view protocol) {
    std::string message;
    append_json_text(message, "{\"protocol\":", protocol, ",\"version\":1}\x1e");
    return message;
}

std::string handshake_error(std::string_view answer, tape& values) {
    const bool is_json = read_json(answer, values) == json_verdict::complete;
    if (!is_json || values.first()->kind != value_kind::map) return "The answer to the handshake is no JSON object.";
    const token* const error = find_member(*values.first(), "error");
    return std::string(error != nullptr && error->kind == value_kind::text ? error->as_text() : std::string_view{});
}

std::string handshake_refused(std::string_view error) {
    std::string message;
    append_json_text(message, "{\"error\":", error, "}\x1e");
    return message;
}

}  // namespace asignalr::detail
