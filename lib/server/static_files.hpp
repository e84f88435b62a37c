// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/net/http.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace asignalr::detail {

/// The files of a folder, read once and served from memory.
///
/// A request is looked up in a table of the paths that exist, so no spelling of a path leads anywhere else. Files and
/// folders whose name begins with a dot, links that lead out of the folder and links to folders are left out. An exact
/// match goes before one that differs in ASCII case.
class static_files {
public:
    /// @param mount_path where the folder appears, for example `/` or `/assets`
    /// @throws std::system_error(errc::file_unreadable) that names the path
    static_files(std::string mount_path, const std::string& folder);

    /// The answer for GET and HEAD (the connection leaves the body out), 405 for other methods; empty if there is no
    /// such file.
    std::optional<http_response> answer(const http_request& request) const;

    std::size_t size() const noexcept { return files_.size(); }

private:
    struct file {
        std::string content;
        std::string_view content_type;
        std::string entity_tag;
    };
    struct target {
        std::size_t file = 0;
        std::string redirect = {};  // a folder that was asked for without its final slash
    };

    void add_file(const std::string& relative_path, std::string content);
    void add_folder(std::string path_with_slash, std::size_t index_file);
    void add_lower_case_paths();
    const target* find(std::string_view path) const;

    std::string mount_path_;  // with a slash at its end
    std::vector<file> files_;
    std::unordered_map<std::string, target> paths_;
};

}  // namespace asignalr::detail
