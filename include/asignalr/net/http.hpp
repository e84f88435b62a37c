// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asignalr {

namespace detail {
struct http_request_access;
}

/// A request as it arrived: what the user's routes get, and what `context()` keeps of the request that opened a connection.
///
/// A value; all views into it live as long as it does. Thread-safe as far as nobody changes it.
class ASIGNALR_API http_request {
public:
    http_request() = default;

    /// @param method  as sent, for example `GET`
    /// @param target  as sent: path and query
    /// @param remote_address the peer's address without port, or empty for a unix socket
    http_request(std::string_view method, std::string_view target, std::string_view remote_address);

    /// The method, for example `GET`.
    std::string_view method() const noexcept { return at(method_); }
    /// The path, percent-decoded once; an encoded slash stays encoded.
    std::string_view path() const noexcept { return at(path_); }
    /// Path and query as sent: what a redirect to elsewhere repeats.
    std::string_view target() const noexcept { return at(target_); }
    /// What stands behind the question mark, as sent.
    std::string_view query_string() const noexcept { return at(query_); }
    /// The address of whoever asked, without port: the peer's, or what a proxy of `trusted_proxies` tells. Empty for a unix socket.
    std::string_view remote_address() const noexcept { return at(remote_address_); }
    /// `http` or `https` where a proxy of `trusted_proxies` tells; empty where nobody does.
    std::string_view scheme() const noexcept { return at(scheme_); }
    /// Host and port that the client asked for: the Host header, or what a proxy of `trusted_proxies` tells.
    std::string_view host() const noexcept;
    /// The first header of that name (ASCII case does not matter).
    std::optional<std::string_view> header(std::string_view name) const noexcept;
    /// The first query value of that name, decoded (ASCII case of the name does not matter, as in ASP.NET Core).
    std::optional<std::string> query(std::string_view name) const;
    /// How many query values of that name there are.
    std::size_t query_count(std::string_view name) const;
    /// The first cookie of that name, as sent.
    std::optional<std::string_view> cookie(std::string_view name) const noexcept;
    /// The whole body.
    std::string_view body() const noexcept { return body_; }

    /// Adds a header; for whoever builds a request.
    void add_header(std::string_view name, std::string_view value);
    /// Sets who asked, and how; for whoever knows better than the connection.
    void set_remote_address(std::string_view address) { remote_address_ = append(address); }
    void set_scheme(std::string_view scheme) { scheme_ = append(scheme); }
    void set_host(std::string_view host) { host_ = append(host); }
    /// Sets the body; for whoever builds a request.
    void set_body(std::string body) { body_ = std::move(body); }
    /// Calls `visit(name, value)` for each header in order.
    template <class Visitor>
    void for_each_header(Visitor visit) const {
        for (const auto& [name, value] : headers_) visit(at(name), at(value));
    }

private:
    friend struct detail::http_request_access;

    struct range {
        std::uint32_t offset = 0;
        std::uint32_t size = 0;
    };

    void shrink();
    range append(std::string_view text);
    // Of a request that was moved away everything is empty.
    std::string_view at(range where) const noexcept {
        return text_.empty() ? std::string_view() : std::string_view(text_).substr(where.offset, where.size);
    }

    std::string text_;  // everything but the body in one piece: an idle connection keeps it
    range method_, target_, path_, query_, remote_address_, scheme_, host_;
    std::vector<std::pair<range, range>> headers_;
    std::string body_;
};

/// Names and values of headers, in order. Those with CR, LF or NUL in them are left out of an answer.
using http_headers = std::vector<std::pair<std::string, std::string>>;

/// An answer to a request. The length, the date and the connection headers are the library's.
struct http_response {
    int status = 200;                                        ///< The status code.
    std::string body = {};                                   ///< The whole body.
    std::string content_type = "text/plain; charset=utf-8";  ///< Empty: no such header.
    http_headers headers = {};                               ///< Further headers.
};

}  // namespace asignalr
