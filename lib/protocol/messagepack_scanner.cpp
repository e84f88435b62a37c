// SPDX-License-Identifier: MIT
#include "protocol/messagepack_scanner.hpp"

#include "wire/utf8.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>

namespace asignalr::detail {
namespace {

constexpr std::size_t most_open = 16;

// Most texts are ASCII.
bool is_readable(std::string_view text) noexcept { return is_ascii(text) || is_valid_utf8(text); }

/// Every step returns false where it does not know what it sees.
class scanner {
public:
    scanner(std::string_view message, tape& values, hub_message& into)
        : next_(message.data()), end_(next_ + message.size()), values_(values), into_(into) {
        find_room();
    }

    bool scan() {
        if (end_ - next_ < 4 || next_[2] != '\x80') return false;
        const auto items = static_cast<unsigned char>(next_[0]);
        const auto type = static_cast<unsigned char>(next_[1]);
        next_ += 3;
        into_.type = static_cast<message_type>(type);
        into_.encoding = value_encoding::messagepack;
        switch (into_.type) {
            case message_type::invocation:
            case message_type::stream_invocation: return (items == 0x95 || items == 0x96) && scan_call(items == 0x96);
            case message_type::stream_item: return items == 0x94 && scan_item();
            default: return false;
        }
    }

private:
    struct container {
        std::uint32_t index;  // of its token
        std::uint32_t left;   // values that it still has, a map's keys included
        bool is_map;
    };

    bool scan_call(bool has_streams) {
        if (*next_ == '\xc0')
            ++next_;
        else if (!short_text(into_.invocation_id))
            return false;
        if (into_.type == message_type::stream_invocation && into_.invocation_id.empty()) return false;
        if (!short_text(into_.target) || into_.target.empty()) return false;
        if (!scan_list()) return false;
        const std::size_t streams = added();
        if (has_streams) {
            has_streams = next_ == end_ || *next_ != '\x90';
            if (has_streams && !scan_list()) return false;
        }
        if (!is_complete(6)) return false;
        into_.arguments = values_.first();
        if (has_streams) into_.stream_ids = values_.first() + streams;
        return !has_streams || are_ids(*into_.stream_ids);
    }

    bool scan_item() {
        if (!short_text(into_.invocation_id) || into_.invocation_id.empty() || !scan_value() || !is_complete(4)) return false;
        into_.item = values_.first();
        return true;
    }

    /// @param others values of the message that are not on the tape
    bool is_complete(std::size_t others) {
        values_.took(added() - values_.size());
        return values_.size() + others <= values_.maximum_values();
    }

    static bool are_ids(const token& list) noexcept {
        const token* const first = &list + 1;
        for (std::uint32_t index = 0; index < list.size; ++index)
            if (first[index].kind != value_kind::text || first[index].size == 0) return false;
        return true;
    }

    bool short_text(std::string_view& into) {
        if (next_ == end_ || (static_cast<unsigned char>(*next_) & 0xe0) != 0xa0) return false;
        const std::size_t size = static_cast<unsigned char>(*next_) & 0x1f;
        if (static_cast<std::size_t>(end_ - ++next_) < size || !is_readable({next_, size})) return false;
        into = {next_, size};
        next_ += size;
        return true;
    }

    // The arguments or the stream ids: rarely more than the shortest form tells of.
    bool scan_list() {
        if (next_ == end_ || (static_cast<unsigned char>(*next_) & 0xf0) != 0x90) return false;
        const std::uint32_t count = static_cast<unsigned char>(*next_++) & 0x0f;
        const std::size_t index = added();
        token list;
        list.kind = value_kind::list;
        list.size = count;
        if (!add(list)) return false;
        for (std::uint32_t left = count; left > 0; --left)
            if (!scan_value()) return false;
        first_[index].span = added() - index;
        return true;
    }

    bool scan_value() {
        do {
            next_ = scan_start(next_);
            if (next_ == nullptr) return false;
            while (depth_ > 0 && open_[depth_ - 1].left == 0)
                close();
        } while (depth_ > 0);
        return true;
    }

