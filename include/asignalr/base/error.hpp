// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>

#include <stdexcept>
#include <string>
#include <system_error>

namespace asignalr {

/// Failures that this library detects. Zero is success and is never listed.
enum class errc {
    connection_closed = 1,  ///< The connection ended while the operation was waiting; nothing can be sent any more.
    invocation_cancelled,   ///< The client cancelled the call, or its deadline passed.
    address_invalid,        ///< `listen` was given a URL it does not understand.
    server_stopped,         ///< The server was stopped; build a new one to serve again.
    file_unreadable,        ///< `serve_files` could not read the folder or one of its files.
};

/// The category of `errc`; its address is the same in a static and in a shared build.
ASIGNALR_API const std::error_category& error_category() noexcept;

/// Makes an error code of this library's category.
ASIGNALR_API std::error_code make_error_code(errc code) noexcept;

/// An error whose text the client is meant to see, whatever the detailed-errors option says.
///
/// Thrown by a hub method; it reaches the client as ASP.NET Core's `HubException` does. Also what an upload rethrows when the
/// client ended it with an error.
class ASIGNALR_API hub_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
    ~hub_error() override;
};

/// An error with a type name of the user's choice, shown to the client under detailed errors only.
///
/// A .NET client sees `InvalidOperationException: text` when the name is `InvalidOperationException`.
class ASIGNALR_API named_error : public std::runtime_error {
public:
    /// @param type_name what stands before the colon in the client's error text
    /// @param text      what stands behind it
    named_error(std::string type_name, const std::string& text);
    ~named_error() override;

    /// The name given at construction.
    const std::string& type_name() const noexcept { return type_name_; }

private:
    std::string type_name_;
};

}  // namespace asignalr

template <>
struct std::is_error_code_enum<asignalr::errc> : std::true_type {};
