// SPDX-License-Identifier: MIT
#pragma once

#include "event_stream_reader.hpp"
#include "posting_peer.hpp"

namespace benchmark {

// Server-Sent Events: an answer without end on one connection, posts on the other.
class event_stream_peer final : public posting_peer {
public:
    using posting_peer::posting_peer;

private:
    void negotiated() override;
    void on_answer(std::string_view bytes) override;

    response_reader stream_;
    event_stream_reader events_;
    bool streaming_ = false;
};

}  // namespace benchmark