    // One value, or the beginning of a list or map. Takes the place where it begins and gives the place behind it, so that it stays
    // in a register; null: not ours.
    const char* scan_start(const char* next) {
        if (next == end_) return nullptr;
        const auto format = static_cast<unsigned char>(*next++);
        if (depth_ > 0) {
            container& around = open_[depth_ - 1];
            const bool is_key = around.is_map && around.left % 2 == 0;
            if (is_key && (format & 0xe0) != 0xa0 && format != 0xd9) return nullptr;
            --around.left;
        }
        if ((format & 0xe0) == 0xa0) return bytes(next, value_kind::text, format & 0x1fu);
        if (format == 0xd9 && next != end_) return bytes(next + 1, value_kind::text, static_cast<unsigned char>(*next));
        if (format < 0x80) return integer(next, format);
        if (format < 0x90) return open(value_kind::map, format & 0x0fu) ? next : nullptr;
        if (format < 0xa0) return open(value_kind::list, format & 0x0fu) ? next : nullptr;
        if (format >= 0xe0) return integer(next, static_cast<std::int8_t>(format));
        const std::size_t width = width_of(format);
        if (static_cast<std::size_t>(end_ - next) < width) return nullptr;
        std::uint64_t bits = 0;
        for (std::size_t index = 0; index < width; ++index)
            bits = bits << 8 | static_cast<unsigned char>(*next++);
        token made;
        switch (format) {
            case 0xc0: return add(made) ? next : nullptr;
            case 0xc2:
            case 0xc3:
                made.kind = value_kind::boolean;
                made.integer = format & 1;
                return add(made) ? next : nullptr;
            case 0xc4: return bytes(next, value_kind::bytes, bits);
            case 0xca:
                made.kind = value_kind::number;
                made.number = static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
                return add(made) ? next : nullptr;
            case 0xcb:
                made.kind = value_kind::number;
                made.number = std::bit_cast<double>(bits);
                return add(made) ? next : nullptr;
            case 0xcc:
            case 0xcd:
            case 0xce:
            case 0xd3: return integer(next, static_cast<std::int64_t>(bits));
            case 0xcf:
                made.kind = std::in_range<std::int64_t>(bits) ? value_kind::integer : value_kind::unsigned_integer;
                made.unsigned_integer = bits;
                return add(made) ? next : nullptr;
            case 0xd0: return integer(next, static_cast<std::int8_t>(bits));
            case 0xd1: return integer(next, static_cast<std::int16_t>(bits));
            case 0xd2: return integer(next, static_cast<std::int32_t>(bits));
            case 0xda: return bytes(next, value_kind::text, bits);
            case 0xdc: return open(value_kind::list, bits) ? next : nullptr;
            default: return nullptr;
        }
    }

    // Of what stands behind the format: a number, or a length.
    static std::size_t width_of(unsigned char format) noexcept {
        switch (format) {
            case 0xc4:
            case 0xcc:
            case 0xd0: return 1;
            case 0xcd:
            case 0xd1:
            case 0xda:
            case 0xdc: return 2;
            case 0xca:
            case 0xce:
            case 0xd2: return 4;
            case 0xcb:
            case 0xcf:
            case 0xd3: return 8;
            default: return 0;
        }
    }

    const char* integer(const char* behind, std::int64_t value) {
        token made;
        made.kind = value_kind::integer;
        made.integer = value;
        return add(made) ? behind : nullptr;
    }
    const char* bytes(const char* first, value_kind kind, std::uint64_t size) {
        if (static_cast<std::size_t>(end_ - first) < size) return nullptr;
        if (kind == value_kind::text && !is_readable({first, size})) return nullptr;
        token made;
        made.kind = kind;
        made.size = static_cast<std::uint32_t>(size);
        made.text = first;
        return add(made) ? first + size : nullptr;
    }

    bool open(value_kind kind, std::uint64_t count) {
        if (depth_ == most_open) return false;
        const bool is_map = kind == value_kind::map;
        open_[depth_++] = {static_cast<std::uint32_t>(added()), static_cast<std::uint32_t>(is_map ? 2 * count : count), is_map};
        token made;
        made.kind = kind;
        made.size = static_cast<std::uint32_t>(count);
        return add(made);
    }
    void close() noexcept {
        const std::uint32_t index = open_[--depth_].index;
        first_[index].span = added() - index;
    }

    bool add(const token& made) {
        if (free_ == end_of_room_ && !find_room()) return false;
        *free_++ = made;
        return true;
    }
    bool find_room() {
        values_.took(added() - values_.size());
        const std::span<token> room = values_.room();
        if (room.empty()) return false;
        free_ = room.data();
        end_of_room_ = free_ + room.size();
        first_ = free_ - values_.size();
        return true;
    }
    std::size_t added() const noexcept { return static_cast<std::size_t>(free_ - first_); }

    const char* next_;
    const char* end_;
    tape& values_;
    hub_message& into_;
    token* first_ = nullptr;
    token* free_ = nullptr;
    token* end_of_room_ = nullptr;
    std::size_t depth_ = 0;
    std::array<container, most_open> open_;
};

}  // namespace

bool scan_messagepack(std::string_view message, tape& values, hub_message& into) {
    values.begin(0);
    return scanner(message, values, into).scan();
}

}  // namespace asignalr::detail
