// SPDX-License-Identifier: MIT
#include <asignalr/serialize/error.hpp>
#include <asignalr/serialize/value_reader.hpp>
#include <asignalr/serialize/value_writer.hpp>

#include "base/base64.hpp"
#include "base/text.hpp"
#include "serialize/duration_text.hpp"
#include "serialize/time_text.hpp"
#include "serialize/token.hpp"

#include <cstring>
#include <limits>

namespace asignalr {

serialization_error::~serialization_error() = default;
value_writer::~value_writer() = default;

value_kind value_reader::kind() const noexcept { return next_->kind; }

bool value_reader::read_null() noexcept {
    if (next_->kind != value_kind::null) return false;
    ++next_;
    return true;
}

bool value_reader::read(bool& value) noexcept {
    if (next_->kind != value_kind::boolean) return false;
    value = (next_++)->integer != 0;
    return true;
}

bool value_reader::read(std::int64_t& value) noexcept {
    if (next_->kind == value_kind::integer)
        value = next_->integer;
    else if (next_->kind == value_kind::number && next_->is_negative_zero)
        value = 0;
    else
        return false;
    ++next_;
    return true;
}

bool value_reader::read(std::uint64_t& value) noexcept {
    if (next_->kind == value_kind::unsigned_integer)
        value = next_->unsigned_integer;
    else if (next_->kind == value_kind::integer && next_->integer >= 0)
        value = static_cast<std::uint64_t>(next_->integer);
    else
        return false;
    ++next_;
    return true;
}

bool value_reader::read(double& value) noexcept {
    switch (next_->kind) {
        case value_kind::integer: value = static_cast<double>(next_->integer); break;
        case value_kind::unsigned_integer: value = static_cast<double>(next_->unsigned_integer); break;
        case value_kind::number: value = next_->number; break;
        default: return false;
    }
    ++next_;
    return true;
}

bool value_reader::read(std::string_view& text) noexcept {
    if (next_->kind != value_kind::text) return false;
    text = (next_++)->as_text();
    return true;
}

bool value_reader::read(std::vector<std::byte>& bytes) {
    if (encoding_ == value_encoding::messagepack) {
        if (next_->kind != value_kind::bytes) return false;
        const std::string_view found = (next_++)->as_text();
        const auto* const first = reinterpret_cast<const std::byte*>(found.data());
        bytes.assign(first, first + found.size());
        return true;
    }
    std::string_view text;
    if (!read(text)) return false;
    const auto decoded = detail::base64_decode(text, detail::base64_rules::of_json);
    if (!decoded) return false;
    bytes.resize(decoded->size());
    if (!bytes.empty()) std::memcpy(bytes.data(), decoded->data(), decoded->size());
    return true;
}

bool value_reader::read(tick_time& time) noexcept {
    if (encoding_ == value_encoding::messagepack) {
        if (next_->kind != value_kind::time) return false;
        time = tick_time(ticks((next_++)->integer));
        return true;
    }
    std::string_view text;
    return read(text) && detail::parse_time(text, time);
}

bool value_reader::read(ticks& duration) noexcept {
    std::int64_t count = 0;
    if (encoding_ == value_encoding::messagepack) {
        if (!read(count)) return false;
    } else {
        std::string_view text;
        if (!read(text) || !detail::parse_duration(text, count)) return false;
    }
    duration = ticks(count);
    return true;
}

bool value_reader::enter_list(std::size_t& count) noexcept {
    if (next_->kind != value_kind::list) return false;
    count = (next_++)->size;
    return true;
}

bool value_reader::enter_map(std::size_t& count) noexcept {
    if (next_->kind != value_kind::map || next_->has_other_keys) return false;
    count = (next_++)->size;
    return true;
}

std::string_view value_reader::key() noexcept { return (next_++)->as_text(); }

bool value_reader::names(std::string_view key, std::string_view field) const noexcept {
    return ignore_case_ ? detail::equals_ignoring_case(key, field) : key == field;
}

void value_reader::skip() noexcept { next_ = next_->behind(); }

}  // namespace asignalr
