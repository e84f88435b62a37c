// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/serialize/codec.hpp>
#include <asignalr/serialize/value_writer.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace asignalr::detail {

/// The arguments of one call to the other side, behind one function pointer: serialised where the protocol is known.
struct outgoing_arguments {
    std::size_t count;
    void (*write)(const void* values, value_writer& out);
    const void* values;
};

// Text literals travel as text; everything else as the type it has.
template <class Type>
using sent_as = std::conditional_t<
    std::is_convertible_v<const Type&, std::string_view> && !std::is_same_v<Type, std::nullptr_t>,
    std::string_view,
    Type>;

template <class Type>
void write_argument(value_writer& out, const Type& value) {
    if constexpr (std::is_same_v<Type, std::string_view>)
        out.text(value);
    else
        codec<Type>::write(out, value);
}

/// Calls `use` with these values as they are to be sent; they are packed while it runs.
template <class Use, class... Types>
decltype(auto) with_arguments(Use use, const Types&... values) {
    auto write = [&](value_writer& out) { (write_argument(out, values), ...); };
    using writer = decltype(write);
    return use(outgoing_arguments{
        sizeof...(Types), [](const void* packed, value_writer& out) { (*static_cast<const writer*>(packed))(out); }, &write});
}

}  // namespace asignalr::detail
