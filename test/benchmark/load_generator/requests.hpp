// SPDX-License-Identifier: MIT
#pragma once

#include "options.hpp"

#include <string>
#include <string_view>

namespace benchmark {

// Heads of five headers, or six with a body: what one library of a client sends, without what browsers add.
std::string negotiate_request(const options& settings);
std::string upgrade_request(const options& settings, std::string_view token);
std::string stream_request(const options& settings, std::string_view token);
std::string poll_request(const options& settings, std::string_view token);
std::string post_request(const options& settings, std::string_view token, std::string_view body);

// The connection token in a negotiation's answer.
std::string token_of(std::string_view negotiation);

}  // namespace benchmark
