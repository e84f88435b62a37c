// SPDX-License-Identifier: MIT
#include <asignalr/log/logger.hpp>

#include <fmt/format.h>

#include <cstdio>

namespace asignalr {
namespace {

constexpr std::string_view name_of(log_level level) noexcept {
    switch (level) {
        case log_level::trace: return "trace";
        case log_level::debug: return "debug";
        case log_level::info: return "info";
        case log_level::warning: return "warning";
        case log_level::error: return "error";
        case log_level::none: break;
    }
    return "none";
}

class console_logger final : public logger {
public:
    explicit console_logger(log_level threshold) : threshold_(threshold) {}

    bool enabled(log_level level, std::string_view) const noexcept override { return level >= threshold_; }

    void write(const log_record& record) noexcept override try {
        std::string line = fmt::format("{}: asignalr.{}: {}", name_of(record.level), record.category, record.message);
        for (const log_field& field : record.fields) line += fmt::format(" {}={}", field.name, field.value);
        if (!record.connection_id.empty()) line += fmt::format(" connection={}", record.connection_id);
        line += '\n';
        std::fwrite(line.data(), 1, line.size(), stderr);
    } catch (...) {
        // A log line that cannot be formatted or written must not disturb the service.
    }

private:
    log_level threshold_;
};

}  // namespace

logger::~logger() = default;

std::shared_ptr<logger> make_console_logger(log_level threshold) { return std::make_shared<console_logger>(threshold); }

}  // namespace asignalr
