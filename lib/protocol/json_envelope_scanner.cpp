// SPDX-License-Identifier: MIT
#include "protocol/json_envelope_scanner.hpp"

#include "protocol/json_scanner.hpp"

#include <cstring>

namespace asignalr::detail {
namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

class envelope_scanner {
public:
    envelope_scanner(std::string_view message, tape& values, hub_message& into)
        : end_(message.data() + message.size()), values_(values), scanner_(message, values, 1), into_(into) {}

    bool scan(const char* next) {
        do {
            next = member(next + 1);  // behind the bracket or the comma
            if (next == nullptr) return false;
            ++members_;
        } while (next != end_ && *next == ',');
        return next + 1 == end_ && *next == '}' && is_complete();
    }

private:
    // Where the value begins, if this is the name that stands there.
    const char* behind(const char* next, std::string_view name) const noexcept {
        const bool is_here = static_cast<std::size_t>(end_ - next) > name.size() && std::memcmp(next, name.data(), name.size()) == 0;
        return is_here ? next + name.size() : nullptr;
    }

    // Each property at most once: what stands twice is refused elsewhere.
    const char* member(const char* next) {
        if (end_ - next < 4) return nullptr;
        switch (next[1]) {
            case 't':
                if (const char* value = behind(next, "\"type\":")) return type(value);
                return text(behind(next, "\"target\":"), into_.target);
            case 'a': return values(behind(next, "\"arguments\":["), arguments_);
            case 's': return values(behind(next, "\"streamIds\":["), stream_ids_);
            case 'i':
                if (const char* value = behind(next, "\"invocationId\":")) return text(value, into_.invocation_id);
                return item(behind(next, "\"item\":"));
            default: return nullptr;
        }
    }

    const char* type(const char* next) {
        if (type_ != 0 || *next < '1' || *next > '9') return nullptr;
        type_ = *next - '0';
        ++scalars_;
        return next + 1;
    }

    const char* text(const char* next, std::string_view& into) {
        if (next == nullptr || *next != '"' || into.data() != nullptr) return nullptr;
        std::uint64_t seen = 0;
        const char* const start = next + 1;
        const char* const last = end_of_run<run_end::of_reading>(start, end_, seen);
        if (last == end_ || *last != '"' || (seen & high_bits) != 0) return nullptr;
        into = {start, static_cast<std::size_t>(last - start)};
        ++scalars_;
        return last + 1;
    }

    const char* values(const char* next, std::size_t& place) { return next == nullptr ? nullptr : item_at(next - 1, place); }
    const char* item(const char* next) { return next == nullptr ? nullptr : item_at(next, item_); }
    const char* item_at(const char* next, std::size_t& place) {
        if (place != nowhere) return nullptr;
        place = values_.size();
        return scanner_.scan(next);
    }

    // Whether it is all that read_envelope() asks for; the tape moves no more.
    bool is_complete() {
        if (values_.size() + 1 + members_ + scalars_ > values_.maximum_values()) return false;
        into_.type = static_cast<message_type>(type_);
        switch (into_.type) {
            case message_type::stream_invocation:
                if (into_.invocation_id.empty()) return false;
                [[fallthrough]];
            case message_type::invocation:
                if (item_ != nowhere || arguments_ == nowhere || into_.target.data() == nullptr) return false;
                into_.arguments = values_.first() + arguments_;
                if (stream_ids_ == nowhere) return true;
                into_.stream_ids = values_.first() + stream_ids_;
                return are_texts(*into_.stream_ids);
            case message_type::stream_item:
                if (arguments_ != nowhere || stream_ids_ != nowhere || into_.target.data() != nullptr) return false;
                if (item_ == nowhere || into_.invocation_id.empty()) return false;
                into_.item = values_.first() + item_;
                return true;
            default: return false;
        }
    }

    static bool are_texts(const token& list) noexcept {
        const token* const first = &list + 1;
        for (std::uint32_t index = 0; index < list.size; ++index)
            if (first[index].kind != value_kind::text) return false;
        return true;
    }

    const char* end_;
    tape& values_;
    json_scanner scanner_;
    hub_message& into_;
    std::size_t arguments_ = nowhere;  // on the tape
    std::size_t stream_ids_ = nowhere;
    std::size_t item_ = nowhere;
    std::size_t members_ = 0;
    std::size_t scalars_ = 0;  // values that are not on the tape
    int type_ = 0;
};

}  // namespace

bool scan_envelope(std::string_view message, tape& values, hub_message& into) {
    if (message.size() < 2 || message.front() != '{' || message.back() != '}') return false;
    values.begin(0);
    return envelope_scanner(message, values, into).scan(message.data());
}

}  // namespace asignalr::detail
