// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

struct header_field {
    std::string name;
    std::string value;
};

/// The head of a request, checked: what the parser hands on is safe to act upon.
struct request_head {
    std::string method;
    std::string target;  ///< Origin form (`/path?query`), or `*` for OPTIONS.
    int minor_version = 1;
    std::vector<header_field> headers;
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool keep_alive = true;
    bool expects_continue = false;

    bool has_body() const noexcept { return chunked || content_length.value_or(0) > 0; }
    /// The first header of that name, without regard to case; null if there is none.
    const std::string* find(std::string_view name) const noexcept;
    std::size_t count(std::string_view name) const noexcept;
};

}  // namespace asignalr::detail
