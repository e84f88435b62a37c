// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "net/places_by_address.hpp"
#include "runtime/sweep.hpp"
#include "transport/posted_input.hpp"

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace asignalr::detail {

class lane;

/// Who has a transport: a connection.
class transport_owner {
public:
    /// Null after it is over.
    virtual transport* by() const noexcept = 0;

protected:
    ~transport_owner() = default;
};

/// The connections of one hub on one lane by their tokens, from negotiate on. What nobody opens a transport for is forgotten.
class connection_registry final : private sweep_entry {
public:
    /// What a token stands for.
    struct entry {
        bool in_use = false;
        transport_owner* open = nullptr;       ///< Once it is in use.
        std::unique_ptr<posted_input> posted;  ///< What the client sent before it opened a transport; null: nothing.
        std::string id;                        ///< Until it is in use.
        places_by_address::place place;        ///< Among those of its address; null: not counted.
    };

    connection_registry(lane& where, clock_source::duration unclaimed_time) noexcept
        : lane_(where), unclaimed_time_(unclaimed_time) {}
    ~connection_registry() = default;

    std::size_t size() const noexcept { return entries_.size(); }
    void add_negotiated(std::string token, std::string id, places_by_address::place place);
    /// A connection that skipped negotiate.
    void add_in_use(std::string token, places_by_address::place place);
    /// Null: unknown. Valid until the registry changes.
    entry* find(std::string_view token) noexcept;
    /// Marks a negotiated token as in use; the id that was negotiated.
    std::string claim(entry& negotiated);
    /// Names the connection of a token that is in use, until remove().
    void set_open(std::string_view token, transport_owner& open) noexcept;
    void remove(std::string_view token) noexcept;
    /// Forgets what was negotiated and not used.
    void forget_unclaimed() noexcept;

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    struct unclaimed {
        std::string token;
        clock_source::time_point since;
    };

    void on_sweep(clock_source::time_point now) override;
    void expire(const std::string& token) noexcept;

    lane& lane_;
    clock_source::duration unclaimed_time_;
    std::unordered_map<std::string, entry, hash, std::equal_to<>> entries_;
    std::deque<unclaimed> by_age_;  // may hold some that were claimed meanwhile
};

}  // namespace asignalr::detail
