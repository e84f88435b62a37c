// SPDX-License-Identifier: MIT
#include "net/added_headers.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace asignalr::detail {
namespace {

using header = http_headers::value_type;

bool has_name(const header& one, std::string_view name) noexcept { return equals_ignoring_case(one.first, name); }

bool excludes(const header& own, const header& added) noexcept {
    if (!has_name(own, added.first)) return false;
    const bool may_stand_beside = has_name(added, "Set-Cookie") || has_name(added, "Vary");
    return !may_stand_beside || own.second == added.second;
}

}  // namespace

void add_headers_behind(http_headers& own, const http_headers& added) {
    const std::size_t count = own.size();  // what is added may well name a header twice
    for (const header& one : added) {
        const auto end = own.begin() + static_cast<std::ptrdiff_t>(count);
        if (std::none_of(own.begin(), end, [&](const header& before) { return excludes(before, one); })) own.push_back(one);
    }
}

void add_headers_behind(http_response& answer, const http_headers& added) {
    add_headers_behind(answer.headers, added);
    if (!answer.content_type.empty())
        std::erase_if(answer.headers, [](const header& one) { return has_name(one, "Content-Type"); });
}

}  // namespace asignalr::detail
