// SPDX-License-Identifier: MIT
#pragma once

#include "message_counter.hpp"

#include <string>
#include <string_view>

namespace benchmark {

// Hands what stands in the data lines of a text/event-stream to a counter, in pieces as they arrive.
class event_stream_reader {
public:
    void feed(std::string_view bytes, message_counter& to);

private:
    std::string_view take_data(std::string_view bytes, message_counter& to);
    void take_other(char byte);

    std::string begin_;  // of a line
    bool in_data_ = false;
};

}  // namespace benchmark
