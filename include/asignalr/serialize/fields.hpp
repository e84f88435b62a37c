// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>

namespace asignalr {

/// One field of a struct: its name on the wire, and the member.
template <class Class, class Member>
struct field_of_class {
    std::string_view name;   ///< On the wire, in every encoding.
    Member Class::* member;  ///< Where it lives.
};

/// Names a member; see `fields`.
template <class Class, class Member>
constexpr field_of_class<Class, Member> field(std::string_view name, Member Class::* member) {
    return {name, member};
}

/// The fields of a struct, in the order in which they are written.
///
/// Found by argument-dependent look-up, so it stands beside the struct:
/// `constexpr auto fields_of(const point*) { return asignalr::fields(asignalr::field("X", &point::x)); }`
template <class... Fields>
constexpr std::tuple<Fields...> fields(Fields... list) {
    return {list...};
}

/// One enumerator and its name on the wire.
template <class Enum>
struct named_enumerator {
    std::string_view name;  ///< On the wire, where names travel.
    Enum value;             ///< The enumerator.
};

/// The enumerators of an enum; `enumerators_of(const E*)` returns an array of them and is found like `fields_of`.
template <class Enum, std::size_t Count>
struct enumerator_list {
    named_enumerator<Enum> rows[Count];  ///< In the order of the list.
};

/// Lists enumerators: `constexpr auto enumerators_of(const colour*) { return asignalr::enumerators<colour>({{"Red", colour::red}}); }`
template <class Enum, std::size_t Count>
constexpr enumerator_list<Enum, Count> enumerators(const named_enumerator<Enum> (&list)[Count]) {
    enumerator_list<Enum, Count> result{};
    for (std::size_t index = 0; index < Count; ++index)
        result.rows[index] = list[index];
    return result;
}

}  // namespace asignalr
