// SPDX-License-Identifier: MIT
#include "base/byte_buffer.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/mman.h>

namespace asignalr::detail {
namespace {

constexpr std::size_t first_capacity = 256;

char* map(std::size_t size) noexcept {
    void* pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? nullptr : static_cast<char*>(pages);
}

// Pages that can be moved keep their bytes without a copy; only Linux can.
char* remap(char* pages, std::size_t size, std::size_t wanted) noexcept {
#ifdef MREMAP_MAYMOVE
    void* moved = ::mremap(pages, size, wanted, MREMAP_MAYMOVE);
    return moved == MAP_FAILED ? nullptr : static_cast<char*>(moved);
#else
    char* const moved = map(wanted);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, pages, std::min(size, wanted));
    ::munmap(pages, size);
    return moved;
#endif
}

}  // namespace

void byte_buffer::append(std::string_view bytes) {
    if (bytes.empty()) return;
    if (bytes.size() > capacity_ - size_) grow(size_ + bytes.size());
    std::memcpy(bytes_ + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
}

void byte_buffer::grow(std::size_t least) {
    const std::size_t wanted = std::max({least, 2 * capacity_, first_capacity});
    char* grown = nullptr;
    if (capacity_ >= large) {
        grown = remap(bytes_, capacity_, wanted);
    } else if (wanted < large) {
        grown = static_cast<char*>(std::realloc(bytes_, wanted));
    } else if ((grown = map(wanted)) != nullptr) {
        if (size_ > 0) std::memcpy(grown, bytes_, size_);
        std::free(bytes_);
    }
    if (grown == nullptr) throw std::bad_alloc();
    bytes_ = grown;
    capacity_ = wanted;
}

void byte_buffer::erase_front(std::size_t count) noexcept {
    if (count >= size_) return release();
    size_ -= count;
    const bool is_far_too_large = capacity_ >= large && size_ < large / 4;
    if (!is_far_too_large || !move_to_small(bytes_ + count)) std::memmove(bytes_, bytes_ + count, size_);
}

// The start of the next message is not to hold the pages of the last one.
bool byte_buffer::move_to_small(const char* bytes) noexcept {
    const std::size_t wanted = std::max(size_, first_capacity);
    char* const small = static_cast<char*>(std::malloc(wanted));
    if (small == nullptr) return false;
    std::memcpy(small, bytes, size_);
    ::munmap(bytes_, capacity_);
    bytes_ = small;
    capacity_ = wanted;
    return true;
}

void byte_buffer::release() noexcept {
    if (capacity_ >= large)
        ::munmap(bytes_, capacity_);
    else
        std::free(bytes_);
    bytes_ = nullptr;
    size_ = capacity_ = 0;
}

}  // namespace asignalr::detail
