// SPDX-License-Identifier: MIT
#include <asignalr/serialize/codec.hpp>

#include <fmt/format.h>

#include <charconv>
#include <limits>

namespace asignalr {

// ---- value

namespace {

bool read_list(value_reader& in, value& into) {
    std::size_t count = 0;
    if (!in.enter_list(count)) return false;
    value::list list(count);
    for (value& element : list)
        if (!codec<value>::read(in, element)) return false;
    into = std::move(list);
    return true;
}

bool read_map(value_reader& in, value& into) {
    std::size_t count = 0;
    if (!in.enter_map(count)) return false;
    value::map map;
    for (std::size_t index = 0; index < count; ++index) {
        std::string key(in.key());
        if (!codec<value>::read(in, map[std::move(key)])) return false;
    }
    into = std::move(map);
    return true;
}

template <class Type>
bool read_as(value_reader& in, value& into) {
    Type content{};
    if (!codec<Type>::read(in, content)) return false;
    into = std::move(content);
    return true;
}

struct content_writer {
    value_writer& out;

    void operator()(std::nullptr_t) const { out.null(); }
    template <class Type>
    void operator()(const Type& content) const {
        codec<Type>::write(out, content);
    }
};

}  // namespace

bool codec<value>::read(value_reader& in, value& into) {
    switch (in.kind()) {
        case value_kind::null: into = nullptr; return in.read_null();
        case value_kind::boolean: return read_as<bool>(in, into);
        case value_kind::integer: return read_as<std::int64_t>(in, into);
        case value_kind::unsigned_integer: return read_as<std::uint64_t>(in, into);
        case value_kind::number: return read_as<double>(in, into);
        case value_kind::text: return read_as<std::string>(in, into);
        case value_kind::list: return read_list(in, into);
        case value_kind::map: return read_map(in, into);
    }
    return false;
}

void codec<value>::write(value_writer& out, const value& from) { std::visit(content_writer{out}, from.content()); }

// ---- durations

namespace detail {
namespace {

constexpr std::int64_t ticks_per_second = 10'000'000;

// Takes a number off the front; false if there is none or it is too large.
bool take_number(std::string_view& text, std::uint64_t& number) noexcept {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

bool take(std::string_view& text, char mark) noexcept {
    if (!text.starts_with(mark)) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

std::string duration_text(std::int64_t hundred_nanoseconds) {
    const bool negative = hundred_nanoseconds < 0;
    std::uint64_t rest = negative ? 0 - static_cast<std::uint64_t>(hundred_nanoseconds)
                                  : static_cast<std::uint64_t>(hundred_nanoseconds);
    const std::uint64_t fraction = rest % ticks_per_second;
    rest /= ticks_per_second;
    std::string text = negative ? "-" : "";
    if (rest >= 86'400) text += fmt::format("{}.", rest / 86'400);
    text += fmt::format("{:02}:{:02}:{:02}", rest / 3'600 % 24, rest / 60 % 60, rest % 60);
    if (fraction != 0) text += fmt::format(".{:07}", fraction);
    return text;
}

bool parse_duration(std::string_view text, std::int64_t& hundred_nanoseconds) noexcept {
    const bool negative = take(text, '-');
    std::uint64_t days = 0, hours = 0, minutes = 0, seconds = 0, fraction = 0;
    if (!take_number(text, hours)) return false;
    if (take(text, '.')) {
        days = hours;
        if (!take_number(text, hours)) return false;
    }
    if (!take(text, ':') || !take_number(text, minutes) || !take(text, ':') || !take_number(text, seconds)) return false;
    if (take(text, '.')) {
        const std::size_t before = text.size();
        if (!take_number(text, fraction)) return false;
        const std::size_t digits = before - text.size();
        if (digits > 7) return false;
        for (std::size_t index = digits; index < 7; ++index)
            fraction *= 10;
    }
    if (!text.empty() || days > 10'675'199 || hours > 23 || minutes > 59 || seconds > 59) return false;
    const std::uint64_t total =
        (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * static_cast<std::uint64_t>(ticks_per_second) + fraction;
    const std::uint64_t most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (negative ? 1 : 0);
    if (total > most) return false;
    hundred_nanoseconds = static_cast<std::int64_t>(negative ? 0 - total : total);
    return true;
}

}  // namespace detail
}  // namespace asignalr
