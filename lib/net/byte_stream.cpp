// SPDX-License-Identifier: MIT
#include "net/byte_stream.hpp"

#include <asio/error.hpp>

#include <utility>

namespace asignalr::detail {

bool io_result::would_block() const noexcept { return error == asio::error::would_block; }

byte_stream::~byte_stream() { let_go(); }

void byte_stream::count_in(std::shared_ptr<counter> open_streams) noexcept {
    count_out();
    counted_in_ = std::move(open_streams);
    counted_in_->add();
}

void byte_stream::let_go() noexcept {
    count_out();
    kept_.reset();
}

void byte_stream::take_over(byte_stream& from) noexcept {
    from.count_out();
    kept_ = std::move(from.kept_);
}

void byte_stream::count_out() noexcept {
    if (const auto left = std::exchange(counted_in_, nullptr)) left->subtract();
}

}  // namespace asignalr::detail
