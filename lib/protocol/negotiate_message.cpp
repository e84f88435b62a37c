// SPDX-License-Identifier: MIT
#include "protocol/negotiate_message.hpp"

#include "protocol/json_reader.hpp"
#include "protocol/json_writer.hpp"

#include <charconv>
#include <cstdint>

namespace asignalr::detail {
namespace {

constexpr int newest_version = 1;

std::string_view without_blanks(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\n\v\f\r";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

negotiate_request parse_negotiate(std::optional<std::string_view> version) {
    if (!version) return {};
    std::string_view text = without_blanks(*version);
    if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
    std::int32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        return {0, "The client requested a non-integer protocol version."};
    if (number < 0)
        return {0, "The client requested version '" + std::to_string(number) + "', but the server does not support this version."};
    return {number > newest_version ? newest_version : number, {}};
}

std::string negotiate_answer(
    int version, std::string_view connection_id, std::string_view connection_token, std::span<const offered_transport> transports) {
    std::string body = "{\"negotiateVersion\":" + std::to_string(version);
    body.append(",\"connectionId\":\"").append(version > 0 ? connection_id : connection_token).append("\"");
    if (version > 0) body.append(",\"connectionToken\":\"").append(connection_token).append("\"");
    body += ",\"availableTransports\":[";
    std::string_view comma;
    for (const offered_transport& one : transports) {
        body.append(comma).append("{\"transport\":\"").append(one.name).append("\",\"transferFormats\":[");
        body += one.text && one.binary ? "\"Text\",\"Binary\"" : one.text ? "\"Text\"" : "\"Binary\"";
        body += "]}";
        comma = ",";
    }
    return body + "]}";
}

negotiated parse_negotiate_answer(std::string_view body, tape& values) {
    if (read_json(body, values) != json_verdict::complete || values.first()->kind != value_kind::map)
        return {.error = "The answer to negotiate is no JSON object."};
    const auto text = [&](std::string_view name) {
        const token* const member = find_member(*values.first(), name);
        return std::string(member != nullptr && member->kind == value_kind::text ? member->as_text() : std::string_view{});
    };
    negotiated answer{text("connectionId"), text("connectionToken"), text("error")};
    if (answer.error.empty() && answer.connection_id.empty()) answer.error = "The answer to negotiate names no connection.";
    if (answer.connection_token.empty()) answer.connection_token = answer.connection_id;  // version 0
    return answer;
}

std::string negotiate_refused(std::string_view error) {
    std::string body = "{\"error\":";
    append_json_text(body, {}, error, {});
    return body + '}';
}

}  // namespace asignalr::detail
