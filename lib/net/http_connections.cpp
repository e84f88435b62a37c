// SPDX-License-Identifier: MIT
#include "net/http_connections.hpp"

#include "net/http_connection.hpp"
#include "runtime/lane.hpp"

#include <utility>
#include <vector>

namespace asignalr::detail {

http_connections::http_connections(
    lane& where, exchange_handler& handler, const http_options& options, const std::shared_ptr<logger>& log)
    : lane_(where),
      handler_(handler),
      options_(options),
      body_rate_{options.minimum_body_rate, options.rate_grace, options.stall_timeout},
      response_rate_{options.minimum_response_rate, options.rate_grace, options.stall_timeout},
      log_(log, "http") {}

void http_connections::serve(std::unique_ptr<byte_stream> stream, std::string bytes_read, std::optional<http_headers> decided) {
    stream->count_in({lane_.shared_from_this(), &lane_.count().sockets});
    auto connection = std::make_shared<http_connection>(*this, std::move(stream));
    all_.insert(connection);
    connection->start(std::move(bytes_read), std::move(decided));
}

void http_connections::wind_down() {
    winding_down_ = true;
    // A copy: those that close leave the set.
    const std::vector<std::shared_ptr<http_connection>> copy(all_.begin(), all_.end());
    for (const auto& connection : copy)
        connection->close_if_idle();
}

void http_connections::close_all() noexcept {
    while (!all_.empty()) {
        const std::shared_ptr<http_connection> first = *all_.begin();
        first->finish();
    }
}

}  // namespace asignalr::detail
