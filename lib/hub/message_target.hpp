// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace asignalr::detail {

/// Whom a message is for, in a form that can travel to other lanes and, later, to other servers.
struct message_target {
    enum class kind : unsigned char { all, connections, groups };

    kind whom = kind::all;
    std::vector<std::string> names;     ///< Connection ids or group names.
    std::vector<std::string> excluded;  ///< Connection ids that do not get it.
};

}  // namespace asignalr::detail
