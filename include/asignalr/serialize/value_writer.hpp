// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/serialize/ticks.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace asignalr {

/// Takes one value, piece by piece, and writes it in the encoding of a hub protocol. What a `codec` writes to.
///
/// A list is `begin_list(n)`, n values, `end_list()`; a map is `begin_map(n)`, n times a `key` and a value, `end_map()`. A codec
/// writes exactly one value, and sends nothing to clients meanwhile.
class ASIGNALR_API value_writer {
public:
    value_writer() = default;
    value_writer(const value_writer&) = delete;
    value_writer& operator=(const value_writer&) = delete;
    virtual ~value_writer();

    /// Null: a value that is missing.
    virtual void null() = 0;
    /// True or false.
    virtual void boolean(bool value) = 0;
    /// An integer.
    virtual void integer(std::int64_t value) = 0;
    /// An integer that may be beyond int64.
    virtual void unsigned_integer(std::uint64_t value) = 0;
    /// A number.
    /// @throws serialization_error for NaN and infinity where the encoding has no form for them (JSON)
    virtual void number(double value) = 0;
    /// A `float`: in MessagePack it takes four bytes instead of eight, in JSON as few digits as a `float` needs.
    virtual void short_number(float value) { number(static_cast<double>(value)); }
    /// Text.
    /// @param value UTF-8
    virtual void text(std::string_view value) = 0;
    /// Base64 in JSON, binary in MessagePack.
    virtual void bytes(std::span<const std::byte> value) = 0;
    /// A point in time: ISO 8601 in UTC in JSON, a timestamp in MessagePack.
    /// @throws serialization_error outside the years 1 to 9999
    virtual void time(tick_time value) = 0;
    /// The text of .NET's TimeSpan in JSON, the number of ticks in MessagePack.
    virtual void duration(ticks value) = 0;
    /// A listed enumerator: its number in JSON, its name in MessagePack, as .NET writes them.
    virtual void enumerator(std::string_view name, std::int64_t number) = 0;
    /// Begins a list.
    /// @param count how many values follow before end_list()
    /// @throws serialization_error in JSON where its message would nest deeper than 64
    virtual void begin_list(std::size_t count) = 0;
    /// Ends the list that was begun last.
    virtual void end_list() = 0;
    /// Begins a map.
    /// @param count how many pairs of a key() or field() and a value follow before end_map()
    /// @throws serialization_error as begin_list()
    virtual void begin_map(std::size_t count) = 0;
    /// The key of a dictionary: written as it is.
    virtual void key(std::string_view name) = 0;
    /// The name of a struct's field: written as it is, or in JSON in camelCase if the hub asks for it.
    virtual void field(std::string_view name) = 0;
    /// Ends the map that was begun last.
    virtual void end_map() = 0;
};

}  // namespace asignalr
