// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/runtime/task.hpp>
#include <asignalr/serialize/arguments.hpp>
#include <asignalr/serialize/codec.hpp>
#include <asignalr/serialize/value_reader.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asignalr::detail {

class test_session;

/// Where values of some types are read to, behind one function pointer: the counterpart of outgoing_arguments.
struct incoming_values {
    std::size_t count;
    bool (*read)(value_reader& from, void* into);
    void* into;
};

template <class Value>
incoming_values one_value(Value& into) {
    return {1, [](value_reader& from, void* place) { return codec<Value>::read(from, *static_cast<Value*>(place)); }, &into};
}

/// What a test's client does with its connection, whatever the types. A handle.
///
/// Messages of the server wait in boxes until they are taken: one for each call and each stream of the client's, one for each method that
/// the hub calls.
class ASIGNALR_API test_link {
public:
    enum class wants : unsigned char { nothing, result, items };

    explicit test_link(std::shared_ptr<test_session> session) noexcept : session_(std::move(session)) {}

    /// Calls a method of the hub.
    /// @param uploads the ids of those that come with it
    /// @returns the id of the call; empty if nothing is wanted
    std::string call(
        wants what, std::string_view method, const outgoing_arguments& arguments, const std::vector<std::string>& uploads) const;
    void cancel(std::string_view id) const;

    std::string begin_upload() const;
    void send_item(std::string_view upload, const outgoing_arguments& item) const;
    /// @param error null: the end is orderly
    void end_upload(std::string_view upload, const std::string* error) const;

    /// The box of the answers to a call, and that of the hub's calls of a method.
    static std::string answers_to(std::string_view id) { return "answers to " + std::string(id); }
    std::string calls_of(std::string_view method) const;

    /// How many messages are in a box.
    std::size_t count(const std::string& box) const;
    /// Runs until there is one; async_wait() lets others run it.
    void wait(const std::string& box) const;
    static task<void> async_wait(test_link link, std::string box);
    /// Reads the first message of a box, and removes it unless it is the end of a call, which can be read again.
    /// @returns false if it is an end without a value
    /// @throws hub_error if it is an error
    bool take(const std::string& box, const incoming_values& into) const;

private:
    std::shared_ptr<test_session> session_;
};

}  // namespace asignalr::detail
