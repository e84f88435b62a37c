// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/hub/method_table.hpp>

#include <string_view>
#include <vector>

namespace asignalr::detail {

/// A hub's methods by name, without regard to ASCII case. Complete before the first connection, then read by all lanes.
class method_index final : public method_list {
public:
    /// @throws std::logic_error for a name that is empty or taken
    void add(method_entry entry) override;
    /// Null: there is none of that name.
    const method_entry* find(std::string_view name) const noexcept;

private:
    std::vector<method_entry> entries_;  // sorted
};

}  // namespace asignalr::detail
