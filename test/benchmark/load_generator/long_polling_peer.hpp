// SPDX-License-Identifier: MIT
#pragma once

#include "posting_peer.hpp"

namespace benchmark {

// Long polling: one poll after the other on one connection, posts on the other.
class long_polling_peer final : public posting_peer {
public:
    using posting_peer::posting_peer;

private:
    void negotiated() override;
    void on_answer(std::string_view bytes) override;
    void poll();

    response_reader poll_;
    bool connected_ = false;
};

}  // namespace benchmark
