// SPDX-License-Identifier: MIT
#include "protocol/messagepack_envelope.hpp"

#include "protocol/error_text.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace asignalr::detail {
namespace {

parse_result failed(std::string type_and_text) { return {parse_result::outcome::failed, std::move(type_and_text)}; }

class envelope_reader {
public:
    envelope_reader(const tape& values, const messagepack_reading& reading, hub_message& into)
        : next_(values.first() + 1),
          end_(values.first() + values.size()),
          items_(values.first()->size),
          whole_(reading.items),
          into_(into) {}

    parse_result read() {
        std::int64_t type = 0;
        if (!integer("messageType", true, type)) return failed(std::move(error_));
        // Design: an unknown type is skipped; ASP.NET Core wedges the connection.
        if (type < 1 || type > static_cast<std::int64_t>(message_type::sequence)) return {parse_result::outcome::skipped, {}};
        into_.type = static_cast<message_type>(type);
        return body() ? parse_result{} : failed(std::move(error_));
    }

private:
    bool body() {
        switch (into_.type) {
            case message_type::invocation: return invocation(false, "Invocation");
            case message_type::stream_invocation: return invocation(true, "StreamInvocation");
            case message_type::stream_item: return headers() && id("StreamItem") && item();
            case message_type::completion: return headers() && id("Completion") && completion();
            case message_type::cancel_invocation: return headers() && id("CancelInvocation");
            case message_type::ping: return true;
            case message_type::close: return close();
            case message_type::ack:
            case message_type::sequence: return integer("sequenceId", false, into_.sequence_id);
        }
        return true;
    }

    bool invocation(bool needs_id, std::string_view kind) {
        if (!headers() || !text("invocationId", into_.invocation_id)) return false;
        if (needs_id && into_.invocation_id.empty()) return empty("invocation ID for ", kind, " message");
        if (!text("target", into_.target)) return false;
        if (into_.target.empty()) return empty("target for ", kind, " message");
        // What is wrong from here to the end of the arguments is a matter of the call. Of a broken list the length may be known.
        const token* const list = next_;
        const bool whole = take() != nullptr;
        if ((whole || list != end_) && list->kind == value_kind::list) into_.arguments = list;
        if (!whole || into_.arguments == nullptr) into_.has_broken_values = true;
        return into_.has_broken_values || items_ < 6 || stream_ids();
    }

    bool item() {
        into_.item = take();
        if (into_.item == nullptr) into_.has_broken_values = true;
        return true;
    }

    bool completion() {
        std::int64_t kind = 0;
        if (!integer("resultKind", true, kind)) return false;
        switch (kind) {
            case 1: return text("error", into_.error, &into_.has_error);
            case 2: return true;
            case 3:
                into_.result = take();
                into_.has_result = true;
                return into_.result != nullptr || fail("Error reading MessagePack.");
            default: return fail("Invalid invocation result kind.");
        }
    }

    bool close() {
        if (!text("error", into_.error, &into_.has_error)) return false;
        if (items_ < 3) return true;
        const token* const value = take();
        if (value == nullptr || value->kind != value_kind::boolean) return wrong("allowReconnect", "Boolean");
        into_.allow_reconnect = value->integer != 0;
        return true;
    }

    bool id(std::string_view kind) {
        if (!text("invocationId", into_.invocation_id)) return false;
        return !into_.invocation_id.empty() || empty("invocation ID for ", kind, " message");
    }

    bool headers() {
        const token* const map = take();
        if (map == nullptr || map->kind != value_kind::map) return fail("Reading map length for 'headers' failed.");
        const token* next = map + 1;
        for (std::uint32_t pair = 0; pair < map->size; ++pair)
            for (const bool is_value : {false, true}) {
                if (next->kind != value_kind::text && next->kind != value_kind::null)
                    return wrong(std::string("headers[").append(std::to_string(pair)).append(is_value ? "].Value" : "].Key"), "String");
                if (next->size == 0) return empty(is_value ? "value in header" : "key in header");
                ++next;
            }
        return are_different(*map);
    }

    bool are_different(const token& map) {
        if (map.size < 2) return true;
        std::vector<std::string_view> keys;
        for (std::uint32_t pair = 0; pair < map.size; ++pair)
            keys.push_back((&map)[1 + 2 * pair].as_text());
        std::sort(keys.begin(), keys.end());
        const auto twice = std::adjacent_find(keys.begin(), keys.end());
        if (twice == keys.end()) return true;
        error_ = "ArgumentException: An item with the same key has already been added. Key: " + std::string(*twice);
        return false;
    }

    bool stream_ids() {
        const token* const list = take();
        if (list == nullptr || list->kind != value_kind::list) return fail("Reading array length for 'streamIds' failed.");
        const token* next = list + 1;
        for (std::uint32_t index = 0; index < list->size; ++index, next = next->behind()) {
            if (next->kind != value_kind::text && next->kind != value_kind::null) return wrong("streamIds", "String");
            if (next->size == 0) return empty("value in streamIds received");
        }
        if (list->size > 0) into_.stream_ids = list;
        return true;
    }

    bool integer(std::string_view name, bool narrow, std::int64_t& into) {
        const token* const value = take();
        const bool fits = value != nullptr && value->kind == value_kind::integer &&
                          (!narrow || std::in_range<std::int32_t>(value->integer));
        if (!fits) return wrong(name, narrow ? "Int32" : "Int64");
        into = value->integer;
        return true;
    }

    /// A text or null.
    bool text(std::string_view name, std::string_view& into, bool* is_there = nullptr) {
        const token* const value = take();
        if (value == nullptr || (value->kind != value_kind::text && value->kind != value_kind::null)) return wrong(name, "String");
        if (value->kind == value_kind::null) return true;
        into = value->as_text();
        if (is_there != nullptr) *is_there = true;
        return true;
    }

    /// The next item, if it is there and whole.
    const token* take() noexcept {
        if (whole_ == 0) return nullptr;
        --whole_;
        return std::exchange(next_, next_->behind());
    }

    bool fail(std::string_view text) {
        error_ = "InvalidDataException: " + std::string(text);
        return false;
    }
    bool wrong(std::string_view name, std::string_view type) {
        return fail("Reading '" + std::string(name) + "' as " + std::string(type) + " failed.");
    }
    bool empty(std::string_view what, std::string_view kind = {}, std::string_view behind = {}) {
        return fail(std::string("Null or empty ").append(what).append(kind).append(behind) + ".");
    }

    const token* next_;
    const token* end_;
    std::uint32_t items_;  // as announced
    std::uint32_t whole_;  // that are still to be taken
    hub_message& into_;
    std::string error_;
};

}  // namespace

parse_result read_messagepack_envelope(const tape& values, const messagepack_reading& reading, hub_message& into) {
    into.encoding = value_encoding::messagepack;
    if (values.size() == 0 || values.first()->kind != value_kind::list)
        return failed("InvalidDataException: Error reading MessagePack.");
    return envelope_reader(values, reading, into).read();
}

}  // namespace asignalr::detail
