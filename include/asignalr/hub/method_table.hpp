// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/hub/detail/call.hpp>
#include <asignalr/hub/hub.hpp>
#include <asignalr/hub/method_options.hpp>

#include <cstddef>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>

namespace asignalr {

namespace detail {

/// Memory for one call object; what does not fit goes to the heap.
inline constexpr std::size_t call_storage_size = 256;

/// One row of a hub's method table.
struct method_entry {
    std::string name;
    method_pointer method;
    unsigned parameters = 0;  // that the client passes as arguments
    unsigned uploads = 0;     // that the client passes as streams
    bool is_stream = false;
    bool is_plain = false;  // not a coroutine
    call* (*make)(void* storage, hub& target, method_pointer method) = nullptr;
    method_options options;
};

/// The rows of one hub, before they are indexed.
class ASIGNALR_API method_list {
public:
    virtual void add(method_entry entry) = 0;

protected:
    ~method_list() = default;
};

template <class Call>
call* make_call(void* storage, hub& target, method_pointer method) {
    if constexpr (sizeof(Call) <= call_storage_size && alignof(Call) <= alignof(std::max_align_t))
        return ::new (storage) Call(target, method);
    else
        return new Call(target, method);
}

// Which class runs a method, by what it returns.
template <class Result, class Pointer, class... Parameters>
struct call_for {
    using type = plain_call<Result, Pointer, Parameters...>;
    static constexpr bool is_stream = false, is_plain = true;
};
template <class Result, class Pointer, class... Parameters>
struct call_for<task<Result>, Pointer, Parameters...> {
    using type = task_call<Result, Pointer, Parameters...>;
    static constexpr bool is_stream = false, is_plain = false;
};
template <class Item, class Pointer, class... Parameters>
struct call_for<generator<Item>, Pointer, Parameters...> {
    using type = stream_call<Item, Pointer, Parameters...>;
    static constexpr bool is_stream = true, is_plain = false;
};

template <class Parameter>
constexpr void check_parameter() {
    static_assert(
        !std::is_reference_v<Parameter>,
        "asignalr: a hub method takes its parameters by value, since the message they come from is gone when it suspends");
    static_assert(
        !std::is_pointer_v<Parameter>, "asignalr: a hub method cannot take a pointer; take the value itself, or std::optional");
}

template <class Result, class Pointer, class... Parameters>
method_entry make_entry(std::string_view name, Pointer method, method_options options) {
    (check_parameter<Parameters>(), ...);
    using chosen = call_for<Result, Pointer, Parameters...>;
    using call_type = typename chosen::type;
    method_entry entry;
    entry.name = name;
    entry.method = method_pointer::of(method);
    entry.parameters = (0u + ... + unsigned{parameter<Parameters>::counts});
    entry.uploads = (0u + ... + unsigned{parameter<Parameters>::is_upload});
    entry.is_stream = chosen::is_stream;
    entry.is_plain = chosen::is_plain && entry.uploads == 0;
    entry.make = [](void* storage, hub& target, method_pointer pointer) {
        return make_call<call_type>(storage, target, pointer);
    };
    entry.options = options;
    return entry;
}

}  // namespace detail

/// Names the methods of a hub: what `describe` is given.
///
/// Names on the wire are spelled out, so renaming a C++ function does not break clients. They match without regard to ASCII case.
template <class Hub>
class method_table {
public:
    /// @param rows where the rows go; the server makes it
    explicit method_table(detail::method_list& rows) noexcept : rows_(rows) {}

    /// Lets clients call `Method` as `name`.
    ///
    /// The parameters must own their data: numbers, text, containers, structs with `fields_of`, types with a `codec`, `upload<T>`, and
    /// `invocation`, which is filled in. Anything else is a compile error that names it.
    /// @param options the deadline, and what happens when the client leaves
    /// @throws std::logic_error if the name is empty or taken; SignalR has no overloads
    template <auto Method>
    method_table& expose(std::string_view name, method_options options = {}) {
        rows_.add(entry_for(name, Method, options));
        return *this;
    }

private:
    template <class Result, class Class, class... Parameters>
    static detail::method_entry entry_for(
        std::string_view name, Result (Class::*method)(Parameters...), method_options options) {
        using own_pointer = Result (Hub::*)(Parameters...);  // also of a method that comes from a base that is no hub
        using pointer = Result (hub::*)(Parameters...);
        return detail::make_entry<Result, pointer, Parameters...>(name, static_cast<pointer>(own_pointer(method)), options);
    }
    template <class Result, class Class, class... Parameters>
    static detail::method_entry entry_for(
        std::string_view name, Result (Class::*method)(Parameters...) const, method_options options) {
        using own_pointer = Result (Hub::*)(Parameters...) const;  // also of a method that comes from a base that is no hub
        using pointer = Result (hub::*)(Parameters...) const;
        return detail::make_entry<Result, pointer, Parameters...>(name, static_cast<pointer>(own_pointer(method)), options);
    }

    detail::method_list& rows_;
};

}  // namespace asignalr
