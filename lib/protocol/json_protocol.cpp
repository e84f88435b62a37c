// SPDX-License-Identifier: MIT
#include "protocol/json_protocol.hpp"

#include "protocol/error_text.hpp"
#include "protocol/json_envelope.hpp"
#include "protocol/json_envelope_scanner.hpp"
#include "protocol/json_reader.hpp"

#include <cstring>
#include <utility>

namespace asignalr::detail {

message_extent json_protocol::find_message(std::string_view bytes, std::size_t known) const noexcept {
    if (known >= bytes.size()) return {};
    const void* end = std::memchr(bytes.data() + known, record_separator, bytes.size() - known);
    if (end == nullptr) return {};
    return {static_cast<std::size_t>(static_cast<const char*>(end) - bytes.data()) + 1, false};
}

parse_result json_protocol::parse(std::string_view message, tape& values, hub_message& into) {
    message.remove_suffix(1);
    into = {};
    parse_result result;
    if (!scan_envelope(message, values, into)) result = parse_generally(message, values, into);
    into.ignore_case = ignore_case_;
    return result;
}

parse_result json_protocol::parse_generally(std::string_view message, tape& values, hub_message& into) {
    switch (read_json(message, values)) {
        case json_verdict::complete: break;
        case json_verdict::malformed: return {parse_result::outcome::failed, "InvalidDataException: Error reading JSON."};
        case json_verdict::too_many_values:
            return {parse_result::outcome::failed, std::string(values_exceeded)};
    }
    into = {};
    return read_envelope(values.first(), into);
}

value_writer& json_protocol::begin_invocation(std::string& out, std::string_view target, std::size_t) {
    out_ = &out;
    append_json_text(out, "{\"type\":1,\"target\":", target, ",\"arguments\":[");
    writer_.begin(out, 2);
    return writer_;
}

void json_protocol::end_invocation() { *out_ += "]}\x1e"; }

value_writer& json_protocol::begin_stream_item(std::string& out, std::string_view invocation_id) {
    out_ = &out;
    append_json_text(out, "{\"type\":2,\"invocationId\":", invocation_id, ",\"item\":");
    writer_.begin(out, 1);
    return writer_;
}

void json_protocol::end_stream_item() { *out_ += "}\x1e"; }

value_writer& json_protocol::begin_result(std::string& out, std::string_view invocation_id) {
    out_ = &out;
    append_json_text(out, "{\"type\":3,\"invocationId\":", invocation_id, ",\"result\":");
    writer_.begin(out, 1);
    return writer_;
}

void json_protocol::end_result() { *out_ += "}\x1e"; }

void json_protocol::write_error(std::string& out, std::string_view invocation_id, std::string_view error) {
    append_json_text(out, "{\"type\":3,\"invocationId\":", invocation_id, ",\"error\":");
    append_json_text(out, {}, error, "}\x1e");
}

void json_protocol::write_stream_end(std::string& out, std::string_view invocation_id) {
    append_json_text(out, "{\"type\":3,\"invocationId\":", invocation_id, "}\x1e");
}

void json_protocol::write_close(std::string& out, std::string_view error, bool allow_reconnect) {
    out += "{\"type\":7";
    if (!error.empty()) append_json_text(out, ",\"error\":", error, {});
    if (allow_reconnect) out += ",\"allowReconnect\":true";
    out += "}\x1e";
}

// In the order of .NET's client.
value_writer& json_protocol::begin_call(std::string& out, const outgoing_call& what) {
    out_ = &out;
    out += what.type == message_type::stream_invocation ? "{\"type\":4" : "{\"type\":1";
    if (!what.invocation_id.empty()) append_json_text(out, ",\"invocationId\":", what.invocation_id, {});
    append_json_text(out, ",\"target\":", what.target, ",\"arguments\":[");
    writer_.begin(out);
    return writer_;
}

void json_protocol::end_call(const outgoing_call& what) {
    std::string_view before = "],\"streamIds\":[";
    for (const std::string& id : what.stream_ids)
        append_json_text(*out_, std::exchange(before, ","), id, {});
    *out_ += "]}\x1e";
}

void json_protocol::write_cancel(std::string& out, std::string_view invocation_id) {
    append_json_text(out, "{\"type\":5,\"invocationId\":", invocation_id, "}\x1e");
}

}  // namespace asignalr::detail
