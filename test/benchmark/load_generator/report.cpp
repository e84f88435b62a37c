// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <cstdio>

namespace benchmark {

report::report(const options& settings) {
    add("mode", settings.mode);
    add("wire", name_of(settings.wire));
    if (settings.wire == wire::signalr) {
        add("transport", name_of(settings.transport));
        add("protocol", settings.protocol);
        add("negotiate", settings.negotiate || settings.transport != transport::websockets ? "yes" : "no");
    }
    add("connections", settings.connections);
}

void report::add(std::string_view name, std::string_view value) {
    std::string escaped = "\"";
    for (const char byte : value) {
        if (byte == '"' || byte == '\\') {
            escaped += '\\';
        }
        escaped += static_cast<unsigned char>(byte) < 0x20 ? ' ' : byte;
    }
    add_raw(name, escaped + "\"");
}

void report::add(std::string_view name, double value) {
    char digits[32];
    std::snprintf(digits, sizeof digits, "%.6g", value);
    add_raw(name, digits);
}

void report::add_window(const cpu_window& window, std::uint64_t messages) {
    add("messages", messages);
    add("seconds", window.elapsed());
    add("server_cpu_ns", window.server_nanoseconds());
    add("cpu_ns_per_message",
        messages == 0 ? 0.0 : static_cast<double>(window.server_nanoseconds()) / static_cast<double>(messages));
    add("server_share", window.server_share());
    add("generator_share", window.own_share());
    add("foreign_share", window.foreign_share());
}

void report::add_errors(pool& connections) {
    std::uint64_t errors = 0;
    std::string first;
    for (std::size_t index = 0; index < connections.size(); ++index) {
        const tally& counts = connections.at(index).counts();
        errors += counts.errors;
        if (first.empty()) {
            first = counts.error_text;
        }
    }
    add("errors", errors);
    if (errors > 0) {
        add("first_error", first);
    }
}

void report::print() const { std::printf("{%s}\n", text_.c_str()); }

void report::add_raw(std::string_view name, std::string_view value) {
    text_ += text_.empty() ? "\"" : ", \"";
    text_.append(name).append("\": ").append(value);
}

}  // namespace benchmark
