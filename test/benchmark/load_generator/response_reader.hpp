// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace benchmark {

// Reads HTTP answers on one connection, one after the other.
class response_reader {
public:
    // Reads as far as the end of one answer; returns what is left.
    std::string_view feed(std::string_view bytes);

    bool has_head() const { return expected_ != part::head; }
    bool is_complete() const { return expected_ == part::nothing; }
    // Once there is a head.
    int status() const;
    const std::string& head() const { return head_; }

    // What has come of the body since it was asked for last.
    std::string take_body() { return std::exchange(body_, {}); }

    // Ready for the next answer.
    void next();

private:
    enum class part { head, body, chunk_size, chunk, chunk_end, trailer, nothing };

    std::string_view take_head(std::string_view bytes);
    std::string_view take_line(std::string_view bytes);
    std::string_view take_body_bytes(std::string_view bytes);
    void end_line();
    std::string header(std::string_view name) const;

    part expected_ = part::head;
    std::string head_;
    std::string line_;
    std::string body_;
    std::uint64_t left_ = 0;  // of the body, or of the chunk
};

}  // namespace benchmark
