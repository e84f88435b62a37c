// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/serialize/value_reader.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

/// One value of a message, 16 bytes. Lists and maps are followed by their values; a key is a text, unless the map tells otherwise.
struct token {
    value_kind kind = value_kind::null;
    bool is_negative_zero = false;  // number: written as `-0`, which is also an integer
    bool has_other_keys = false;    // map: some of its keys are no texts
    std::uint32_t size = 0;         // text, bytes: bytes; list: values; map: pairs
    union {
        std::int64_t integer = 0;  // also boolean, and time: its ticks
        std::uint64_t unsigned_integer;
        double number;
        const char* text;  // also bytes
        std::uint64_t span;  // list, map: how many tokens to the one behind it, itself included
    };

    std::string_view as_text() const noexcept { return {text, size}; }
    /// The token behind this value.
    const token* behind() const noexcept {
        return this + (kind == value_kind::list || kind == value_kind::map ? static_cast<std::ptrdiff_t>(span) : 1);
    }
};

/// The value of a map's first member of that name, exactly as written; null if there is none.
inline const token* find_member(const token& map, std::string_view name) noexcept {
    const token* next = &map + 1;
    for (std::uint32_t pair = 0; pair < map.size; ++pair, next = next[1].behind())
        if (next->kind == value_kind::text && next->as_text() == name) return next + 1;
    return nullptr;
}

/// The tokens of one message. One for each lane, used again and again.
class tape {
public:
    explicit tape(std::size_t maximum_values) : maximum_values_(maximum_values) {}

    /// Makes room for a message of that many bytes: texts are kept here, and must not move.
    void begin(std::size_t message_size) {
        size_ = 0;
        texts_.clear();
        make_room(message_size);
    }
    /// The same later, but before the first text is kept.
    void make_room(std::size_t bytes) {
        if (texts_.capacity() < bytes) texts_.reserve(bytes);
    }
    void limit_to(std::size_t maximum_values) noexcept { maximum_values_ = maximum_values; }

    /// False: one value too many.
    bool add(const token& value) {
        if (room().empty()) return false;
        tokens_[size_++] = value;
        return true;
    }
    /// Where the next values can be written in place, behind those that are there; empty if no more are allowed. What is there may
    /// move. took() then counts in what was written.
    std::span<token> room() {
        if (size_ >= maximum_values_) return {};
        if (size_ == tokens_.size()) tokens_.resize(std::max<std::size_t>(64, 2 * size_));
        return std::span(tokens_).first(std::min(tokens_.size(), maximum_values_)).subspan(size_);
    }
    std::size_t maximum_values() const noexcept { return maximum_values_; }
    void took(std::size_t count) noexcept { size_ += count; }
    /// Keeps a text; never more than there is room for.
    std::string_view keep(std::string_view text) {
        const std::size_t start = texts_.size();
        texts_.append(text);
        return {texts_.data() + start, text.size()};
    }
    token& operator[](std::size_t index) noexcept { return tokens_[index]; }
    const token* first() const noexcept { return tokens_.data(); }
    std::size_t size() const noexcept { return size_; }

    /// Gives back what one large message made it grow to.
    void shrink() {
        constexpr std::size_t kept_bytes = 64 * 1024;
        if (texts_.capacity() > kept_bytes) std::string().swap(texts_);
        if (tokens_.capacity() > kept_bytes / sizeof(token)) std::vector<token>().swap(tokens_);
    }

private:
    std::vector<token> tokens_;  // the first size_ of them count
    std::size_t size_ = 0;
    std::string texts_;
    std::size_t maximum_values_;
};

}  // namespace asignalr::detail
