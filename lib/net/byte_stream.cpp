// SPDX-License-Identifier: MIT
#include "net/byte_stream.hpp"

#include <asio/error.hpp>

namespace asignalr::detail {

bool io_result::would_block() const noexcept { return error == asio::error::would_block; }

}  // namespace asignalr::detail
