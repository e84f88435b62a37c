// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace benchmark {

// WebSocket frames, masked as a client's must be.
std::string text_frame(std::string_view payload);
std::string binary_frame(std::string_view payload);
std::string pong_frame(std::string_view payload);
// A normal end.
std::string close_frame();

}  // namespace benchmark
