// SPDX-License-Identifier: MIT
#include "hub/hub_core.hpp"

#include "hub/call_job.hpp"
#include "hub/memory_lifetime_manager.hpp"

#include <stdexcept>
#include <utility>

namespace asignalr::detail {

hub_core::hub_core(std::string name, hub_options options, hub_factory factory, method_index methods)
    : name_(std::move(name)),
      options_(std::move(options)),
      common_(common_options(options_, "hub_options")),
      factory_(std::move(factory)),
      methods_(std::move(methods)),
      lifetime_(std::make_unique<memory_lifetime_manager>(*this)) {
    if (!options_.protocols.json && !options_.protocols.messagepack)
        throw std::logic_error("asignalr: the hub '" + name_ + "' has no protocol; hub_options::protocols names those it has");
}

hub_core::~hub_core() = default;

void hub_core::add_lane(std::shared_ptr<lane_workspace> workspace, std::shared_ptr<logger> log) {
    log_ = log;
    lanes_.push_back(std::make_unique<hub_lane>(*this, std::move(workspace), std::move(log)));
}

void log_unserializable(
    lane_log& log, counters* count, std::string_view method, std::string_view protocol, std::string_view connection_id) noexcept try {
    if (count != nullptr) count->sends_failed.add();
    const exception_description what = describe_current_exception();
    log.write(
        log_level::error, "a message to clients could not be serialised and was not sent",
        {{"method", method}, {"protocol", protocol}, {"type", what.type}, {"text", what.text}}, connection_id);
} catch (...) {
    // Out of memory while logging: the message is lost, which is what the log would have said.
}

namespace {

payload encode(hub_protocol& protocol, std::string_view method, const outgoing_arguments& arguments) {
    std::string message;
    arguments.write(arguments.values, protocol.begin_invocation(message, method, arguments.count));
    protocol.end_invocation();
    return make_framed_payload(message, protocol.format());
}

}  // namespace

void hub_core::send(message_target target, std::string_view method, const outgoing_arguments& arguments) {
    // A thread of its own may be sending, so nothing of a lane is used.
    json_protocol json(options_.camel_case_names);
    messagepack_protocol messagepack;
    encoded_message message;
    std::size_t serializations = 0;
    lane* here = nullptr;
    for (const auto& one : lanes_)
        if (one->where().here()) here = &one->where();
    counters* count_failure = here != nullptr ? &here->count() : nullptr;  // once for a message
    for (hub_protocol* protocol : {static_cast<hub_protocol*>(&json), static_cast<hub_protocol*>(&messagepack)}) {
        // Whoever opens a connection meanwhile on another lane is not there yet.
        if (clients_of(protocol->kind()).load(std::memory_order_relaxed) == 0) continue;
        try {
            message[static_cast<std::size_t>(protocol->kind())] = encode(*protocol, method, arguments);
            ++serializations;
        } catch (...) {
            // The clients of the other protocol may be all that are meant.
            lane_log log(log_, "hub");
            log_unserializable(log, std::exchange(count_failure, nullptr), method, protocol->name(), {});
        }
    }
    if (serializations == 0) return;
    if (here != nullptr)
        here->count().serializations.add(serializations);
    else
        outside_serializations_.fetch_add(serializations, std::memory_order_relaxed);
    lifetime_->publish(std::make_shared<const message_target>(std::move(target)), std::move(message));
}

}  // namespace asignalr::detail
