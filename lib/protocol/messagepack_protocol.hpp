// SPDX-License-Identifier: MIT
#pragma once

#include "protocol/hub_protocol.hpp"
#include "protocol/messagepack_writer.hpp"

namespace asignalr::detail {

/// Hub messages as MessagePack lists, each behind its length (HubProtocol specification, "MessagePack (MsgPack) encoding").
class messagepack_protocol final : public hub_protocol {
public:
    protocol_kind kind() const noexcept override { return protocol_kind::messagepack; }
    std::string_view name() const noexcept override { return "messagepack"; }
    transfer_format format() const noexcept override { return transfer_format::binary; }
    message_extent find_message(std::string_view bytes, std::size_t known) const noexcept override;
    parse_result parse(std::string_view message, tape& values, hub_message& into) override;
    /// The same for everything that scan_messagepack() leaves alone. `message` without its length.
    static parse_result parse_generally(std::string_view message, tape& values, hub_message& into);

    value_writer& begin_invocation(std::string& out, std::string_view target, std::size_t argument_count) override;
    void end_invocation() override;
    value_writer& begin_stream_item(std::string& out, std::string_view invocation_id) override;
    void end_stream_item() override;
    value_writer& begin_result(std::string& out, std::string_view invocation_id) override;
    void end_result() override;
    void write_error(std::string& out, std::string_view invocation_id, std::string_view error) override;
    void write_stream_end(std::string& out, std::string_view invocation_id) override;
    std::string_view ping() const noexcept override { return "\x02\x91\x06"; }
    void write_close(std::string& out, std::string_view error, bool allow_reconnect) override;
    value_writer& begin_call(std::string& out, const outgoing_call& what) override;
    void end_call(const outgoing_call& what) override;
    void write_cancel(std::string& out, std::string_view invocation_id) override;

private:
    void begin(std::string& out, std::string_view items);
    void begin_completion(std::string& out, std::string_view invocation_id, char kind);
    void end();

    messagepack_writer writer_;
    std::string* out_ = nullptr;  // of the message that is being written
    std::size_t start_ = 0;       // where in it the message stands
};

}  // namespace asignalr::detail
