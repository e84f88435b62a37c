// SPDX-License-Identifier: MIT
#include <asignalr/base/error.hpp>

#include <string_view>
#include <utility>

namespace asignalr {
namespace {

constexpr std::string_view text_of(errc code) noexcept {
    switch (code) {
        case errc::connection_closed: return "the connection is closed";
        case errc::invocation_cancelled: return "the invocation was cancelled";
        case errc::address_invalid:
            return "the address is not understood: write http://HOST:PORT, http://[IPv6]:PORT or unix:/path/of/socket";
        case errc::server_stopped: return "the server was stopped";
        case errc::file_unreadable: return "the folder or a file in it cannot be read";
    }
    return "unknown asignalr error";
}

class category final : public std::error_category {
    const char* name() const noexcept override { return "asignalr"; }
    std::string message(int value) const override { return std::string(text_of(static_cast<errc>(value))); }
};

}  // namespace

const std::error_category& error_category() noexcept {
    static const category instance;
    return instance;
}

std::error_code make_error_code(errc code) noexcept { return {static_cast<int>(code), error_category()}; }

// Out of line, so that the type information has one address also across a shared library.
hub_error::~hub_error() = default;

named_error::named_error(std::string type_name, const std::string& text)
    : std::runtime_error(text), type_name_(std::move(type_name)) {}

named_error::~named_error() = default;

}  // namespace asignalr
