// SPDX-License-Identifier: MIT
#pragma once

#include "server_fixture.hpp"

#include <string>
#include <string_view>

namespace asignalr::detail {

/// One answer, taken apart.
struct http_answer {
    int status = 0;
    std::string head;
    std::string body;
};

/// Takes the first whole answer off what arrived; status 0 if there is none.
http_answer take_answer(std::string& bytes);

/// Messages, one a line.
std::string lines_of(std::string bytes);

/// A server in memory, and a client that speaks plain requests to it.
class http_client_fixture : public server_fixture {
protected:
    http_client_fixture();
    ~http_client_fixture() override;

    std::string new_token();
    /// The request of a method on a connection of the hub.
    static std::string request_for(std::string_view method, std::string_view token, std::string_view headers = {}, std::string_view body = {});
    http_answer answered(std::string_view bytes);
    http_answer get(std::string_view token);
    http_answer remove(std::string_view token);
    http_answer post(std::string_view token, std::string_view body);
    http_answer say(std::string_view token, std::string_view message);
    /// A connection by long polling that has shaken hands.
    std::string connect_polling();
    /// A client whose request waits for its answer.
    raw_client park(std::string_view token);
    /// The same when clients have closed their sockets, and the registry has forgotten what it noted at negotiate.
    void expect_nothing_left_in_time();
    http_answer answer_to(raw_client& client);
};

}  // namespace asignalr::detail
