// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/serialize/value_writer.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// Writes MessagePack values one after the other, each in its shortest form. Bound to a buffer with begin().
class messagepack_writer final : public value_writer {
public:
    void begin(std::string& out) noexcept { out_ = &out; }

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
    void end_list() override {}
    void begin_map(std::size_t count) override;
    void key(std::string_view name) override { text(name); }
    void field(std::string_view name) override { text(name); }
    void end_map() override {}

private:
    std::string* out_ = nullptr;
};

}  // namespace asignalr::detail
