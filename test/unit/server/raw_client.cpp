// SPDX-License-Identifier: MIT
#include "raw_client.hpp"

#include "../protocol/hexadecimal.hpp"
#include "net/memory_stream.hpp"

#include <asio/error.hpp>

#include <array>
#include <cstdint>
#include <utility>

namespace asignalr::detail {

std::string client_frame(std::string_view payload, unsigned first_byte) {
    constexpr std::array<unsigned char, 4> mask{0x37, 0xfa, 0x21, 0x3d};
    std::string frame(1, static_cast<char>(first_byte));
    const std::size_t size = payload.size();
    const int length_bytes = size < 126 ? 0 : size <= 0xffff ? 2 : 8;
    const std::size_t length = length_bytes == 0 ? size : length_bytes == 2 ? 126u : 127u;
    frame += static_cast<char>(0x80u | length);
    for (int index = length_bytes - 1; index >= 0; --index)
        frame += static_cast<char>(size >> (8 * index) & 0xff);
    for (const unsigned char byte : mask)
        frame += static_cast<char>(byte);
    for (std::size_t index = 0; index < size; ++index)
        frame += static_cast<char>(static_cast<unsigned char>(payload[index]) ^ mask[index & 3]);
    return frame;
}

std::string with_length(std::string_view message) {
    std::string bytes;
    std::size_t length = message.size();
    for (; length >= 0x80; length >>= 7)
        bytes += static_cast<char>((length & 0x7f) | 0x80);
    return (bytes += static_cast<char>(length)).append(message);
}

std::string upgrade_request(std::string_view target, std::string_view more_headers) {
    return "GET " + std::string(target) +
           " HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           std::string(more_headers) + "\r\n";
}

raw_client::raw_client(std::unique_ptr<memory_stream> stream) : stream_(std::move(stream)) {}
raw_client::raw_client(raw_client&& other) noexcept = default;
raw_client& raw_client::operator=(raw_client&& other) noexcept = default;
raw_client::~raw_client() = default;

std::size_t raw_client::write(std::string_view bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        const std::string_view rest = bytes.substr(written);
        const io_result result = stream_->write_some({&rest, 1});
        if (result.error) break;
        written += result.size;
    }
    return written;
}

void raw_client::send(std::string_view message) { write(client_frame(std::string(message) + record_end)); }
void raw_client::send_messagepack(std::string_view hexadecimal) { write(client_frame(messagepack_message(hexadecimal), 0x82)); }
std::string raw_client::messagepack_message(std::string_view hexadecimal) { return with_length(from_hexadecimal(hexadecimal)); }

bool raw_client::read() {
    std::array<char, 4096> buffer;
    bool some = false;
    while (!ended && !reset) {
        const io_result result = stream_->read_some(buffer.data(), buffer.size());
        if (result.would_block()) break;
        some = true;
        if (result.error)
            (result.error == asio::error::eof ? ended : reset) = true;
        else
            raw.append(buffer.data(), result.size);
    }
    take_apart();
    return some;
}

void raw_client::half_close() { stream_->shutdown_send(); }
void raw_client::leave() { stream_->close(); }
void raw_client::break_off() { stream_->reset(); }

std::string raw_client::take_messages() {
    std::string text;
    for (const std::string& message : std::exchange(messages, {}))
        text += message + "\n";
    return text;
}

void raw_client::take_apart() {
    if (head.empty()) {
        const std::size_t end = raw.find("\r\n\r\n");
        if (end == std::string::npos || !raw.starts_with("HTTP/1.1 101")) return;
        head = raw.substr(0, end + 4);
        raw.erase(0, end + 4);
    }
    while (take_frame()) {
    }
}

bool raw_client::take_frame() {
    if (raw.size() < 2) return false;
    const auto byte = [this](std::size_t at) { return static_cast<std::uint64_t>(static_cast<unsigned char>(raw[at])); };
    std::uint64_t size = byte(1);
    std::size_t header = 2;
    if (size >= 126) {
        header = size == 126 ? 4 : 10;
        if (raw.size() < header) return false;
        size = 0;
        for (std::size_t at = 2; at < header; ++at)
            size = size << 8 | byte(at);
    }
    if (raw.size() < header + size) return false;
    take_payload(static_cast<unsigned>(byte(0)), raw.substr(header, static_cast<std::size_t>(size)));
    raw.erase(0, header + static_cast<std::size_t>(size));
    return true;
}

void raw_client::take_payload(unsigned first_byte, const std::string& payload) {
    if (first_byte == 0x88) {
        close_code = static_cast<unsigned>(static_cast<unsigned char>(payload.at(0))) << 8 |
                     static_cast<unsigned char>(payload.at(1));
        return;
    }
    if (first_byte == 0x8a) return pongs.push_back(payload);
    bytes += payload;
    hub_bytes_ += payload;
    opcodes += static_cast<char>('0' + (first_byte & 0xf));
    if (has_lengths && shaken_) return take_messagepack();
    for (std::size_t end; (end = hub_bytes_.find(record_end)) != std::string::npos; hub_bytes_.erase(0, end + 1)) {
        const std::string message = hub_bytes_.substr(0, end);
        if (!std::exchange(shaken_, true) && has_lengths) {
            messages.push_back(message);
            hub_bytes_.erase(0, end + 1);
            return take_messagepack();
        }
        if (message == "{\"type\":6}")
            ++pings;
        else
            messages.push_back(message);
    }
}

// Their lengths are shorter than 16 KiB.
void raw_client::take_messagepack() {
    while (!hub_bytes_.empty()) {
        const auto byte = [this](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(hub_bytes_.at(at))); };
        const std::size_t prefix = byte(0) < 0x80 ? 1 : 2;
        const std::size_t size = prefix == 1 ? byte(0) : (byte(0) & 0x7f) | byte(1) << 7;
        if (hub_bytes_.size() < prefix + size) return;
        const std::string message = to_hexadecimal(std::string_view(hub_bytes_).substr(prefix, size));
        if (message == "9106")
            ++pings;
        else
            messages.push_back(message);
        hub_bytes_.erase(0, prefix + size);
    }
}

std::string invocation_message(std::string_view id, std::string_view target, std::string_view arguments, int type) {
    std::string text = "{\"type\":" + std::to_string(type);
    if (!id.empty()) text.append(",\"invocationId\":\"").append(id).append("\"");
    return text.append(",\"target\":\"").append(target).append("\",\"arguments\":[").append(arguments).append("]}");
}

std::string upload_invocation(std::string_view id, std::string_view target, std::string_view stream_id) {
    std::string text = invocation_message(id, target);
    text.pop_back();
    return text.append(",\"streamIds\":[\"").append(stream_id).append("\"]}");
}

std::string item_message(std::string_view stream_id, std::string_view item) {
    return "{\"type\":2,\"invocationId\":\"" + std::string(stream_id) + "\",\"item\":" + std::string(item) + "}";
}

std::string upload_end(std::string_view stream_id) {
    return "{\"type\":3,\"invocationId\":\"" + std::string(stream_id) + "\"}";
}

std::string cancel_message(std::string_view id) {
    return "{\"type\":5,\"invocationId\":\"" + std::string(id) + "\"}";
}

}  // namespace asignalr::detail
