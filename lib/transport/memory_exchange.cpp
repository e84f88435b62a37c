// SPDX-License-Identifier: MIT
#include "transport/memory_exchange.hpp"

#include "net/added_headers.hpp"

#include <stdexcept>

namespace asignalr::detail {
namespace {

// Asked for by the transports of a network only, and by a lane that is not the connection's.
[[noreturn]] void refuse_stream() { throw std::logic_error("asignalr: a request in memory has no stream to answer on"); }

}  // namespace

memory_exchange::memory_exchange(lane& where, http_request request, std::unique_ptr<transport> opens)
    : lane_(where), request_(std::move(request)), opens_(std::move(opens)) {}

void memory_exchange::add_headers(http_headers headers) {
    add_headers_behind(headers, headers_);
    headers_ = std::move(headers);
}

void memory_exchange::respond(http_response response) {
    add_headers_behind(response, headers_);
    answer_ = std::move(response);
}

streamed_answer memory_exchange::stream_response(const http_response&) { refuse_stream(); }

upgraded_stream memory_exchange::upgrade() { refuse_stream(); }

}  // namespace asignalr::detail
