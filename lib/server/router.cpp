// SPDX-License-Identifier: MIT
#include "server/router.hpp"

#include "base/text.hpp"

#include <stdexcept>

namespace asignalr::detail {
namespace {

// Paths match without regard to case, and to a slash at the end.
std::string normal(std::string_view path) {
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return to_lower(path);
}

}  // namespace

router::router(std::string_view base) {
    if (base.ends_with('/')) base.remove_suffix(1);
    if (!base.empty() && !base.starts_with('/'))
        throw std::logic_error("asignalr: the path_base '" + std::string(base) + "' must begin with a slash");
    base_ = base;
}

std::string router::checked(std::string_view path) const {
    if (!path.starts_with('/'))
        throw std::logic_error("asignalr: the route '" + std::string(path) + "' must begin with a slash");
    return normal(base_ + std::string(path));
}

void router::check_free(const std::string& path) const {
    if (endpoints_.contains(path) || exact_.contains(path))
        throw std::logic_error("asignalr: the route '" + path + "' is taken");
}

void router::add_endpoint(std::string_view path, std::shared_ptr<endpoint> to) {
    const std::string route = checked(path);
    const std::string negotiate = route + (route.ends_with('/') ? "negotiate" : "/negotiate");
    check_free(route);
    check_free(negotiate);
    endpoints_.emplace(route, connection_route{to, false});
    endpoints_.emplace(negotiate, connection_route{std::move(to), true});
}

void router::add(std::string_view method, std::string_view path, handler what) {
    std::string route = checked(path);
    const bool is_prefix = route.ends_with('*');
    if (is_prefix) route.pop_back();
    if (!is_prefix && endpoints_.contains(route)) check_free(route);
    method_map& methods = (is_prefix ? below_ : exact_)[route];
    if (!methods.emplace(std::string(method), std::move(what)).second)
        throw std::logic_error("asignalr: the route '" + std::string(method) + " " + std::string(path) + "' is taken");
}

void router::add_files(std::string_view path, const std::string& folder) {
    checked(path);
    files_.emplace_back(base_ + std::string(path), folder);
}

const router::connection_route* router::find_endpoint(std::string_view path) const {
    const auto found = endpoints_.find(normal(path));
    return found == endpoints_.end() ? nullptr : &found->second;
}

const router::method_map* router::find(std::string_view path) const {
    if (const auto found = exact_.find(normal(path)); found != exact_.end()) return &found->second;
    std::string route = to_lower(path);
    if (!base_.empty() && equals_ignoring_case(path, base_)) route += '/';  // the root below the base
    const method_map* longest = nullptr;
    for (const auto& [prefix, methods] : below_)  // sorted, so the longest one that fits comes last
        if (route.starts_with(prefix)) longest = &methods;
    return longest;
}

std::optional<http_response> router::find_file(const http_request& request) const {
    for (const static_files& folder : files_)
        if (auto found = folder.answer(request)) return found;
    return std::nullopt;
}

}  // namespace asignalr::detail
