// SPDX-License-Identifier: MIT
#pragma once

#include "transport_script.hpp"
#include "waiting_hub.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// A server with coroutines of every kind under way: of a hub, of a handler of bytes, of a route. An honest client is served beside.
class busy_server : public memory_server {
public:
    explicit busy_server(conversation_way way, std::size_t lanes = 1);
    ~busy_server();

    void begin(server_options options = {});
    /// Everything that the busy client does.
    void play();
    /// If nothing has disturbed it.
    void expect_all_done();
    /// Everybody goes. The honest one is served up to the end, unless the server stops.
    void leave();
    void expect_nothing_left();

protected:
    /// Called at the end of each turn, and between two suspensions of a coroutine.
    virtual void pass_point() {}

    void watch(bool does);
    void drop();
    std::string ask_honest(std::string_view method, std::string_view arguments = "");

    waiting_world world_of_waits_;
    std::shared_ptr<hub_core> waits_;
    std::optional<raw_connection> bytes_;
    transport_script script_;
    script_player player_{*this};
    std::optional<raw_client> honest_;
    std::optional<raw_client> echoed_;
    std::optional<raw_client> asked_;
    bool is_stopping_ = false;
    bool is_dropped_ = false;

private:
    void write_script();
};

}  // namespace asignalr::detail
