// SPDX-License-Identifier: MIT
#include "protocol/messagepack_protocol.hpp"

#include "protocol/error_text.hpp"
#include "protocol/messagepack_envelope.hpp"
#include "protocol/messagepack_reader.hpp"
#include "protocol/messagepack_scanner.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace asignalr::detail {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t longest_prefix = 5;  // bytes of a length; seven bits each, the lowest first

std::size_t prefix_size(std::string_view message) noexcept {
    std::size_t size = 1;
    while ((static_cast<unsigned char>(message[size - 1]) & 0x80) != 0)
        ++size;
    return size;
}

}  // namespace

message_extent messagepack_protocol::find_message(std::string_view bytes, std::size_t) const noexcept {
    std::uint64_t length = 0;
    for (std::size_t index = 0; index < longest_prefix; ++index) {
        if (index == bytes.size()) return {};
        const auto byte = static_cast<unsigned char>(bytes[index]);
        length |= std::uint64_t{byte & 0x7fu} << (7 * index);
        if ((byte & 0x80) != 0) continue;
        if (length > 0x7fff'ffff) break;
        return {static_cast<std::size_t>(length) + index + 1, false};
    }
    return {0, true};
}

parse_result messagepack_protocol::parse(std::string_view message, tape& values, hub_message& into) {
    message.remove_prefix(prefix_size(message));
    into = {};
    if (scan_messagepack(message, values, into)) return {};
    return parse_generally(message, values, into);
}

parse_result messagepack_protocol::parse_generally(std::string_view message, tape& values, hub_message& into) {
    into = {};
    const messagepack_reading reading = read_messagepack_message(message, values);
    if (reading.too_many_values) return {parse_result::outcome::failed, std::string(values_exceeded)};
    return read_messagepack_envelope(values, reading, into);
}

// ---- writing

// The length is known at the end. Most need one byte.
void messagepack_protocol::begin(std::string& out, std::string_view items) {
    out_ = &out;
    start_ = out.size();
    out.append(items);
    writer_.begin(out);
}

void messagepack_protocol::end() {
    std::size_t length = out_->size() - start_ - 1;
    if (length < 0x80) {
        (*out_)[start_] = static_cast<char>(length);
        return;
    }
    std::array<char, 10> prefix;  // for any size_t
    std::size_t size = 0;
    for (; length >= 0x80; length >>= 7)
        prefix[size++] = static_cast<char>((length & 0x7f) | 0x80);
    prefix[size++] = static_cast<char>(length);
    out_->replace(start_, 1, prefix.data(), size);
}

// In one step for the ids that clients make up: most of what a server writes begins so.
void messagepack_protocol::begin_completion(std::string& out, std::string_view invocation_id, char kind) {
    constexpr std::size_t most = 31;
    const std::string_view items = kind == '\x02' ? "\0\x94\x03\x80"sv : "\0\x95\x03\x80"sv;
    if (invocation_id.size() > most) {
        begin(out, items);
        writer_.text(invocation_id);
        out += kind;
        return;
    }
    std::array<char, 4 + 1 + most + 1> front;
    std::memcpy(front.data(), items.data(), 4);
    front[4] = static_cast<char>(0xa0 | invocation_id.size());
    if (!invocation_id.empty()) std::memcpy(front.data() + 5, invocation_id.data(), invocation_id.size());
    front[5 + invocation_id.size()] = kind;
    begin(out, {front.data(), invocation_id.size() + 6});
}

value_writer& messagepack_protocol::begin_invocation(std::string& out, std::string_view target, std::size_t argument_count) {
    begin(out, "\0\x96\x01\x80\xc0"sv);
    writer_.text(target);
    writer_.begin_list(argument_count);
    return writer_;
}

void messagepack_protocol::end_invocation() {
    writer_.begin_list(0);  // streams that the server would send with the call
    end();
}

value_writer& messagepack_protocol::begin_stream_item(std::string& out, std::string_view invocation_id) {
    begin(out, "\0\x94\x02\x80"sv);
    writer_.text(invocation_id);
    return writer_;
}

void messagepack_protocol::end_stream_item() { end(); }

value_writer& messagepack_protocol::begin_result(std::string& out, std::string_view invocation_id) {
    begin_completion(out, invocation_id, '\x03');
    return writer_;
}

void messagepack_protocol::end_result() { end(); }

void messagepack_protocol::write_error(std::string& out, std::string_view invocation_id, std::string_view error) {
    begin_completion(out, invocation_id, '\x01');
    writer_.text(error);
    end();
}

void messagepack_protocol::write_stream_end(std::string& out, std::string_view invocation_id) {
    begin_completion(out, invocation_id, '\x02');
    end();
}

void messagepack_protocol::write_close(std::string& out, std::string_view error, bool allow_reconnect) {
    begin(out, "\0\x93\x07"sv);
    if (error.empty())
        writer_.null();
    else
        writer_.text(error);
    writer_.boolean(allow_reconnect);
    end();
}

value_writer& messagepack_protocol::begin_call(std::string& out, const outgoing_call& what) {
    begin(out, what.type == message_type::stream_invocation ? "\0\x96\x04\x80"sv : "\0\x96\x01\x80"sv);
    if (what.invocation_id.empty())
        writer_.null();
    else
        writer_.text(what.invocation_id);
    writer_.text(what.target);
    writer_.begin_list(what.argument_count);
    return writer_;
}

void messagepack_protocol::end_call(const outgoing_call& what) {
    writer_.begin_list(what.stream_ids.size());
    for (const std::string& id : what.stream_ids)
        writer_.text(id);
    end();
}

void messagepack_protocol::write_cancel(std::string& out, std::string_view invocation_id) {
    begin(out, "\0\x93\x05\x80"sv);
    writer_.text(invocation_id);
    end();
}

}  // namespace asignalr::detail
