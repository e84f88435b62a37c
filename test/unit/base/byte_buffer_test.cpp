// SPDX-License-Identifier: MIT
#include "base/byte_buffer.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <unistd.h>

namespace asignalr::detail {
namespace {

std::string some_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    for (std::size_t index = 0; index < size; ++index)
        bytes[index] = static_cast<char>(index * 7 + index / 251);
    return bytes;
}

std::size_t resident_bytes() {
    std::ifstream pages("/proc/self/statm");
    std::size_t all = 0, resident = 0;
    pages >> all >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(byte_buffer, keeps_what_is_appended_at_every_size) {
    for (const std::size_t piece : {1u, 255u, 256u, 4096u, 16384u, 65535u, 65536u, 65537u}) {
        const std::string bytes = some_bytes(piece);
        byte_buffer kept;
        std::string expected;
        while (expected.size() < 300'000 && expected.size() < 500 * piece) {
            kept.append(bytes);
            expected += bytes;
        }
        EXPECT_TRUE(kept.view() == expected) << piece;
        EXPECT_EQ(kept.size(), expected.size());
    }
}

TEST(byte_buffer, forgets_its_front) {
    for (const std::size_t size : {10u, 1000u, 200'000u}) {
        const std::string bytes = some_bytes(size);
        byte_buffer kept(bytes);
        kept.erase_front(0);
        EXPECT_TRUE(kept.view() == bytes);
        kept.erase_front(size - 9);
        EXPECT_EQ(kept.view(), bytes.substr(size - 9));
        kept.append("more");
        EXPECT_EQ(kept.view(), bytes.substr(size - 9) + "more");
        kept.erase_front(13);
        EXPECT_TRUE(kept.empty());
        EXPECT_EQ(kept.data(), nullptr);
    }
}

TEST(byte_buffer, moves_and_swaps) {
    byte_buffer small(std::string_view("small")), large(some_bytes(100'000));
    small.swap(large);
    EXPECT_EQ(large.view(), "small");
    byte_buffer moved = std::move(small);
    EXPECT_TRUE(small.empty());
    EXPECT_TRUE(moved.view() == some_bytes(100'000));
    moved = std::move(large);
    EXPECT_EQ(moved.view(), "small");
    moved.append({});
    EXPECT_EQ(moved.view(), "small");
    EXPECT_EQ(byte_buffer().view(), "");
}

TEST(byte_buffer, gives_what_was_large_back_to_the_system) {
    constexpr std::size_t size = 32 * 1024 * 1024;
    const std::string piece = some_bytes(16 * 1024);
    byte_buffer before_large(piece);
    const std::size_t before = resident_bytes();
    byte_buffer large;
    while (large.size() < size)
        large.append(piece);
    byte_buffer above_large(piece);  // what is still in use above it must not pin it
    EXPECT_GE(resident_bytes(), before + size);
    large.release();
    EXPECT_LT(resident_bytes(), before + size / 8);
}

TEST(byte_buffer, gives_back_what_its_front_took) {
    constexpr std::size_t size = 32 * 1024 * 1024;
    const std::size_t before = resident_bytes();
    const std::string piece = some_bytes(16 * 1024);
    byte_buffer kept;
    while (kept.size() < size)
        kept.append(piece);
    kept.append("rest");
    kept.erase_front(size);
    EXPECT_EQ(kept.view(), "rest");
    EXPECT_LT(resident_bytes(), before + size / 8);
}

}  // namespace
}  // namespace asignalr::detail
