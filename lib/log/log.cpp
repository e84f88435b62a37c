// SPDX-License-Identifier: MIT
#include "log/log.hpp"

#include <asignalr/base/error.hpp>

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <cxxabi.h>
#include <exception>
#include <typeinfo>

namespace asignalr::detail {
namespace {

constexpr std::size_t longest_peer_text = 256;

}  // namespace

std::string demangled(const char* name) {
    int status = 0;
    std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
    return status == 0 ? text.get() : name;
}

std::string escaped(std::string_view peer_text) {
    std::string text;
    for (const char character : peer_text.substr(0, longest_peer_text)) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte >= 0x20 && byte < 0x7f && character != '\\')
            text += character;
        else
            text += fmt::format("\\x{:02x}", byte);
    }
    if (peer_text.size() > longest_peer_text) text += "...";
    return text;
}

void lane_log::write(
    log_level level,
    std::string_view message,
    std::initializer_list<log_field> fields,
    std::string_view connection_id) const noexcept {
    if (!enabled(level)) return;
    sink_->write({level, category_, message, {fields.begin(), fields.size()}, connection_id});
}

void lane_log::refused(
    refusal kind,
    clock_source::time_point now,
    std::string_view message,
    std::initializer_list<log_field> fields,
    std::string_view connection_id) noexcept {
    auto& last = last_[static_cast<std::size_t>(kind)];
    if (last != clock_source::time_point{} && now - last < std::chrono::seconds(1)) return;
    last = now;
    write(log_level::warning, message, fields, connection_id);
}

exception_description describe_current_exception() {
    try {
        throw;
    } catch (const named_error& error) {
        return {error.type_name(), error.what()};
    } catch (const std::exception& error) {
        return {demangled(typeid(error).name()), error.what()};
    } catch (...) {
        return {demangled(abi::__cxa_current_exception_type()->name()), ""};
    }
}

}  // namespace asignalr::detail
