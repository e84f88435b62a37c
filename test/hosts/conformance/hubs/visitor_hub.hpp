// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/server.hpp>

#include <array>
#include <string>

/// Tells a client what a hub knows of the request that opened the connection.
class visitor_hub final : public asignalr::hub {
public:
    static void describe(asignalr::method_table<visitor_hub>& methods) { methods.expose<&visitor_hub::who_am_i>("WhoAmI"); }

private:
    /// The remote address, the scheme and the host.
    std::array<std::string, 3> who_am_i() {
        const asignalr::http_request& request = context().request();
        return {std::string(request.remote_address()), std::string(request.scheme()), std::string(request.host())};
    }
};
