// SPDX-License-Identifier: MIT
#include "protocol/messagepack_reader.hpp"

#include "protocol/hub_message.hpp"
#include "protocol/msgpack.hpp"
#include "serialize/time_text.hpp"
#include "wire/utf8.hpp"

#include <array>
#include <limits>
#include <span>
#include <utility>

namespace asignalr::detail {
namespace {

// An argument stands in a list, and that in a message.
constexpr std::size_t most_open = maximum_messagepack_depth + 2;

// How many items a message of a type has at most; those behind them come from the future. Of an unknown type nothing is read.
std::uint32_t items_of(const token& type) noexcept {
    if (type.kind != value_kind::integer || !std::in_range<unsigned char>(type.integer)) return 1;
    switch (static_cast<message_type>(type.integer)) {
        case message_type::invocation:
        case message_type::stream_invocation: return 6;
        case message_type::stream_item: return 4;
        case message_type::completion: return 5;
        case message_type::cancel_invocation:
        case message_type::close: return 3;
        case message_type::ack:
        case message_type::sequence: return 2;
        case message_type::ping: return 1;
    }
    return 1;
}

std::uint64_t big_endian(const char* bytes, std::size_t size) noexcept {
    std::uint64_t number = 0;
    for (std::size_t index = 0; index < size; ++index)
        number = number << 8 | static_cast<unsigned char>(bytes[index]);
    return number;
}

// MessagePack specification, "Timestamp extension type": its three forms, as far as .NET's DateTime reaches.
token timestamp_token(const char* bytes, std::size_t size) noexcept {
    constexpr std::int64_t first_second = -62'135'596'800, last_second = 253'402'300'799;
    constexpr std::int64_t ticks_per_second = ticks::period::den;
    std::uint64_t seconds = 0, nanoseconds = 0;
    token made;
    made.kind = value_kind::unknown;
    switch (size) {
        case 4: seconds = big_endian(bytes, 4); break;
        case 8: {
            const std::uint64_t both = big_endian(bytes, 8);
            nanoseconds = both >> 34;
            seconds = both & 0x3'ffff'ffff;
            break;
        }
        case 12:
            nanoseconds = big_endian(bytes, 4);
            seconds = big_endian(bytes + 4, 8);
            break;
        default: return made;
    }
    const auto whole = static_cast<std::int64_t>(seconds);
    if (nanoseconds > 999'999'999 || whole < first_second || whole > last_second) return made;
    made.kind = value_kind::time;
    made.integer = whole * ticks_per_second + static_cast<std::int64_t>(nanoseconds / 100);
    return made;
}

/// Puts what msgpack-c meets onto a tape. Every function returns whether to go on.
class tape_visitor {
public:
    void begin(tape& values, std::size_t size, bool is_message) {
        values_ = &values;
        values.begin(0);
        first_ = free_ = end_of_room_ = nullptr;
        size_ = size;
        depth_ = 0;
        most_items_ = is_message ? 1 : std::numeric_limits<std::uint32_t>::max();
        is_message_ = is_message;
        reading_ = {};
    }
    /// @param is_whole whether msgpack-c came to the end of the value
    messagepack_reading end(bool is_whole) {
        values_->took(added() - values_->size());
        if (is_whole) reading_.complete = true;
        return reading_;
    }

    bool visit_nil() { return add({}); }
    bool visit_boolean(bool value) {
        token made;
        made.kind = value_kind::boolean;
        made.integer = value ? 1 : 0;
        return add(made);
    }
    bool visit_positive_integer(std::uint64_t value) {
        token made;
        made.kind = std::in_range<std::int64_t>(value) ? value_kind::integer : value_kind::unsigned_integer;
        made.unsigned_integer = value;
        return add(made);
    }
    bool visit_negative_integer(std::int64_t value) {
        token made;
        made.kind = value_kind::integer;
        made.integer = value;
        return add(made);
    }
    bool visit_float32(float value) { return visit_float64(static_cast<double>(value)); }
    bool visit_float64(double value) {
        token made;
        made.kind = value_kind::number;
        made.number = value;
        return add(made);
    }
    bool visit_str(const char* text, std::uint32_t size) {
        if (is_valid_utf8({text, size})) return add_bytes(value_kind::text, text, size);
        values_->make_room(3 * size_);
        const std::string_view replaced = values_->keep(replace_broken_utf8({text, size}));
        return add_bytes(value_kind::text, replaced.data(), static_cast<std::uint32_t>(replaced.size()));
    }
    bool visit_bin(const char* bytes, std::uint32_t size) { return add_bytes(value_kind::bytes, bytes, size); }
    bool visit_ext(const char* type_and_bytes, std::uint32_t size) {
        constexpr char timestamp = -1;
        token made;
        made.kind = value_kind::unknown;
        if (*type_and_bytes == timestamp) made = timestamp_token(type_and_bytes + 1, size - 1);
        return add(made);
    }

