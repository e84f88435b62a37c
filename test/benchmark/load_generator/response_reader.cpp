// SPDX-License-Identifier: MIT
#include "response_reader.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace benchmark {

std::string_view response_reader::feed(std::string_view bytes) {
    while (!bytes.empty() && !is_complete()) {
        switch (expected_) {
            case part::head: bytes = take_head(bytes); break;
            case part::body:
            case part::chunk: bytes = take_body_bytes(bytes); break;
            default: bytes = take_line(bytes);
        }
    }
    return bytes;
}

int response_reader::status() const { return std::atoi(head_.substr(head_.find(' ') + 1, 3).c_str()); }

void response_reader::next() { *this = {}; }

std::string_view response_reader::take_head(std::string_view bytes) {
    constexpr std::string_view end_mark = "\r\n\r\n";
    const std::size_t before = head_.size();
    head_.append(bytes);
    const std::size_t end = head_.find(end_mark);
    if (end == std::string::npos) {
        return {};
    }
    head_.resize(end + end_mark.size());
    left_ = std::strtoull(header("content-length").c_str(), nullptr, 10);
    expected_ = header("transfer-encoding") == "chunked" ? part::chunk_size : left_ > 0 ? part::body : part::nothing;
    return bytes.substr(head_.size() - before);
}

std::string response_reader::header(std::string_view name) const {
    std::string lower = head_;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char one) { return std::tolower(one); });
    const std::string wanted = "\r\n" + std::string(name) + ": ";
    const std::size_t begin = lower.find(wanted);
    return begin == std::string::npos
               ? ""
               : lower.substr(begin + wanted.size(), lower.find("\r\n", begin + 2) - begin - wanted.size());
}

std::string_view response_reader::take_body_bytes(std::string_view bytes) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    body_.append(bytes.substr(0, size));
    left_ -= size;
    if (left_ == 0) {
        expected_ = expected_ == part::body ? part::nothing : part::chunk_end;
    }
    return bytes.substr(size);
}

std::string_view response_reader::take_line(std::string_view bytes) {
    const std::size_t end = bytes.find('\n');
    line_.append(bytes.substr(0, end));
    if (end == std::string_view::npos) {
        return {};
    }
    end_line();
    line_.clear();
    return bytes.substr(end + 1);
}

void response_reader::end_line() {
    if (expected_ == part::chunk_end) {
        expected_ = part::chunk_size;
    } else if (expected_ == part::chunk_size) {
        left_ = std::strtoull(line_.c_str(), nullptr, 16);
        expected_ = left_ > 0 ? part::chunk : part::trailer;
    } else if (line_ == "\r") {
        expected_ = part::nothing;
    }
}

}  // namespace benchmark
