// SPDX-License-Identifier: MIT
#include "event_stream_reader.hpp"

namespace benchmark {
namespace {

constexpr std::string_view data_field = "data: ";

}  // namespace

void event_stream_reader::feed(std::string_view bytes, message_counter& to) {
    while (!bytes.empty()) {
        if (in_data_) {
            bytes = take_data(bytes, to);
        } else {
            take_other(bytes.front());
            bytes.remove_prefix(1);
        }
    }
}

std::string_view event_stream_reader::take_data(std::string_view bytes, message_counter& to) {
    const std::size_t end = bytes.find_first_of("\r\n");
    to.feed(bytes.substr(0, end));
    if (end == std::string_view::npos) {
        return {};
    }
    in_data_ = false;
    begin_.clear();
    return bytes.substr(end + 1);
}

void event_stream_reader::take_other(char byte) {
    if (byte == '\r' || byte == '\n') {
        begin_.clear();
    } else if (begin_.size() < data_field.size()) {
        begin_ += byte;
        in_data_ = begin_ == data_field;
    }
}

}  // namespace benchmark