    bool start_array(std::uint32_t count) { return open(value_kind::list, count, count); }
    bool start_array_item() const noexcept { return true; }
    bool end_array_item() { return depth_ > 1 || end_item(); }
    bool end_array() { return close(); }
    bool start_map(std::uint32_t count) { return open(value_kind::map, count, 2 * std::uint64_t{count}); }
    bool start_map_key() const noexcept { return true; }
    bool end_map_key() const noexcept { return true; }
    bool start_map_value() const noexcept { return true; }
    bool end_map_value() const noexcept { return true; }
    bool end_map() {
        token& map = first_[open_[depth_ - 1]];
        const token* key = &map + 1;
        for (std::uint32_t pair = 0; pair < map.size; ++pair) {
            if (key->kind != value_kind::text) map.has_other_keys = true;
            key = key->behind()->behind();
        }
        return close();
    }

    void init() const noexcept {}
    void parse_error(std::size_t, std::size_t) const noexcept {}
    void insufficient_bytes(std::size_t, std::size_t) const noexcept {}
    bool referenced() const noexcept { return false; }
    void set_referenced(bool) const noexcept {}

private:
    std::size_t added() const noexcept { return static_cast<std::size_t>(free_ - first_); }
    // What is on the tape may move.
    bool find_room() {
        values_->took(added() - values_->size());
        const std::span<token> room = values_->room();
        reading_.too_many_values = room.empty();
        if (room.empty()) return false;
        free_ = room.data();
        first_ = free_ - values_->size();
        end_of_room_ = free_ + room.size();
        return true;
    }

    bool add(const token& made) {
        if (free_ == end_of_room_ && !find_room()) return false;
        *free_++ = made;
        return true;
    }
    bool add_bytes(value_kind kind, const char* bytes, std::uint32_t size) {
        token made;
        made.kind = kind;
        made.size = size;
        made.text = size == 0 ? "" : bytes;
        return add(made);
    }

    // A list cannot have more values than there are bytes; of the message itself not all items need be there.
    bool open(value_kind kind, std::uint32_t count, std::uint64_t values) {
        if (depth_ == most_open || (depth_ > 0 && values > size_)) return false;
        open_[depth_++] = static_cast<std::uint32_t>(added());
        token made;
        made.kind = kind;
        made.size = count;
        made.span = 1;
        return add(made);
    }
    bool close() {
        const std::uint32_t index = open_[--depth_];
        first_[index].span = added() - index;
        return true;
    }
    bool end_item() {
        ++reading_.items;
        if (is_message_ && reading_.items == 1) most_items_ = items_of(first_[1]);
        if (reading_.items < most_items_) return true;
        reading_.complete = true;
        first_->span = added();
        return false;
    }

    tape* values_ = nullptr;
    token* first_ = nullptr;
    token* free_ = nullptr;
    token* end_of_room_ = nullptr;
    std::size_t size_ = 0;
    std::size_t depth_ = 0;
    std::uint32_t most_items_ = 0;
    bool is_message_ = false;
    messagepack_reading reading_;
    std::array<std::uint32_t, most_open> open_{};  // the indexes of the lists and maps
};

// It keeps the memory of its stack, so there is one for each thread.
struct parser {
    tape_visitor visitor;
    msgpack::detail::parse_helper<tape_visitor> helper{visitor};
};

messagepack_reading read(std::string_view bytes, tape& values, bool is_message) {
    thread_local parser one;
    one.visitor.begin(values, bytes.size(), is_message);
    one.helper.init();
    std::size_t offset = 0;
    return one.visitor.end(one.helper.execute(bytes.data(), bytes.size(), offset) == msgpack::PARSE_SUCCESS);
}

}  // namespace

messagepack_reading read_messagepack(std::string_view bytes, tape& values) { return read(bytes, values, false); }

messagepack_reading read_messagepack_message(std::string_view bytes, tape& values) { return read(bytes, values, true); }

}  // namespace asignalr::detail
