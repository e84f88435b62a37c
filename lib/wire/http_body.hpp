// SPDX-License-Identifier: MIT
#pragma once

#include "wire/http_head.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// Takes a request's body out of the stream, by its length or chunk by chunk (RFC 9112 sections 6 and 7.1). Trailers are dropped.
class body_decoder {
public:
    enum class state { incomplete, complete, malformed, too_large };

    body_decoder(const request_head& head, std::size_t limit) noexcept;

    /// Appends what arrived to `out`; `consumed` tells how many bytes belonged to the body.
    state feed(std::string_view bytes, std::size_t& consumed, std::string& out);

private:
    enum class step : std::uint8_t { data, size_line, chunk, chunk_end, trailer };

    state feed_sized(std::string_view bytes, std::size_t& consumed, std::string& out);
    state feed_chunked(std::string_view bytes, std::size_t& consumed, std::string& out);
    bool take_line(std::string_view bytes, std::size_t& consumed, std::size_t longest);  // true: line_ is complete
    state take_size_line();
    state take_chunk(std::string_view bytes, std::size_t& consumed, std::string& out);

    std::size_t limit_;
    std::uint64_t remaining_;
    std::size_t total_ = 0;
    std::size_t trailer_bytes_ = 0;
    std::string line_;
    step step_;
    bool carriage_return_ = false;
    bool malformed_ = false;
    bool line_done_ = false;
};

}  // namespace asignalr::detail
