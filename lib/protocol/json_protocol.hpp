// SPDX-License-Identifier: MIT
#pragma once

#include "protocol/hub_protocol.hpp"
#include "protocol/json_writer.hpp"

namespace asignalr::detail {

/// Ends every JSON hub message and both handshake messages (HubProtocol specification, "JSON Encoding").
inline constexpr char record_separator = '\x1e';

/// Hub messages as JSON texts.
class json_protocol final : public hub_protocol {
public:
    explicit json_protocol(bool camel_case_names, bool ignore_case_of_names = true) noexcept
        : writer_(camel_case_names), ignore_case_(ignore_case_of_names) {}

    protocol_kind kind() const noexcept override { return protocol_kind::json; }
    std::string_view name() const noexcept override { return "json"; }
    transfer_format format() const noexcept override { return transfer_format::text; }
    message_extent find_message(std::string_view bytes, std::size_t known) const noexcept override;
    parse_result parse(std::string_view message, tape& values, hub_message& into) override;
    /// The same for everything that scan_envelope() leaves alone. `message` without its separator.
    static parse_result parse_generally(std::string_view message, tape& values, hub_message& into);

    value_writer& begin_invocation(std::string& out, std::string_view target, std::size_t argument_count) override;
    void end_invocation() override;
    value_writer& begin_stream_item(std::string& out, std::string_view invocation_id) override;
    void end_stream_item() override;
    value_writer& begin_result(std::string& out, std::string_view invocation_id) override;
    void end_result() override;
    void write_error(std::string& out, std::string_view invocation_id, std::string_view error) override;
    void write_stream_end(std::string& out, std::string_view invocation_id) override;
    std::string_view ping() const noexcept override { return "{\"type\":6}\x1e"; }
    void write_close(std::string& out, std::string_view error, bool allow_reconnect) override;
    value_writer& begin_call(std::string& out, const outgoing_call& what) override;
    void end_call(const outgoing_call& what) override;
    void write_cancel(std::string& out, std::string_view invocation_id) override;

private:
    json_writer writer_;
    bool ignore_case_;
    std::string* out_ = nullptr;  // of the message that is being written
};

}  // namespace asignalr::detail
