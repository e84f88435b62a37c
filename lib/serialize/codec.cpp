// SPDX-License-Identifier: MIT
#include <asignalr/serialize/codec.hpp>

#include "serialize/time_text.hpp"

namespace asignalr {

// ---- value

namespace {

bool read_list(value_reader& in, value& into) {
    std::size_t count = 0;
    if (!in.enter_list(count)) return false;
    value::list list(count);
    for (value& element : list)
        if (!codec<value>::read(in, element)) return false;
    into = std::move(list);
    return true;
}

bool read_map(value_reader& in, value& into) {
    std::size_t count = 0;
    if (!in.enter_map(count)) return false;
    value::map map;
    for (std::size_t index = 0; index < count; ++index) {
        std::string key(in.key());
        if (!codec<value>::read(in, map[std::move(key)])) return false;
    }
    into = std::move(map);
    return true;
}

// A value has no form for a time; it is the text that a JSON client would have sent.
bool read_time(value_reader& in, value& into) {
    tick_time time;
    if (!in.read(time)) return false;
    into = detail::time_text(time);
    return true;
}

template <class Type>
bool read_as(value_reader& in, value& into) {
    Type content{};
    if (!codec<Type>::read(in, content)) return false;
    into = std::move(content);
    return true;
}

struct content_writer {
    value_writer& out;

    void operator()(std::nullptr_t) const { out.null(); }
    template <class Type>
    void operator()(const Type& content) const {
        codec<Type>::write(out, content);
    }
};

}  // namespace

bool codec<value>::read(value_reader& in, value& into) {
    switch (in.kind()) {
        case value_kind::null: into = nullptr; return in.read_null();
        case value_kind::boolean: return read_as<bool>(in, into);
        case value_kind::integer: return read_as<std::int64_t>(in, into);
        case value_kind::unsigned_integer: return read_as<std::uint64_t>(in, into);
        case value_kind::number: return read_as<double>(in, into);
        case value_kind::text: return read_as<std::string>(in, into);
        case value_kind::list: return read_list(in, into);
        case value_kind::map: return read_map(in, into);
        case value_kind::bytes: return read_as<value::bytes>(in, into);
        case value_kind::time: return read_time(in, into);
        case value_kind::unknown: return false;
    }
    return false;
}

void codec<value>::write(value_writer& out, const value& from) { std::visit(content_writer{out}, from.content()); }

}  // namespace asignalr
