// SPDX-License-Identifier: MIT
#include "serialize/duration_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <utility>

namespace asignalr::detail {
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

// Up to seven digits behind a point, if there is one.
bool take_fraction(std::string_view& text, std::uint64_t& hundred_nanoseconds) noexcept {
    if (!take(text, '.')) return true;
    const std::size_t before = text.size();
    if (!take_number(text, hundred_nanoseconds)) return false;
    const std::size_t digits = before - text.size();
    for (std::size_t index = digits; index < 7; ++index)
        hundred_nanoseconds *= 10;
    return digits <= 7;
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

// `d`, or `h:m` with days in front and seconds behind where there are any, those with a fraction.
bool parse_duration(std::string_view text, std::int64_t& hundred_nanoseconds) noexcept {
    const bool negative = take(text, '-');
    std::uint64_t days = 0, hours = 0, minutes = 0, seconds = 0, fraction = 0;
    if (!take_number(text, hours)) return false;
    if (text.empty() || text.front() == '.') {
        days = std::exchange(hours, 0);
        if (take(text, '.') && (!take_number(text, hours) || text.empty())) return false;
    }
    if (take(text, ':')) {
        if (!take_number(text, minutes)) return false;
        if (take(text, ':') && (!take_number(text, seconds) || !take_fraction(text, fraction))) return false;
    }
    if (!text.empty() || days > 10'675'199 || hours > 23 || minutes > 59 || seconds > 59) return false;
    const std::uint64_t total =
        (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * static_cast<std::uint64_t>(ticks_per_second) + fraction;
    const std::uint64_t most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + (negative ? 1 : 0);
    if (total > most) return false;
    hundred_nanoseconds = static_cast<std::int64_t>(negative ? 0 - total : total);
    return true;
}

}  // namespace asignalr::detail
