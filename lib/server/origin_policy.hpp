// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/net/http.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

/// Where a page came from, taken apart and in lower case (RFC 6454 section 6.2).
struct web_origin {
    std::string scheme;
    std::string host;        ///< IPv6 addresses with their brackets.
    std::uint16_t port = 0;  ///< As written, or the scheme's own; 0 if it has none.

    bool operator==(const web_origin&) const = default;
};

/// Reads `scheme://host[:port]`; empty for anything else, `null` included.
std::optional<web_origin> parse_origin(std::string_view text);

/// What an origin_policy says about a request.
struct origin_decision {
    enum class kind : std::uint8_t {
        no_origin,    ///< Not from a page of another site: browsers send the header with everything that matters.
        same_origin,  ///< From a page of this server.
        listed,       ///< From a page of a site that the options name.
        refused,
    };

    kind what = kind::refused;
    /// Listed: what the answer must carry for the browser to show it to the page.
    http_headers headers = {};
    /// Refused: both values and the option that would change it. Safe to be logged and sent.
    std::string text = {};

    bool allowed() const noexcept { return what != kind::refused; }
};

struct origin_options {
    std::vector<std::string> allowed_origins = {};  ///< `https://example.com`, scheme and port included.
};

/// Keeps pages of foreign sites from talking to a hub in the name of whoever looks at them (cross-site WebSocket
/// hijacking).
///
/// Ask preflight() first, then decide() for whatever it does not answer.
class origin_policy {
public:
    /// @throws std::invalid_argument if an allowed origin is none; `*` and `null` are none
    explicit origin_policy(const origin_options& options);

    /// @param scheme `https` if the library itself ended the encryption; else empty, as a proxy in front may have done
    /// so
    origin_decision decide(const http_request& request, std::string_view scheme = {}) const;

    /// The answer to the question a browser asks before it sends the request; empty if this is no such question.
    std::optional<http_response> preflight(const http_request& request, std::string_view scheme = {}) const;

private:
    bool is_same(const web_origin& origin, const http_request& request, std::string_view scheme) const;

    std::vector<web_origin> allowed_;
};

}  // namespace asignalr::detail
