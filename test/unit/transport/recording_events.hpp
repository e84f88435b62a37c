// SPDX-License-Identifier: MIT
#pragma once

#include "transport/transport.hpp"
#include "transport/websocket_transport.hpp"

#include <cstddef>
#include <string>

namespace asignalr::detail {

/// Notes what a transport tells, one word an event; takes bytes as the test says.
class recording_events final : public transport_events {
public:
    void on_read_begin() override { ++begun; }
    std::size_t on_bytes(char* bytes, std::size_t size) override {
        const std::size_t taken = size < most_taken ? size : most_taken;
        received.append(bytes, taken);
        if (frames_of != nullptr) {
            pieces += (frames_of->message() == opcode::text ? "text:" : "binary:") + std::string(bytes, taken);
            pieces += frames_of->message_ended() ? ". " : " ";
        }
        if (pause_on_bytes != nullptr) pause_on_bytes->pause();
        return taken;
    }
    void on_read_end() override { ++finished; }
    void on_writable() override { log += "writable "; }
    void on_input_ended(input_end how) override {
        switch (how) {
            case input_end::closed: log += "closed "; break;
            case input_end::deleted: log += "deleted "; break;
            case input_end::lost: log += "lost "; break;
            case input_end::malformed: log += "malformed "; break;
        }
    }
    void on_released() override { log += "released "; }

    std::string received;
    std::string pieces;  // the same with their kind, a dot behind the last of a message
    std::string log;
    std::size_t most_taken = static_cast<std::size_t>(-1);
    transport* pause_on_bytes = nullptr;
    websocket_transport* frames_of = nullptr;  // who tells of `pieces`
    int begun = 0;
    int finished = 0;
};

}  // namespace asignalr::detail
