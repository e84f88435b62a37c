// SPDX-License-Identifier: MIT
#pragma once

#include "options.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace benchmark {

// What the server has said on one connection.
struct tally {
    bool greeted = false;  // from now on it takes calls
    std::uint64_t invocations = 0;
    std::uint64_t items = 0;
    std::uint64_t completions = 0;
    std::uint64_t errors = 0;
    bool closed = false;
    std::string close_text;
    std::string error_text;       // of the first failed completion
    std::string last_completion;  // its first bytes; kept only while asked for
};

// Counts the messages of a server in the language it speaks. Feed it all that arrives, without the transport's frames.
class message_counter {
public:
    virtual ~message_counter() = default;

    virtual void feed(std::string_view piece) = 0;

    // For languages whose messages end with the frame they came in.
    virtual void end_frame() {}

    // What the language wants to be answered at once; true once for each.
    virtual bool take_reply(std::string&) { return false; }

    // Keeping the text of completions costs a copy each: for a few replies that are looked at, not for a measured
    // window.
    void keep_completions(bool keep) { keep_completions_ = keep; }

    const tally& counts() const { return counts_; }

protected:
    bool keeps_completions() const { return keep_completions_; }

    tally counts_;

private:
    bool keep_completions_ = false;
};

// For the wire and the protocol of the settings.
std::unique_ptr<message_counter> make_counter(const options& settings);

}  // namespace benchmark
