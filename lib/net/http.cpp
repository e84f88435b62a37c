// SPDX-License-Identifier: MIT
#include "base/text.hpp"
#include "wire/url.hpp"

#include <asignalr/net/http.hpp>

namespace asignalr {

http_request::http_request(std::string_view method, std::string_view target, std::string_view remote_address) {
    const detail::split_target parts = detail::split(target);
    method_ = append(method);
    target_ = append(target);
    // A path that cannot be decoded matches no route. One that says what it means is not kept twice.
    const std::string path = detail::decode_path(parts.path).value_or(std::string());
    path_ = path == parts.path ? range{target_.offset, static_cast<std::uint32_t>(path.size())} : append(path);
    const auto query_size = static_cast<std::uint32_t>(parts.query.size());
    query_ = {target_.offset + target_.size - query_size, query_size};
    remote_address_ = append(remote_address);
}

http_request::range http_request::append(std::string_view text) {
    const range where{static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text.size())};
    text_.append(text);
    return where;
}

std::optional<std::string_view> http_request::header(std::string_view name) const noexcept {
    for (const auto& [key, value] : headers_)
        if (detail::equals_ignoring_case(at(key), name)) return at(value);
    return std::nullopt;
}

std::string_view http_request::host() const noexcept { return host_.size > 0 ? at(host_) : header("Host").value_or(std::string_view()); }

std::optional<std::string> http_request::query(std::string_view name) const {
    std::optional<std::string> found;
    detail::for_each_query_pair(query_string(), [&](std::string_view key, std::string_view value) {
        if (!detail::equals_ignoring_case(detail::decode_query(key), name)) return true;
        found = detail::decode_query(value);
        return false;
    });
    return found;
}

std::size_t http_request::query_count(std::string_view name) const {
    std::size_t count = 0;
    detail::for_each_query_pair(query_string(), [&](std::string_view key, std::string_view) {
        if (detail::equals_ignoring_case(detail::decode_query(key), name)) ++count;
        return true;
    });
    return count;
}

std::optional<std::string_view> http_request::cookie(std::string_view name) const noexcept {
    for (const auto& [key, value] : headers_) {
        if (!detail::equals_ignoring_case(at(key), "Cookie")) continue;
        std::string_view rest = at(value);
        while (!rest.empty()) {
            const std::size_t end = rest.find(';');
            const std::string_view pair = detail::trimmed(rest.substr(0, end));
            const std::size_t equals = pair.find('=');
            if (equals != std::string_view::npos && detail::trimmed(pair.substr(0, equals)) == name)
                return detail::trimmed(pair.substr(equals + 1));
            if (end == std::string_view::npos) break;
            rest.remove_prefix(end + 1);
        }
    }
    return std::nullopt;
}

void http_request::add_header(std::string_view name, std::string_view value) {
    const range key = append(name);
    headers_.emplace_back(key, append(value));
}

void http_request::shrink() {
    text_.shrink_to_fit();
    headers_.shrink_to_fit();
    body_.shrink_to_fit();
}

}  // namespace asignalr
