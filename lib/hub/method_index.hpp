// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/hub/method_table.hpp>

#include <cstddef>
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
    std::size_t free_place(std::string_view name) const noexcept;

    std::vector<method_entry> entries_;
    std::vector<std::size_t> places_;  // by hash: 0, or one more than the index of an entry; at least half of them are 0
};

}  // namespace asignalr::detail
