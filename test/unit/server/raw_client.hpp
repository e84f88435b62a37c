// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

class memory_stream;

inline constexpr char record_end = '\x1e';
inline constexpr std::string_view json_handshake = "{\"protocol\":\"json\",\"version\":1}\x1e";
inline constexpr std::string_view messagepack_handshake = "{\"protocol\":\"messagepack\",\"version\":1}\x1e";

/// One frame as a client sends it: final and masked.
std::string client_frame(std::string_view payload, unsigned first_byte = 0x81);

/// A MessagePack message with its length in front of it.
std::string with_length(std::string_view message);

/// A request that opens a WebSocket on `target`, with the key of RFC 6455.
std::string upgrade_request(std::string_view target, std::string_view more_headers = {});

/// The peer of one connection, by hand: it writes what a test says, right or wrong, and takes apart what it gets.
class raw_client {
public:
    explicit raw_client(std::unique_ptr<memory_stream> stream);
    raw_client(raw_client&& other) noexcept;
    raw_client& operator=(raw_client&& other) noexcept;
    ~raw_client();

    /// Returns how much the server's end took.
    std::size_t write(std::string_view bytes);
    /// One hub message in a frame of its own.
    void send(std::string_view message);
    /// One MessagePack message, in hexadecimal and without its length, in a frame of its own.
    void send_messagepack(std::string_view hexadecimal);
    /// The same without the frame.
    static std::string messagepack_message(std::string_view hexadecimal);
    /// Takes what has arrived; returns whether that was anything.
    bool read();
    void half_close();
    void leave();
    void break_off();
    memory_stream& stream() { return *stream_; }

    /// Ended or broken: the server has let go of it.
    bool is_over() const noexcept { return ended || reset; }
    /// The messages since the last call, one a line; pings are left out.
    std::string take_messages();

    std::string raw;                    ///< What was not taken apart yet.
    std::string head;                   ///< The answer to the upgrade.
    std::string bytes;                  ///< Payloads of data frames.
    std::vector<std::string> messages;  ///< Hub messages without their separator, pings left out.
    bool has_lengths = false;           ///< The hub messages behind the handshake are MessagePack: shown in hexadecimal.
    std::string opcodes;                ///< Of the frames with hub messages.
    std::vector<std::string> pongs;     ///< Payloads of pong frames.
    std::size_t pings = 0;              ///< Hub pings.
    unsigned close_code = 0;            ///< Of the WebSocket Close frame; 0: none came.
    bool ended = false;                 ///< The server has shut its half.
    bool reset = false;

private:
    void take_apart();
    bool take_frame();
    void take_payload(unsigned first_byte, const std::string& payload);
    void take_messagepack();

    std::unique_ptr<memory_stream> stream_;
    std::string hub_bytes_;
    bool shaken_ = false;  // the answer to the handshake has come
};

/// A call in JSON; `id` empty: nobody waits for it.
std::string invocation_message(std::string_view id, std::string_view target, std::string_view arguments = "", int type = 1);
std::string upload_invocation(std::string_view id, std::string_view target, std::string_view stream_id);
std::string item_message(std::string_view stream_id, std::string_view item);
std::string upload_end(std::string_view stream_id);
std::string cancel_message(std::string_view id);

}  // namespace asignalr::detail
