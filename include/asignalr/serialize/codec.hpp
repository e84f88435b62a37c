// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/serialize/error.hpp>
#include <asignalr/serialize/fields.hpp>
#include <asignalr/serialize/guid.hpp>
#include <asignalr/serialize/value.hpp>
#include <asignalr/serialize/value_reader.hpp>
#include <asignalr/serialize/value_writer.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace asignalr {

namespace detail {

template <class>
inline constexpr bool always_false = false;

template <class Type>
concept has_fields = requires(const Type* type) { fields_of(type); };
template <class Type>
concept has_enumerators = std::is_enum_v<Type> && requires(const Type* type) { enumerators_of(type); };

template <class>
inline constexpr bool is_span = false;
template <class Type, std::size_t Extent>
inline constexpr bool is_span<std::span<Type, Extent>> = true;

template <class Type>
concept character = std::same_as<Type, char> || std::same_as<Type, wchar_t> || std::same_as<Type, char8_t> || std::same_as<Type, char16_t> ||
                    std::same_as<Type, char32_t>;

/// Says in the compiler's words what is wrong with a type that cannot travel.
template <class Type>
struct no_codec {
    static_assert(
        !std::is_reference_v<Type>,
        "asignalr: a reference cannot travel; take and return values, since the message they come from is gone when a method "
        "suspends");
    static_assert(
        !std::is_pointer_v<Type>, "asignalr: a pointer cannot travel; use the value itself, or std::optional for one that may be "
                                  "missing");
    static_assert(
        !std::is_same_v<Type, std::string_view>,
        "asignalr: std::string_view does not own its text; use std::string in parameters, results and fields");
    static_assert(
        !character<Type>, "asignalr: a character cannot travel; use std::string for a text, std::int32_t or another integer for a "
                          "number");
    static_assert(!is_span<Type>, "asignalr: std::span does not own its elements; use std::vector or std::array");
    static_assert(
        std::is_reference_v<Type> || std::is_pointer_v<Type> || std::is_same_v<Type, std::string_view> || is_span<Type> ||
            character<Type> || always_false<Type>,
        "asignalr: this type cannot travel; give it fields_of(const T*), or specialise asignalr::codec<T>");
};

}  // namespace detail

/// How a type travels. Specialise it for types of your own that `fields_of` does not describe:
///
/// `static bool read(value_reader& in, T& into)` takes one value and returns false if it does not fit;
/// `static void write(value_writer& out, const T& from)` writes one value.
template <class Type>
struct codec : detail::no_codec<Type> {};

template <>
struct codec<bool> {
    static bool read(value_reader& in, bool& into) { return in.read(into); }
    static void write(value_writer& out, bool from) { out.boolean(from); }
};

template <class Integer>
    requires(std::integral<Integer> && !std::same_as<Integer, bool> && !detail::character<Integer>)
struct codec<Integer> {
    using widest = std::conditional_t<std::is_signed_v<Integer>, std::int64_t, std::uint64_t>;

    static bool read(value_reader& in, Integer& into) {
        widest wide = 0;
        if (!in.read(wide) || !std::in_range<Integer>(wide)) return false;
        into = static_cast<Integer>(wide);
        return true;
    }
    static void write(value_writer& out, Integer from) {
        if constexpr (std::is_signed_v<Integer>)
            out.integer(from);
        else
            out.unsigned_integer(from);
    }
};

template <std::floating_point Number>
struct codec<Number> {
    static bool read(value_reader& in, Number& into) {
        double wide = 0;
        if (!in.read(wide)) return false;
        if constexpr (std::same_as<Number, float>) {
            // A conversion of what is out of range is undefined. Up to half a step beyond the largest float it is that one, as in .NET.
            using limits = std::numeric_limits<float>;
            constexpr double half_a_step_beyond = 0x1.ffffffp127;
            if (wide >= half_a_step_beyond || wide <= -half_a_step_beyond) {
                into = wide > 0 ? limits::infinity() : -limits::infinity();
                return true;
            }
            wide = std::clamp(wide, double{limits::lowest()}, double{limits::max()});
        }
        into = static_cast<Number>(wide);
        return true;
    }
    static void write(value_writer& out, Number from) {
        if constexpr (std::same_as<Number, float>)
            out.short_number(from);
        else
            out.number(static_cast<double>(from));
    }
};

template <>
struct codec<std::string> {
    static bool read(value_reader& in, std::string& into) {
        std::string_view text;
        if (in.read_null()) {
            into.clear();
            return true;
        }
        if (!in.read(text)) return false;
        into.assign(text);
        return true;
    }
    static void write(value_writer& out, const std::string& from) { out.text(from); }
};

// Lists.

namespace detail {

template <class List>
bool read_list(value_reader& in, List& into) {
    into.clear();
    if (in.read_null()) return true;
    std::size_t count = 0;
    if (!in.enter_list(count)) return false;
    for (std::size_t index = 0; index < count; ++index) {
        typename List::value_type element{};
        if (!codec<typename List::value_type>::read(in, element)) return false;
        into.push_back(std::move(element));
    }
    return true;
}

template <class List>
void write_list(value_writer& out, const List& from) {
    out.begin_list(from.size());
    for (const auto& element : from)
        codec<typename List::value_type>::write(out, element);
    out.end_list();
}

}  // namespace detail

