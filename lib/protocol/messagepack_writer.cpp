// SPDX-License-Identifier: MIT
#include "protocol/messagepack_writer.hpp"

#include <asignalr/serialize/error.hpp>

#include "protocol/msgpack.hpp"
#include "serialize/time_text.hpp"
#include "wire/utf8.hpp"

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <limits>

namespace asignalr::detail {
namespace {

/// Room for what stands in front of texts and lists, and for whole numbers.
struct head {
    std::array<char, 9> bytes{};
    std::size_t size = 0;

    void write(const char* from, std::size_t count) noexcept {
        std::memcpy(bytes.data() + size, from, count);
        size += count;
    }
};

// What `pack` packs.
template <class Pack>
head packed(Pack pack) {
    head made;
    msgpack::packer<head> packer(made);
    pack(packer);
    return made;
}

template <class Pack>
void append_packed(std::string& out, Pack pack) {
    const head made = packed(pack);
    out.append(made.bytes.data(), made.size);
}

// In one step if it is little: appending costs more than copying.
void append(std::string& out, const head& front, std::string_view behind) {
    constexpr std::size_t little = 64;
    if (behind.size() > little) {
        out.append(front.bytes.data(), front.size);
        out.append(behind);
        return;
    }
    std::array<char, sizeof front.bytes + little> all;
    std::memcpy(all.data(), front.bytes.data(), sizeof front.bytes);
    if (!behind.empty()) std::memcpy(all.data() + front.size, behind.data(), behind.size());
    out.append(all.data(), front.size + behind.size());
}

std::uint32_t length_of(std::size_t size) {
    if (size > std::numeric_limits<std::uint32_t>::max()) throw serialization_error("MessagePack has no form for 4 GiB and more");
    return static_cast<std::uint32_t>(size);
}

template <class Number>
void append_big_endian(std::string& out, Number number) {
    std::array<char, sizeof(Number)> bytes;
    for (std::size_t index = sizeof(Number); index-- > 0; number >>= 8)
        bytes[index] = static_cast<char>(number & 0xff);
    out.append(bytes.data(), bytes.size());
}

}  // namespace

void messagepack_writer::null() {
    append_packed(*out_, [](auto& packer) { packer.pack_nil(); });
}

void messagepack_writer::boolean(bool value) {
    append_packed(*out_, [value](auto& packer) { value ? packer.pack_true() : packer.pack_false(); });
}

void messagepack_writer::integer(std::int64_t value) {
    append_packed(*out_, [value](auto& packer) { packer.pack_int64(value); });
}

void messagepack_writer::unsigned_integer(std::uint64_t value) {
    append_packed(*out_, [value](auto& packer) { packer.pack_uint64(value); });
}

// Without msgpack-c, which writes 1.0 as an integer; .NET does not.
void messagepack_writer::number(double value) {
    *out_ += '\xcb';
    append_big_endian(*out_, std::bit_cast<std::uint64_t>(value));
}

void messagepack_writer::short_number(float value) {
    *out_ += '\xca';
    append_big_endian(*out_, std::bit_cast<std::uint32_t>(value));
}

void messagepack_writer::text(std::string_view value) {
    // Readers may refuse the whole message for what is no UTF-8.
    if (!is_ascii(value) && !is_valid_utf8(value)) return text(replace_broken_utf8(value));
    const std::uint32_t size = length_of(value.size());
    append(*out_, packed([size](auto& packer) { packer.pack_str(size); }), value);
}

void messagepack_writer::bytes(std::span<const std::byte> value) {
    const std::uint32_t size = length_of(value.size());
    const auto* const data = reinterpret_cast<const char*>(value.data());
    append(*out_, packed([size](auto& packer) { packer.pack_bin(size); }), {data, size});
}

// MessagePack specification, "Timestamp extension type": the shortest of its three forms.
void messagepack_writer::time(tick_time value) {
    if (!has_time_text(value)) throw serialization_error("a time outside the years 1 to 9999 has no form in .NET");
    const auto whole = std::chrono::floor<std::chrono::seconds>(value);
    const auto seconds = static_cast<std::uint64_t>(whole.time_since_epoch().count());
    const auto nanoseconds = static_cast<std::uint64_t>((value - whole).count()) * 100;
    const std::uint64_t both = nanoseconds << 34 | seconds;
    if (seconds >> 34 != 0) {
        *out_ += "\xc7\x0c\xff";
        append_big_endian(*out_, static_cast<std::uint32_t>(nanoseconds));
        append_big_endian(*out_, seconds);
    } else if (both >> 32 != 0) {
        *out_ += "\xd7\xff";
        append_big_endian(*out_, both);
    } else {
        *out_ += "\xd6\xff";
        append_big_endian(*out_, static_cast<std::uint32_t>(both));
    }
}

void messagepack_writer::duration(ticks value) { integer(value.count()); }

void messagepack_writer::enumerator(std::string_view name, std::int64_t) { text(name); }

void messagepack_writer::begin_list(std::size_t count) {
    const std::uint32_t size = length_of(count);
    append_packed(*out_, [size](auto& packer) { packer.pack_array(size); });
}

void messagepack_writer::begin_map(std::size_t count) {
    const std::uint32_t size = length_of(count);
    append_packed(*out_, [size](auto& packer) { packer.pack_map(size); });
}

}  // namespace asignalr::detail
