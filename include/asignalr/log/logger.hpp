// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace asignalr {

/// How much a record matters, from the least to the most.
enum class log_level {
    trace,    ///< Every message, by its length; never its content.
    debug,    ///< The life of connections, and mistakes of clients.
    info,     ///< The server's own life: listening, stopping.
    warning,  ///< A refusal, with the option that would change it; at most one a second of each kind.
    error,    ///< A hub method failed, or the server cannot do what it was asked to.
    none,     ///< As a threshold: nothing at all.
};

/// A named value of a record.
struct log_field {
    std::string_view name;   ///< What the value is, for example `method`.
    std::string_view value;  ///< The value; text that came from a peer is escaped and cut at 256 bytes.
};

/// One thing that happened. All views are valid during `logger::write` only.
///
/// Tokens, query strings, cookies and payloads are never part of a record.
struct log_record {
    log_level level = log_level::info;    ///< How much it matters.
    std::string_view category;            ///< The module it comes from, for example `hub`.
    std::string_view message;             ///< A constant sentence that says what happened.
    std::span<const log_field> fields;    ///< What it happened with.
    std::string_view connection_id = {};  ///< The public connection id, or empty.
};

/// Where the library's log goes. Derive from it to send records elsewhere.
///
/// Both functions are called from every lane, possibly at once; they must neither throw nor block for long.
class ASIGNALR_API logger {
public:
    logger() = default;
    logger(const logger&) = delete;
    logger& operator=(const logger&) = delete;
    virtual ~logger();

    /// Whether a record of this level and category would be kept; asked before anything is formatted. For traces it is asked once for
    /// each read from a connection of the lane.
    virtual bool enabled(log_level level, std::string_view category) const noexcept = 0;

    /// Keeps a record.
    virtual void write(const log_record& record) noexcept = 0;
};

/// A logger that writes one line for each record to standard error.
/// @param threshold records below it are dropped
ASIGNALR_API std::shared_ptr<logger> make_console_logger(log_level threshold = log_level::warning);

}  // namespace asignalr