template <class Element>
struct codec<std::vector<Element>> {
    static_assert(sizeof(codec<Element>) > 0);
    static bool read(value_reader& in, std::vector<Element>& into) { return detail::read_list(in, into); }
    static void write(value_writer& out, const std::vector<Element>& from) { detail::write_list(out, from); }
};

template <>
struct codec<std::vector<std::byte>> {
    static bool read(value_reader& in, std::vector<std::byte>& into) {
        into.clear();
        return in.read_null() || in.read(into);
    }
    static void write(value_writer& out, const std::vector<std::byte>& from) { out.bytes(from); }
};

template <>
struct codec<std::vector<std::uint8_t>> {
    static bool read(value_reader& in, std::vector<std::uint8_t>& into) {
        std::vector<std::byte> bytes;
        if (!codec<std::vector<std::byte>>::read(in, bytes)) return false;
        into.resize(bytes.size());
        if (!bytes.empty()) std::memcpy(into.data(), bytes.data(), bytes.size());
        return true;
    }
    static void write(value_writer& out, const std::vector<std::uint8_t>& from) {
        out.bytes(std::as_bytes(std::span(from)));
    }
};

template <class Element, std::size_t Size>
struct codec<std::array<Element, Size>> {
    static_assert(sizeof(codec<Element>) > 0);
    static bool read(value_reader& in, std::array<Element, Size>& into) {
        std::size_t count = 0;
        if (!in.enter_list(count) || count != Size) return false;
        for (Element& element : into)
            if (!codec<Element>::read(in, element)) return false;
        return true;
    }
    static void write(value_writer& out, const std::array<Element, Size>& from) { detail::write_list(out, from); }
};

// Maps with text as keys.

namespace detail {

template <class Map>
struct map_codec {
    static_assert(sizeof(codec<typename Map::mapped_type>) > 0);
    static bool read(value_reader& in, Map& into) {
        into.clear();
        if (in.read_null()) return true;
        std::size_t count = 0;
        if (!in.enter_map(count)) return false;
        for (std::size_t index = 0; index < count; ++index) {
            std::string key(in.key());
            if (!codec<typename Map::mapped_type>::read(in, into[std::move(key)])) return false;
        }
        return true;
    }
    static void write(value_writer& out, const Map& from) {
        out.begin_map(from.size());
        for (const auto& [key, element] : from) {
            out.key(key);
            codec<typename Map::mapped_type>::write(out, element);
        }
        out.end_map();
    }
};

}  // namespace detail

template <class Element>
struct codec<std::map<std::string, Element>> : detail::map_codec<std::map<std::string, Element>> {};
template <class Element>
struct codec<std::unordered_map<std::string, Element>> : detail::map_codec<std::unordered_map<std::string, Element>> {};

// Something that may be missing; tuples and pairs travel as lists.

template <class Type>
struct codec<std::optional<Type>> {
    static_assert(sizeof(codec<Type>) > 0);
    static bool read(value_reader& in, std::optional<Type>& into) {
        into.reset();
        return in.read_null() || codec<Type>::read(in, into.emplace());
    }
    static void write(value_writer& out, const std::optional<Type>& from) {
        if (from)
            codec<Type>::write(out, *from);
        else
            out.null();
    }
};

namespace detail {

template <class Tuple, class... Elements>
struct tuple_codec {
    static_assert(((sizeof(codec<Elements>) > 0) && ...));
    static bool read(value_reader& in, Tuple& into) {
        std::size_t count = 0;
        if (!in.enter_list(count) || count != sizeof...(Elements)) return false;
        return std::apply([&](auto&... element) { return (codec<Elements>::read(in, element) && ...); }, into);
    }
    static void write(value_writer& out, const Tuple& from) {
        out.begin_list(sizeof...(Elements));
        std::apply([&](const auto&... element) { (codec<Elements>::write(out, element), ...); }, from);
        out.end_list();
    }
};

}  // namespace detail

template <class... Elements>
struct codec<std::tuple<Elements...>> : detail::tuple_codec<std::tuple<Elements...>, Elements...> {};
template <class First, class Second>
struct codec<std::pair<First, Second>> : detail::tuple_codec<std::pair<First, Second>, First, Second> {};

// Time.

template <class Duration>
struct codec<std::chrono::time_point<std::chrono::system_clock, Duration>> {
    using time = std::chrono::time_point<std::chrono::system_clock, Duration>;

    static bool read(value_reader& in, time& into) {
        tick_time exact;
        if (!in.read(exact) || !detail::can_cast<Duration>(exact.time_since_epoch())) return false;
        into = std::chrono::floor<Duration>(exact);
        return true;
    }
    static void write(value_writer& out, const time& from) {
        if (!detail::can_cast<ticks>(from.time_since_epoch())) throw serialization_error("a time outside the years 1 to 9999 cannot travel");
        out.time(std::chrono::floor<ticks>(from));
    }
};

