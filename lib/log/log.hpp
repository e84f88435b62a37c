// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/log/logger.hpp>

#include "base/clock.hpp"

#include <array>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace asignalr::detail {

/// Text of a peer as it may stand in a log: control characters and bytes above ASCII escaped, cut at 256 bytes.
std::string escaped(std::string_view peer_text);

/// Kinds of refusal; each is logged once a second at most.
enum class refusal : unsigned char {
    request, origin, handshake, message_size, malformed_message, client_timeout, outbox, streams, groups, sockets,
    negotiations, send, reading, accept, slow_reader, memory, count_of_kinds
};

/// One lane's way to the user's logger.
class lane_log {
public:
    lane_log(std::shared_ptr<logger> sink, std::string_view category) : sink_(std::move(sink)), category_(category) { look_again(); }

    bool enabled(log_level level) const noexcept { return sink_ && sink_->enabled(level, category_); }
    /// Whether each message is to be told of: as it was when look_again() was called, since a message is cheaper than that question.
    bool traces() const noexcept { return traces_; }
    void look_again() noexcept { traces_ = enabled(log_level::trace); }
    void write(log_level level, std::string_view message, std::initializer_list<log_field> fields = {},
               std::string_view connection_id = {}) const noexcept;

    /// A warning that is dropped when the same kind was logged less than a second ago.
    void refused(refusal kind, clock_source::time_point now, std::string_view message,
                 std::initializer_list<log_field> fields = {}, std::string_view connection_id = {}) noexcept;

private:
    std::shared_ptr<logger> sink_;
    std::string_view category_;
    bool traces_ = false;
    std::array<clock_source::time_point, static_cast<std::size_t>(refusal::count_of_kinds)> last_{};
};

/// A type's name as the programmer wrote it.
std::string demangled(const char* type_name);

/// The type and the text of the exception that is being handled, for the log only.
struct exception_description {
    std::string type;
    std::string text;
};
exception_description describe_current_exception();

}  // namespace asignalr::detail
