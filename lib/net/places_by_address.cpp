// SPDX-License-Identifier: MIT
#include "net/places_by_address.hpp"

namespace asignalr::detail {

struct places_by_address::counted {
    counted(std::shared_ptr<places_by_address> in, const key& of) noexcept : all(std::move(in)), address(of) {}
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() { all->give_back(address); }

    std::shared_ptr<places_by_address> all;
    key address;
};

places_by_address::key places_by_address::key_of(const asio::ip::address& address) noexcept {
    if (address.is_v4()) return {false, address.to_v4().to_uint()};
    std::uint64_t network = 0;
    const auto bytes = address.to_v6().to_bytes();
    for (std::size_t index = 0; index < 8; ++index)
        network = network << 8 | bytes[index];
    return {true, network};
}

places_by_address::place places_by_address::take(const asio::ip::address& address, std::size_t limit) {
    const key of = key_of(address);
    {
        const std::lock_guard lock(mutex_);
        std::size_t& taken = taken_[of];
        if (taken >= limit) {
            if (taken == 0) taken_.erase(of);
            return nullptr;
        }
        ++taken;
    }
    try {
        return std::make_shared<counted>(shared_from_this(), of);
    } catch (...) {
        give_back(of);
        throw;
    }
}

void places_by_address::give_back(const key& of) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = taken_.find(of);
    if (--found->second == 0) taken_.erase(found);
}

std::size_t places_by_address::size() const {
    const std::lock_guard lock(mutex_);
    return taken_.size();
}

}  // namespace asignalr::detail