template <class Count, class Period>
struct codec<std::chrono::duration<Count, Period>> {
    static bool read(value_reader& in, std::chrono::duration<Count, Period>& into) {
        ticks found{};
        if (!in.read(found) || !detail::can_cast<std::chrono::duration<Count, Period>>(found)) return false;
        into = std::chrono::duration_cast<std::chrono::duration<Count, Period>>(found);
        return true;
    }
    static void write(value_writer& out, const std::chrono::duration<Count, Period>& from) {
        if (!detail::can_cast<ticks>(from)) throw serialization_error("a duration beyond .NET's TimeSpan cannot travel");
        out.duration(std::chrono::duration_cast<ticks>(from));
    }
};

template <>
struct codec<guid> {
    static bool read(value_reader& in, guid& into) {
        std::string_view text;
        if (!in.read(text)) return false;
        const std::optional<guid> parsed = guid::parse(text);
        if (!parsed) return false;
        into = *parsed;
        return true;
    }
    static void write(value_writer& out, const guid& from) { out.text(from.text()); }
};

/// A value of any type. Nesting is limited by the protocol: 64 in JSON, 500 in MessagePack.
template <>
struct ASIGNALR_API codec<value> {
    static bool read(value_reader& in, value& into);
    static void write(value_writer& out, const value& from);
};

// Enums: numbers, or names where the encoding uses them and they are listed.

template <class Enum>
    requires std::is_enum_v<Enum>
struct codec<Enum> {
    using number_type = std::underlying_type_t<Enum>;

    static bool read(value_reader& in, Enum& into) {
        std::string_view name;
        if constexpr (detail::has_enumerators<Enum>) {
            if (in.kind() == value_kind::text && in.read(name)) return read_name(name, into);
        }
        number_type number{};
        if (!codec<number_type>::read(in, number)) return false;
        into = static_cast<Enum>(number);
        return true;
    }
    static void write(value_writer& out, Enum from) {
        if constexpr (detail::has_enumerators<Enum>) {
            // Beyond int64 a number travels as what it is, also where others have names.
            const bool fits = std::is_signed_v<number_type> || static_cast<std::uint64_t>(from) <= std::uint64_t{INT64_MAX};
            for (const auto& row : enumerators_of(static_cast<const Enum*>(nullptr)).rows)
                if (row.value == from && fits) return out.enumerator(row.name, static_cast<std::int64_t>(from));
            // Where others have names, one that is not listed has its digits for one, as in .NET.
            if (fits) return out.enumerator(std::to_string(static_cast<number_type>(from)), static_cast<std::int64_t>(from));
        }
        codec<number_type>::write(out, static_cast<number_type>(from));
    }

private:
    static bool read_digits(std::string_view name, Enum& into) {
        std::conditional_t<std::is_signed_v<number_type>, std::int64_t, std::uint64_t> number = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        into = static_cast<Enum>(number);
        const bool fits = static_cast<decltype(number)>(into) == number;
        return error == std::errc{} && end == name.data() + name.size() && fits;
    }
    static bool read_name(std::string_view name, Enum& into)
        requires detail::has_enumerators<Enum>
    {
        for (const auto& row : enumerators_of(static_cast<const Enum*>(nullptr)).rows) {
            if (row.name != name) continue;
            into = row.value;
            return true;
        }
        return read_digits(name, into);
    }
};

// Structs that name their fields.

template <class Struct>
    requires detail::has_fields<Struct>
struct codec<Struct> {
    /// A missing field keeps the member's default, unknown ones are skipped, and null is a struct of defaults.
    static bool read(value_reader& in, Struct& into) {
        into = Struct{};
        if (in.read_null()) return true;
        std::size_t count = 0;
        if (!in.enter_map(count)) return false;
        for (std::size_t index = 0; index < count; ++index)
            if (!read_field(in, in.key(), into)) return false;
        return true;
    }
    static void write(value_writer& out, const Struct& from) {
        constexpr auto list = fields_of(static_cast<const Struct*>(nullptr));
        out.begin_map(std::tuple_size_v<decltype(list)>);
        std::apply([&](const auto&... field) { (write_field(out, field, from), ...); }, list);
        out.end_map();
    }

private:
    template <class Field>
    using member_of = std::remove_cvref_t<decltype(std::declval<Struct&>().*(std::declval<const Field&>().member))>;

    static bool read_field(value_reader& in, std::string_view key, Struct& into) {
        constexpr auto list = fields_of(static_cast<const Struct*>(nullptr));
        bool known = false, fits = true;
        const auto try_field = [&](const auto& field) {
            if (known || !in.names(key, field.name)) return;
            known = true;
            fits = codec<member_of<decltype(field)>>::read(in, into.*field.member);
        };
        std::apply([&](const auto&... field) { (try_field(field), ...); }, list);
        if (!known) in.skip();
        return fits;
    }
    template <class Field>
    static void write_field(value_writer& out, const Field& field, const Struct& from) {
        out.field(field.name);
        codec<member_of<Field>>::write(out, from.*field.member);
    }
};

}  // namespace asignalr
