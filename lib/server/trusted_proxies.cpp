// SPDX-License-Identifier: MIT
#include "server/trusted_proxies.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace asignalr::detail {
namespace {

// The elements of all headers of that name, in their order.
std::vector<std::string> elements_of(const http_request& request, std::string_view wanted) {
    std::vector<std::string> elements;
    request.for_each_header([&](std::string_view name, std::string_view value) {
        if (!equals_ignoring_case(name, wanted)) return;
        while (true) {
            const std::size_t comma = value.find(',');
            elements.emplace_back(trimmed(value.substr(0, comma)));
            if (comma == std::string_view::npos) return;
            value.remove_prefix(comma + 1);
        }
    });
    return elements;
}

// What the nearest proxy added.
std::string last_of(const http_request& request, std::string_view wanted) {
    const std::vector<std::string> elements = elements_of(request, wanted);
    return elements.empty() ? std::string() : elements.back();
}

// An address as proxies write it: some with a port, those of IPv6 in brackets then.
std::optional<asio::ip::address> forwarded_address(std::string_view text) {
    if (text.starts_with('[')) return parse_address(text.substr(1, std::min(text.find(']'), text.size()) - 1));
    if (std::count(text.begin(), text.end(), ':') == 1) text = text.substr(0, text.find(':'));
    return parse_address(text);
}

}  // namespace

trusted_proxies::trusted_proxies(const std::vector<std::string>& list) {
    for (const std::string& text : list) {
        if (text == "unix") {
            unix_sockets_ = true;
            continue;
        }
        const auto range = address_range::parse(text);
        if (!range)
            throw std::invalid_argument(fmt::format(
                "trusted_proxies: '{}' is no address; write one without port, a network like 10.0.0.0/8, or unix", text));
        ranges_.push_back(*range);
    }
}

bool trusted_proxies::contains(std::string_view address) const {
    if (address.empty()) return unix_sockets_;
    if (ranges_.empty()) return false;
    const auto parsed = parse_address(address);
    return parsed && std::any_of(ranges_.begin(), ranges_.end(), [&](const address_range& one) { return one.contains(*parsed); });
}

std::optional<asio::ip::address> trusted_proxies::counted_address(std::string_view address) const {
    const auto parsed = parse_address(address);
    return parsed && !parsed->is_loopback() && !contains(address) ? parsed : std::nullopt;
}

void trusted_proxies::apply(http_request& request) const {
    if (!contains(request.remote_address())) return;
    // Each proxy puts its peer at the end. What stands in front of the first one that nobody here trusts may be invented.
    std::string client;
    std::vector<std::string> chain = elements_of(request, "X-Forwarded-For");
    for (; !chain.empty() && (client.empty() || contains(client)); chain.pop_back()) {
        const auto address = forwarded_address(chain.back());
        if (!address) break;
        client = address->to_string();
    }
    if (!client.empty()) request.set_remote_address(client);
    if (const std::string scheme = last_of(request, "X-Forwarded-Proto"); !scheme.empty()) request.set_scheme(to_lower(scheme));
    if (const std::string host = last_of(request, "X-Forwarded-Host"); !host.empty()) request.set_host(host);
}

}  // namespace asignalr::detail
