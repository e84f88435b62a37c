// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/connection/raw_connection.hpp>

#include "connection/endpoint.hpp"
#include "connection/outbox.hpp"
#include "connection/write_watch.hpp"
#include "runtime/job.hpp"
#include "runtime/sweep.hpp"
#include "runtime/waiting_list.hpp"

#include <memory>
#include <optional>
#include <string>

namespace asignalr::detail {

class raw_lane;

/// One raw connection: the bytes that wait on both sides, and the handler that runs for it.
///
/// If memory runs out in the middle of something, it is aborted. Kept alive by its transport until that is released, by its handler until
/// that has ended, and by the user's handles.
class raw_session final : public std::enable_shared_from_this<raw_session>,
                          public transport_owner,
                          private transport_events,
                          private sweep_entry {
public:
    raw_session(std::shared_ptr<const void> owner, raw_lane& at, std::string id, std::string token, http_request request);
    ~raw_session();

    std::string_view id() const noexcept { return id_; }
    const http_request& request() const noexcept { return request_; }
    transport* by() const noexcept override { return transport_.get(); }
    std::string_view transport_name() const noexcept { return transport_name_; }

    /// Begins to serve.
    void attach(std::unique_ptr<transport> by);

    static task<std::optional<std::string>> read(std::shared_ptr<raw_session> self);
    static task<void> write(std::shared_ptr<raw_session> self, std::string bytes);

    /// Ends in order; nothing more can be read or written.
    void end(transport_close why) noexcept;
    void abort() noexcept;
    void cancel();
    /// The server is destroyed.
    void drop() noexcept;

    std::size_t place = 0;  // kept by the raw_lane

private:
    class handler_job;

    void on_read_begin() override {}
    std::size_t on_bytes(char* bytes, std::size_t size) override;
    void on_read_end() override {}
    void on_writable() override;
    void on_input_ended(input_end how) override;
    void on_released() override;
    void on_sweep(clock_source::time_point now) override;

    template <class Turn>
    void with_memory(Turn turn) noexcept;
    void end_input();
    void close_when_sent();
    void drop_slow_reader();
    void look_at_time(clock_source::time_point now);
    void handler_ended(std::exception_ptr failure) noexcept;
    void log_failure(std::exception_ptr failure) const noexcept;
    lane& where() const noexcept;

    std::shared_ptr<const void> owner_;  // goes last
    raw_lane& at_;
    std::string id_;
    std::string token_;
    http_request request_;
    std::string_view transport_name_;
    std::unique_ptr<transport> transport_;
    outbox outbox_;
    std::shared_ptr<waiting_list> readers_ = std::make_shared<waiting_list>();
    std::string received_;
    handler_job* handler_ = nullptr;  // while it runs
    std::shared_ptr<raw_session> until_released_;
    write_watch write_watch_;
    transport_close close_code_ = transport_close::normal;
    bool paused_ = false;
    bool input_over_ = false;
    bool closing_ = false;
    bool close_pending_ = false;
    bool cancelled_ = false;
};

}  // namespace asignalr::detail
