// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/serialize/value_writer.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// Appends a JSON string in quotes, escaped as .NET's relaxed encoder does.
/// `before` and `behind` are JSON already.
void append_json_text(std::string& out, std::string_view before, std::string_view text, std::string_view behind);

/// Appends a number as .NET does: the shortest form that reads back, `1E-07`, `1E+21`, `-0`.
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, float value);

/// Writes JSON values one after the other, with commas where they belong. Bound to a text with begin(). What nests deeper than a reader
/// may go is a serialization_error.
class json_writer final : public value_writer {
public:
    explicit json_writer(bool camel_case) noexcept : camel_case_(camel_case) {}

    /// @param depth how many lists and maps the values stand in
    void begin(std::string& out, std::size_t depth = 0) noexcept {
        out_ = &out;
        needs_comma_ = false;
        depth_ = depth;
    }

    void null() override;
    void boolean(bool value) override;
    void integer(std::int64_t value) override;
    void unsigned_integer(std::uint64_t value) override;
    void number(double value) override;
    void short_number(float value) override;
    void text(std::string_view value) override;
    void bytes(std::span<const std::byte> value) override;
    void time(tick_time value) override;
    void duration(ticks value) override;
    void enumerator(std::string_view name, std::int64_t number) override;
    void begin_list(std::size_t count) override;
    void end_list() override;
    void begin_map(std::size_t count) override;
    void key(std::string_view name) override;
    void field(std::string_view name) override;
    void end_map() override;

private:
    void separate() {
        if (needs_comma_) out_->push_back(',');
        needs_comma_ = true;
    }

    void open(char bracket);
    void close(char bracket) {
        *out_ += bracket;
        needs_comma_ = true;
        --depth_;
    }

    std::string* out_ = nullptr;
    std::size_t depth_ = 0;
    bool needs_comma_ = false;
    bool camel_case_;
};

}  // namespace asignalr::detail
