// SPDX-License-Identifier: MIT
#include "wire/http_body.hpp"

#include "wire/field_line.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace asignalr::detail {
namespace {

constexpr std::size_t longest_chunk_size = 8;        // hexadecimal digits
constexpr std::size_t longest_chunk_extension = 16;  // bytes behind the `;`. CVE-2025-55315 lived in one: short and free of surprises
constexpr std::size_t longest_trailer = 8 * 1024;

}  // namespace

body_decoder::body_decoder(const request_head& head, std::size_t limit) noexcept
    : limit_(limit),
      remaining_(head.content_length.value_or(0)),
      step_(head.chunked ? step::size_line : step::data) {}

body_decoder::state body_decoder::feed(std::string_view bytes, std::size_t& consumed, std::string& out) {
    consumed = 0;
    return step_ == step::data ? feed_sized(bytes, consumed, out) : feed_chunked(bytes, consumed, out);
}

body_decoder::state body_decoder::feed_sized(std::string_view bytes, std::size_t& consumed, std::string& out) {
    if (remaining_ + total_ > limit_) return state::too_large;
    consumed = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
    out.append(bytes.substr(0, consumed));
    remaining_ -= consumed;
    total_ += consumed;
    return remaining_ == 0 ? state::complete : state::incomplete;
}

body_decoder::state body_decoder::feed_chunked(std::string_view bytes, std::size_t& consumed, std::string& out) {
    while (true) {
        state result = state::incomplete;
        switch (step_) {
            case step::data: return state::malformed;
            case step::size_line:
                if (!take_line(bytes, consumed, longest_chunk_size + 1 + longest_chunk_extension))
                    return malformed_ ? state::malformed : state::incomplete;
                result = take_size_line();
                break;
            case step::chunk: result = take_chunk(bytes, consumed, out); break;
            case step::chunk_end:
                if (!take_line(bytes, consumed, 0)) return malformed_ ? state::malformed : state::incomplete;
                step_ = step::size_line;
                break;
            case step::trailer:
                if (!take_line(bytes, consumed, longest_trailer)) return malformed_ ? state::malformed : state::incomplete;
                if (line_.empty()) return state::complete;
                trailer_bytes_ += line_.size();
                if (trailer_bytes_ > longest_trailer || !take_apart(line_).fault.empty()) return state::malformed;
                line_.clear();
                break;
        }
        if (result != state::incomplete) return result;
        if (consumed == bytes.size()) return state::incomplete;
    }
}

bool body_decoder::take_line(std::string_view bytes, std::size_t& consumed, std::size_t longest) {
    if (std::exchange(line_done_, false)) line_.clear();
    while (consumed < bytes.size()) {
        const char character = bytes[consumed++];
        if (carriage_return_) {
            carriage_return_ = false;
            malformed_ = character != '\n';
            line_done_ = !malformed_;
            return line_done_;
        }
        if (character == '\r') {
            carriage_return_ = true;
            continue;
        }
        malformed_ = character == '\n' || character == '\0' || line_.size() >= longest;
        if (malformed_) return false;
        line_ += character;
    }
    return false;
}

body_decoder::state body_decoder::take_size_line() {
    const std::size_t digits = std::min(line_.find(';'), line_.size());
    const std::string_view extension = std::string_view(line_).substr(digits);
    if (digits == 0 || digits > longest_chunk_size || extension.size() > 1 + longest_chunk_extension) return state::malformed;
    if (std::any_of(extension.begin(), extension.end(), is_control)) return state::malformed;
    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(line_.data(), line_.data() + digits, size, 16);
    if (error != std::errc{} || end != line_.data() + digits) return state::malformed;
    if (size > limit_ || total_ > limit_ - size) return state::too_large;
    remaining_ = size;
    step_ = size == 0 ? step::trailer : step::chunk;
    return state::incomplete;
}

body_decoder::state body_decoder::take_chunk(std::string_view bytes, std::size_t& consumed, std::string& out) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size() - consumed));
    out.append(bytes.substr(consumed, size));
    consumed += size;
    remaining_ -= size;
    total_ += size;
    if (remaining_ == 0) step_ = step::chunk_end;
    return state::incomplete;
}

}  // namespace asignalr::detail
