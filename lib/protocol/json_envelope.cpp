// SPDX-License-Identifier: MIT
#include "protocol/json_envelope.hpp"

#include "protocol/error_text.hpp"
#include "protocol/json_reader.hpp"

#include <array>
#include <limits>
#include <string>

namespace asignalr::detail {
namespace {

/// The properties of the protocol, in the order of `names`.
enum property : std::size_t {
    type, invocation_id, target, arguments, stream_ids, item, result, error, allow_reconnect, sequence_id, headers, property_count
};
constexpr std::array<std::string_view, property_count> names{
    "type", "invocationId", "target", "arguments", "streamIds", "item", "result", "error", "allowReconnect", "sequenceId",
    "headers"};

using properties = std::array<const token*, property_count>;

parse_result invalid(std::string text) { return {parse_result::outcome::failed, "InvalidDataException: " + std::move(text)}; }
parse_result expected(property which, std::string_view what) {
    return invalid("Expected '" + std::string(names[which]) + "' to be of type " + std::string(what) + ".");
}
parse_result missing(property which) { return invalid("Missing required property '" + std::string(names[which]) + "'."); }
// .NET's words.
parse_result unreadable() {
    return {parse_result::outcome::failed, "InvalidOperationException: Cannot transcode invalid UTF-8 JSON text to UTF-16 string."};
}
parse_result good() { return {}; }
bool failed(const parse_result& result) { return result.what == parse_result::outcome::failed; }

// The length leaves two at most to compare.
property property_of(std::string_view key) noexcept {
    const auto one_of = [key](property first, property second) {
        return key == names[first] ? first : key == names[second] ? second : property_count;
    };
    switch (key.size()) {
        case 4: return one_of(type, item);
        case 5: return one_of(error, error);
        case 6: return one_of(target, result);
        case 7: return one_of(headers, headers);
        case 9: return one_of(arguments, stream_ids);
        case 10: return one_of(sequence_id, sequence_id);
        case 12: return one_of(invocation_id, invocation_id);
        case 14: return one_of(allow_reconnect, allow_reconnect);
        default: return property_count;
    }
}

parse_result collect(const token* message, properties& found) {
    const token* next = message + 1;
    for (std::uint32_t pair = 0; pair < message->size; ++pair) {
        const std::string_view key = next->as_text();
        const token* value = next + 1;
        if (const property which = property_of(key); which != property_count) {
            // Two readers might take different ones.
            if (found[which] != nullptr) return invalid("The property '" + std::string(key) + "' stands twice.");
            found[which] = value;
        }
        next = value->behind();
    }
    return good();
}

parse_result read_text(const properties& found, property which, std::string_view& into) {
    if (found[which] == nullptr) return good();
    if (found[which]->kind == value_kind::unknown) return unreadable();
    if (found[which]->kind != value_kind::text) return expected(which, "String");
    into = found[which]->as_text();
    return good();
}

// `type` and `sequenceId`: a number that must be an integer of the given width.
parse_result read_integer(const token& value, property which, bool wide, std::int64_t& into) {
    if (value.kind == value_kind::integer) {
        into = value.integer;
        if (wide || (into >= std::numeric_limits<std::int32_t>::min() && into <= std::numeric_limits<std::int32_t>::max()))
            return good();
    } else if (value.kind != value_kind::number && value.kind != value_kind::unsigned_integer) {
        return expected(which, "Number");
    }
    return {
        parse_result::outcome::failed,
        std::string("FormatException: Either the JSON value is not in a supported format, or is out of bounds for an ") +
            (wide ? "Int64." : "Int32.")};
}

parse_result check_stream_ids(const token* list) {
    if (list == nullptr) return good();
    if (list->kind != value_kind::list) return expected(stream_ids, "Array");
    const token* next = list + 1;
    for (std::uint32_t index = 0; index < list->size; ++index, next = next->behind()) {
        if (next->kind == value_kind::null) return invalid("Null value for 'streamIds' is not valid.");
        if (next->kind == value_kind::unknown) return unreadable();
        if (next->kind != value_kind::text) {
            const bool starts = next->kind == value_kind::list || next->kind == value_kind::map;
            return {
                parse_result::outcome::failed,
                "InvalidOperationException: Cannot get the value of a token type '" +
                    std::string(starts ? "Start" : "").append(json_type_name(*next)) + "' as a string."};
        }
    }
    return good();
}

parse_result check_headers(const token* map) {
    if (map == nullptr) return good();
    if (map->kind != value_kind::map) return expected(headers, "StartObject");
    const token* next = map + 1;
    for (std::uint32_t pair = 0; pair < map->size; ++pair) {
        if (next[0].kind == value_kind::unknown || next[1].kind == value_kind::unknown) return unreadable();
        if (next[1].kind != value_kind::text)
            return invalid("Expected header '" + std::string(next->as_text()) + "' to be of type String.");
        next += 2;
    }
    return good();
}

parse_result check_types(const properties& found, hub_message& into) {
    for (const auto& [which, text] : {std::pair{invocation_id, &into.invocation_id}, {target, &into.target}, {error, &into.error}})
        if (auto checked = read_text(found, which, *text); failed(checked)) return checked;
    into.has_error = found[error] != nullptr;
    if (found[arguments] != nullptr && found[arguments]->kind != value_kind::list) return expected(arguments, "Array");
    into.arguments = found[arguments];
    if (auto checked = check_stream_ids(found[stream_ids]); failed(checked)) return checked;
    into.stream_ids = found[stream_ids];
    if (auto checked = check_headers(found[headers]); failed(checked)) return checked;
    into.item = found[item];
    into.result = found[result];
    into.has_result = found[result] != nullptr;
    if (found[allow_reconnect] != nullptr) {
        if (found[allow_reconnect]->kind != value_kind::boolean) return invalid("Expected 'allowReconnect' to be true or false.");
        into.allow_reconnect = found[allow_reconnect]->integer != 0;
    }
    if (found[sequence_id] == nullptr || found[sequence_id]->kind == value_kind::null) return good();
    return read_integer(*found[sequence_id], sequence_id, true, into.sequence_id);
}

parse_result check_id(const properties& found) {
    return found[invocation_id] == nullptr || found[invocation_id]->size == 0 ? missing(invocation_id) : good();
}

parse_result check_invocation(const properties& found, bool needs_id) {
    if (needs_id && failed(check_id(found))) return missing(invocation_id);
    if (found[target] == nullptr) return missing(target);
    if (found[arguments] == nullptr) return missing(arguments);
    return good();
}

parse_result check_sequence(const properties& found) {
    return found[sequence_id] == nullptr || found[sequence_id]->kind == value_kind::null ? missing(sequence_id) : good();
}

parse_result check_message(const properties& found, hub_message& into) {
    switch (into.type) {
        case message_type::invocation: {
            auto checked = check_invocation(found, false);
            // ASP.NET Core neither executes nor answers an invocation with an item.
            if (!failed(checked) && found[item] != nullptr) checked.what = parse_result::outcome::skipped;
            return checked;
        }
        case message_type::stream_invocation: return check_invocation(found, true);
        case message_type::stream_item:
            if (auto checked = check_id(found); failed(checked)) return checked;
            return found[item] == nullptr ? missing(item) : good();
        case message_type::completion:
            if (auto checked = check_id(found); failed(checked)) return checked;
            if (into.has_error && into.has_result) return invalid("The 'error' and 'result' properties are mutually exclusive.");
            return good();
        case message_type::cancel_invocation: return check_id(found);
        case message_type::ping:
        case message_type::close: return good();
        case message_type::ack:
        case message_type::sequence: return check_sequence(found);
    }
    return {parse_result::outcome::skipped, {}};
}

}  // namespace

parse_result read_envelope(const token* message, hub_message& into) {
    if (message->kind != value_kind::map)
        return invalid(unexpected_json_type(json_type_name(*message)));
    properties found{};
    if (auto checked = collect(message, found); failed(checked)) return checked;
    if (found[type] == nullptr) return missing(type);
    std::int64_t number = 0;
    if (auto checked = read_integer(*found[type], type, false, number); failed(checked)) return checked;
    if (auto checked = check_types(found, into); failed(checked)) return checked;
    // Design: an unknown type is skipped; ASP.NET Core wedges the connection.
    if (number < 1 || number > static_cast<std::int64_t>(message_type::sequence)) return {parse_result::outcome::skipped, {}};
    into.type = static_cast<message_type>(number);
    return check_message(found, into);
}

}  // namespace asignalr::detail
