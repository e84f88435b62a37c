// SPDX-License-Identifier: MIT
#include "server/static_files.hpp"

#include "base/text.hpp"

#include <asignalr/base/error.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace asignalr::detail {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view index_name = "index.html";

struct extension_type {
    std::string_view extension;
    std::string_view content_type;
};
constexpr std::array<extension_type, 25> content_types{{
    {".css", "text/css; charset=utf-8"},
    {".csv", "text/csv; charset=utf-8"},
    {".gif", "image/gif"},
    {".htm", "text/html; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".ico", "image/x-icon"},
    {".jpeg", "image/jpeg"},
    {".jpg", "image/jpeg"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".md", "text/markdown; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".mp3", "audio/mpeg"},
    {".mp4", "video/mp4"},
    {".pdf", "application/pdf"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
    {".webmanifest", "application/manifest+json"},
    {".webp", "image/webp"},
    {".woff", "font/woff"},
    {".woff2", "font/woff2"},
    {".xml", "application/xml"},
}};

std::string_view content_type_of(std::string_view path) noexcept {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    const std::size_t dot = name.rfind('.');
    if (dot != std::string_view::npos) {
        for (const auto& known : content_types)
            if (equals_ignoring_case(name.substr(dot), known.extension)) return known.content_type;
    }
    return "application/octet-stream";
}

// FNV-1a: tells versions of a file apart; nobody gains by a collision in files that are the user's own.
std::string entity_tag_of(std::string_view content) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char byte : content)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
    return fmt::format("\"{:x}-{:016x}\"", content.size(), hash);
}

// Weak comparison (RFC 9110 section 13.1.2).
bool matches(std::string_view if_none_match, std::string_view entity_tag) noexcept {
    while (!if_none_match.empty()) {
        const std::size_t comma = if_none_match.find(',');
        std::string_view element = trimmed(if_none_match.substr(0, comma));
        if (element.starts_with("W/")) element.remove_prefix(2);
        if (element == "*" || element == entity_tag) return true;
        if (comma == std::string_view::npos) return false;
        if_none_match.remove_prefix(comma + 1);
    }
    return false;
}

std::string percent_encoded(std::string_view path) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    std::string encoded;
    for (const char byte : path) {
        if (plain.find(byte) != std::string_view::npos)
            encoded += byte;
        else
            encoded += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
    }
    return encoded;
}

[[noreturn]] void fail(const fs::path& path, std::string_view reason) {
    throw std::system_error(make_error_code(errc::file_unreadable), fmt::format("{} ({})", path.string(), reason));
}

std::string read_file(const fs::path& path) {
    errno = 0;
    std::ifstream input(path, std::ios::binary);
    if (!input) fail(path, std::strerror(errno));
    std::string content{std::istreambuf_iterator<char>(input), {}};
    if (input.bad()) fail(path, std::strerror(errno));
    return content;
}

// A name that no request could spell, or that a proxy might read as a path, is left out.
bool may_be_served(const std::string& name) {
    return !name.starts_with('.') && name.find('\\') == std::string::npos &&
           to_lower(name).find("%2f") == std::string::npos;
}

bool leads_out(const fs::path& link, const fs::path& root) {
    std::error_code error;
    const fs::path target = fs::canonical(link, error);
    if (error) return true;
    return std::mismatch(root.begin(), root.end(), target.begin(), target.end()).first != root.end();
}

std::vector<fs::path> files_below(const fs::path& root) {
    std::vector<fs::path> found;
    for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator(); ++entry) {
        if (!may_be_served(entry->path().filename().string())) {
            entry.disable_recursion_pending();
            continue;
        }
        if (entry->is_symlink() && leads_out(entry->path(), root)) continue;
        if (entry->is_regular_file()) found.push_back(entry->path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

static_files::static_files(std::string mount_path, const std::string& folder) : mount_path_(std::move(mount_path)) {
    if (!mount_path_.ends_with('/')) mount_path_ += '/';
    try {
        const fs::path root = fs::canonical(folder);
        for (const fs::path& path : files_below(root))
            add_file(path.lexically_relative(root).generic_string(), read_file(path));
    } catch (const fs::filesystem_error& error) {
        fail(error.path1().empty() ? fs::path(folder) : error.path1(), error.code().message());
    }
    add_lower_case_paths();
}

void static_files::add_file(const std::string& relative_path, std::string content) {
    const std::size_t index = files_.size();
    std::string entity_tag = entity_tag_of(content);
    files_.push_back({std::move(content), content_type_of(relative_path), std::move(entity_tag)});

    const std::string path = mount_path_ + relative_path;
    paths_.emplace(path, target{index});
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    if (path.substr(folder.size()) == index_name) add_folder(folder, index);
}

void static_files::add_folder(std::string path_with_slash, std::size_t index_file) {
    paths_.emplace(path_with_slash, target{index_file});
    if (path_with_slash == "/") return;
    std::string redirect = percent_encoded(path_with_slash);
    path_with_slash.pop_back();
    // Links in the page are relative to the folder, so the browser has to know that it is in one.
    paths_.emplace(std::move(path_with_slash), target{index_file, std::move(redirect)});
}

void static_files::add_lower_case_paths() {
    std::vector<std::pair<std::string, target>> lower_case;
    for (const auto& [path, where] : paths_)
        lower_case.emplace_back(to_lower(path), where);
    for (auto& [path, where] : lower_case)
        paths_.emplace(std::move(path), std::move(where));
}

const static_files::target* static_files::find(std::string_view path) const {
    if (const auto exact = paths_.find(std::string(path)); exact != paths_.end()) return &exact->second;
    const auto folded = paths_.find(to_lower(path));
    return folded == paths_.end() ? nullptr : &folded->second;
}

std::optional<http_response> static_files::answer(const http_request& request) const {
    const target* const where = find(request.path());
    if (where == nullptr) return std::nullopt;
    if (request.method() == "OPTIONS")
        return http_response{.status = 204, .content_type = {}, .headers = {{"Allow", "GET, HEAD, OPTIONS"}}};
    if (request.method() != "GET" && request.method() != "HEAD")
        return http_response{.status = 405, .body = "Method Not Allowed", .headers = {{"Allow", "GET, HEAD, OPTIONS"}}};
    if (!where->redirect.empty()) {
        std::string location = where->redirect;
        if (!request.query_string().empty()) location.append("?").append(request.query_string());
        return http_response{.status = 301, .content_type = {}, .headers = {{"Location", std::move(location)}}};
    }
    const file& found = files_[where->file];
    http_response response{
        .headers = {{"ETag", found.entity_tag}, {"Cache-Control", "no-cache"}, {"X-Content-Type-Options", "nosniff"}}};
    if (matches(request.header("If-None-Match").value_or(""), found.entity_tag)) {
        response.status = 304;
        response.content_type.clear();
        return response;
    }
    response.content_type = found.content_type;
    response.body = found.content;
    return response;
}

}  // namespace asignalr::detail
