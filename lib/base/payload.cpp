// SPDX-License-Identifier: MIT
#include "base/payload.hpp"

#include <cassert>
#include <cstring>
#include <new>

namespace asignalr::detail {

payload payload::make(std::string_view header, std::string_view message, transfer_format format) {
    assert(header.size() <= header_room);
    void* memory = ::operator new(sizeof(block) + header_room + message.size());
    payload made;
    made.block_ = ::new (memory) block;
    made.block_->header_size = static_cast<std::uint8_t>(header.size());
    made.block_->format = format;
    made.block_->message_size = message.size();
    char* start = reinterpret_cast<char*>(made.block_ + 1) + header_room;
    std::memcpy(start - header.size(), header.data(), header.size());
    std::memcpy(start, message.data(), message.size());
    return made;
}

void payload::release() noexcept {
    if (block_ == nullptr || block_->owners.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    block_->~block();
    ::operator delete(block_);
}

}  // namespace asignalr::detail
