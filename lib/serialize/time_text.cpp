// SPDX-License-Identifier: MIT
#include "serialize/time_text.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace asignalr::detail {
namespace {

using namespace std::chrono;

/// Takes numbers and marks off the front of a text.
struct text_cursor {
    std::string_view rest;

    bool digits(std::size_t count, int& value) noexcept {
        if (rest.size() < count) return false;
        value = 0;
        for (const char digit : rest.substr(0, count)) {
            if (digit < '0' || digit > '9') return false;
            value = value * 10 + (digit - '0');
        }
        rest.remove_prefix(count);
        return true;
    }
    bool mark(char expected) noexcept {
        if (!rest.starts_with(expected)) return false;
        rest.remove_prefix(1);
        return true;
    }
};

constexpr tick_time first_moment = sys_days(year(1) / 1 / 1);
constexpr tick_time behind_last_moment = sys_days(year(10'000) / 1 / 1);

bool parse_fraction(text_cursor& text, ticks& fraction) noexcept {
    std::int64_t scale = ticks::period::den / 10;
    int digit = 0;
    std::size_t count = 0;
    while (text.digits(1, digit)) {
        fraction += ticks(scale * digit);
        scale /= 10;
        ++count;
    }
    // .NET wants something behind the point, but not necessarily digits: `05.Z` passes.
    return count <= 16 && (count > 0 || !text.rest.empty());
}

bool parse_offset(text_cursor& text, minutes& offset) noexcept {
    constexpr minutes farthest = hours(14);
    if (text.mark('Z') || text.rest.empty()) return true;
    const bool negative = text.rest.starts_with('-');
    if (!text.mark('+') && !text.mark('-')) return false;
    int hours_part = 0, minutes_part = 0;
    if (!text.digits(2, hours_part)) return false;
    if (text.mark(':') && !text.digits(2, minutes_part)) return false;
    offset = hours(hours_part) + minutes(minutes_part);
    if (minutes_part > 59 || offset > farthest) return false;
    if (negative) offset = -offset;
    return true;
}

}  // namespace

bool has_time_text(tick_time time) noexcept { return time >= first_moment && time < behind_last_moment; }

std::string time_text(tick_time time) {
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    std::string text = fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()),
        clock.hours().count(),
        clock.minutes().count(),
        clock.seconds().count());
    if (clock.subseconds().count() != 0) {
        text += fmt::format(".{:07}", clock.subseconds().count());
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text + 'Z';
}

bool parse_time(std::string_view whole, tick_time& time) noexcept {
    text_cursor text{whole};
    int year_part = 0, month_part = 0, day_part = 0, hour = 0, minute = 0, second = 0;
    if (!text.digits(4, year_part) || !text.mark('-') || !text.digits(2, month_part) || !text.mark('-') ||
        !text.digits(2, day_part))
        return false;
    const year_month_day date{
        year(year_part), month(static_cast<unsigned>(month_part)), day(static_cast<unsigned>(day_part))};
    if (!date.ok() || year_part < 1) return false;
    ticks fraction{0};
    minutes offset{0};
    if (text.mark('T')) {
        if (!text.digits(2, hour) || !text.mark(':') || !text.digits(2, minute)) return false;
        if (text.mark(':')) {
            if (!text.digits(2, second)) return false;
            if (text.mark('.') && !parse_fraction(text, fraction)) return false;
        }
        if (!parse_offset(text, offset)) return false;
    }
    if (!text.rest.empty() || hour > 23 || minute > 59 || second > 59) return false;
    time = tick_time(sys_days(date)) + hours(hour) + minutes(minute) + seconds(second) + fraction - offset;
    return has_time_text(time);
}

}  // namespace asignalr::detail
