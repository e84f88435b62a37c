// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace asignalr::detail {

struct split_target {
    std::string_view path;
    std::string_view query;  ///< Without the question mark.
};

/// Cuts a request target at its first question mark.
split_target split(std::string_view target) noexcept;

/// Decodes a path once. An encoded slash stays encoded, so it never changes the route; an encoded NUL, a malformed escape and a
/// segment of dots are refused.
std::optional<std::string> decode_path(std::string_view path);

/// Decodes a name or value of a query: percent escapes, and plus as blank. Malformed escapes stay as they are, as in ASP.NET Core.
std::string decode_query(std::string_view text);

/// Calls `visit(name, value)` with the raw texts of each pair; stops when it returns false.
template <class Visitor>
void for_each_query_pair(std::string_view query, Visitor visit) {
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        const std::size_t equals = pair.find('=');
        const std::string_view value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
        if (!pair.empty() && !visit(pair.substr(0, equals), value)) return;
        if (end == std::string_view::npos) return;
        query.remove_prefix(end + 1);
    }
}

}  // namespace asignalr::detail
