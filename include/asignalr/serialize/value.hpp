// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace asignalr {

/// Whatever a client may send, for parameters and results that have no type of their own.
///
/// Integers are exact in all of int64 and uint64. Bytes are what a MessagePack client sent as binary; JSON has only text.
class ASIGNALR_API value {
public:
    using list = std::vector<value>;            ///< An array.
    using map = std::map<std::string, value>;   ///< An object or a dictionary.
    using bytes = std::vector<std::byte>;       ///< Binary.
    /// All that a value can be. An integer is an int64 where it fits, else a uint64.
    using content_type =
        std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string, bytes, list, map>;

    /// Null.
    value() noexcept : content_(nullptr) {}
    /// Whatever is given: null, bool, an integer, a number, text in UTF-8, bytes, a list or a map. Implicit, so that lists and maps can be
    /// written down.
    value(std::nullptr_t) noexcept : content_(nullptr) {}
    template <std::same_as<bool> Bool>
    value(Bool content) noexcept : content_(content) {}
    /// An integer of any type, kept as an int64 where it fits, else as a uint64.
    template <std::signed_integral Integer>
    value(Integer content) noexcept : content_(static_cast<std::int64_t>(content)) {}
    template <std::unsigned_integral Integer>
        requires(!std::same_as<Integer, bool>)
    value(Integer content) noexcept {
        if (std::in_range<std::int64_t>(content))
            content_ = static_cast<std::int64_t>(content);
        else
            content_ = static_cast<std::uint64_t>(content);
    }
    /// A number; NaN and infinity have no form in JSON.
    value(double content) noexcept : content_(content) {}
    /// Text in UTF-8.
    value(const char* content) : content_(std::string(content)) {}
    value(std::string_view content) : content_(std::string(content)) {}
    value(std::string content) : content_(std::move(content)) {}
    /// Binary: in JSON it is written as base64.
    value(bytes content) : content_(std::move(content)) {}
    /// A list.
    value(list content) : content_(std::move(content)) {}
    /// A map.
    value(map content) : content_(std::move(content)) {}

    /// What it is.
    const content_type& content() const noexcept { return content_; }
    /// What it is, to change it.
    content_type& content() noexcept { return content_; }
    /// Whether it is null.
    bool is_null() const noexcept { return std::holds_alternative<std::nullptr_t>(content_); }
    /// What it is if it is a `Type`, else null: `v.get_if<std::string>()`.
    template <class Type>
    const Type* get_if() const noexcept {
        return std::get_if<Type>(&content_);
    }

    friend bool operator==(const value&, const value&) = default;

private:
    content_type content_;
};

}  // namespace asignalr
