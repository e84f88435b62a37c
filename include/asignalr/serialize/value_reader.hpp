// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/serialize/ticks.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace asignalr {

namespace detail {
struct token;
}

/// What kind of value comes next. JSON has no bytes and times: there they are texts.
enum class value_kind : unsigned char {
    null,
    boolean,
    integer,
    unsigned_integer,
    number,
    text,
    list,
    map,
    bytes,
    time,
    unknown,  ///< What nobody can read, as an extension of MessagePack or a text of JSON that is no Unicode: it can only be skipped.
};

/// The encoding that values came in.
enum class value_encoding : unsigned char {
    json,         ///< Bytes, times and durations are texts.
    messagepack,  ///< They have forms of their own, and texts are not taken for them.
};

/// Walks over one value of a message, whatever its encoding. What a `codec` reads from.
///
/// Each reading function takes the next value if it has the form, and returns false if not: the call then fails to bind, and nothing
/// more need be read. Views are valid until the codec returns.
class ASIGNALR_API value_reader {
public:
    /// @param first       the first token of the value
    /// @param ignore_case whether field names match without regard to ASCII case
    explicit value_reader(
        const detail::token* first, value_encoding encoding = value_encoding::json, bool ignore_case = false) noexcept
        : next_(first), encoding_(encoding), ignore_case_(ignore_case) {}

    /// What comes next.
    value_kind kind() const noexcept;
    /// Takes a null, if one comes next.
    bool read_null() noexcept;
    /// True or false.
    bool read(bool& value) noexcept;
    /// Exact: `1.0`, text, and what does not fit are refused.
    bool read(std::int64_t& value) noexcept;
    /// The same, for what has no minus sign.
    bool read(std::uint64_t& value) noexcept;
    /// Any number.
    bool read(double& value) noexcept;
    /// Text in UTF-8.
    bool read(std::string_view& text) noexcept;
    /// Base64 text in JSON, binary in MessagePack.
    bool read(std::vector<std::byte>& bytes);
    /// ISO 8601 in JSON, a timestamp in MessagePack.
    bool read(tick_time& time) noexcept;
    /// The text of .NET's TimeSpan in JSON, the number of ticks in MessagePack.
    bool read(ticks& duration) noexcept;
    /// Enters a list; its `count` values come next.
    bool enter_list(std::size_t& count) noexcept;
    /// Enters a map whose keys are texts; `count` times a key() and a value come next.
    bool enter_map(std::size_t& count) noexcept;
    /// Takes a key.
    std::string_view key() noexcept;
    /// Whether a key names this field.
    bool names(std::string_view key, std::string_view field) const noexcept;
    /// Passes over one value.
    void skip() noexcept;

private:
    const detail::token* next_;
    value_encoding encoding_;
    bool ignore_case_;
};

}  // namespace asignalr
