// SPDX-License-Identifier: MIT
#pragma once

#include "wire/http_head.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace asignalr::detail {

struct http_limits {
    std::size_t request_line = 8 * 1024;
    std::size_t header_bytes = 32 * 1024;
    std::size_t header_count = 100;
};

/// Takes the head of a request apart (RFC 9112), byte by byte and never twice.
///
/// Strict on purpose: whatever a proxy in front might read differently is refused, so that one request in is one request seen.
/// Call parse() with what arrived until it is complete or failed, then take head() and reset() for the next request.
class http_request_parser {
public:
    enum class state { incomplete, complete, failed };

    explicit http_request_parser(http_limits limits) noexcept : limits_(limits) {}

    /// Takes bytes up to the end of the head; `consumed` tells how many.
    state parse(std::string_view bytes, std::size_t& consumed);

    request_head& head() noexcept { return head_; }
    /// Whether a byte of the request has been seen.
    bool started() const noexcept { return started_; }
    int error_status() const noexcept { return error_status_; }
    std::string_view error_text() const noexcept { return error_text_; }
    void reset();

private:
    bool take_line();
    bool take_request_line(std::string_view line);
    bool take_method(std::string_view method);
    bool take_target(std::string_view target);
    bool take_header(std::string_view line);
    bool finish();
    bool check_host();
    bool check_length();
    bool check_transfer_encoding();
    bool check_connection();
    bool fail(int status, std::string_view text) noexcept;
    std::size_t line_limit() const noexcept;

    http_limits limits_;
    request_head head_;
    std::string line_;         // the line that is being read
    std::string authority_;    // of a target in absolute form
    std::size_t header_bytes_ = 0;
    std::string_view error_text_;
    int error_status_ = 0;
    bool started_ = false;
    bool in_headers_ = false;
    bool carriage_return_ = false;  // the last byte was CR
    bool skipped_empty_line_ = false;
    bool done_ = false;
};

}  // namespace asignalr::detail
