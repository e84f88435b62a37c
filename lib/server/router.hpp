// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/net/http.hpp>
#include <asignalr/runtime/task.hpp>

#include "server/static_files.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace asignalr::detail {

class endpoint;

/// What a path leads to.
class router {
public:
    using function = std::function<http_response(const http_request&)>;
    using coroutine = std::function<task<http_response>(http_request)>;
    using handler = std::variant<function, coroutine>;

    /// A hub, or its negotiate endpoint.
    struct connection_route {
        std::shared_ptr<endpoint> to;
        bool negotiate = false;
    };
    /// The user's own, by method.
    using method_map = std::map<std::string, handler, std::less<>>;

    /// @param base what every path of a request begins with, in front of those that are added; empty for nothing
    /// @throws std::logic_error if it does not begin with a slash
    explicit router(std::string_view base = {});

    /// @throws std::logic_error if the path is taken or does not begin with a slash
    void add_endpoint(std::string_view path, std::shared_ptr<endpoint> to);
    void add(std::string_view method, std::string_view path, handler what);
    void add_files(std::string_view path, const std::string& folder);

    const connection_route* find_endpoint(std::string_view path) const;
    /// Null: no route of the user's has this path.
    const method_map* find(std::string_view path) const;
    /// An answer from the files, if there is one for this path.
    std::optional<http_response> find_file(const http_request& request) const;

private:
    void check_free(const std::string& path) const;
    std::string checked(std::string_view path) const;

    std::string base_;  // without a slash at the end
    std::map<std::string, connection_route, std::less<>> endpoints_;  // all paths in lower case
    std::map<std::string, method_map, std::less<>> exact_;
    std::map<std::string, method_map, std::less<>> below_;  // without their star
    std::vector<static_files> files_;
};

}  // namespace asignalr::detail
