// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/hub/detail/call.hpp>
#include <asignalr/hub/hub.hpp>
#include <asignalr/net/http.hpp>

#include "connection/connection.hpp"
#include "hub/call_job.hpp"
#include "hub/group_table.hpp"
#include "hub/hub_lane.hpp"

#include <any>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

/// What a hub has with one client: the hub object, the running and waiting calls, the uploads, the groups.
///
/// Kept alive by the hub's lane until `on_disconnected` has ended, by each call, and by the transport.
class hub_session final : public connection, public group_member, private connection_events, private upload_observer {
public:
    /// @param token what its requests name it by; equal to the id without negotiation
    hub_session(std::shared_ptr<hub_core> core, hub_lane& at, std::string id, std::string token, http_request request);
    ~hub_session() override;

    hub_lane& at() noexcept { return at_; }
    const std::shared_ptr<hub_core>& core() const noexcept { return core_; }
    const http_request& request() const noexcept { return request_; }
    std::map<std::string, std::any>& items();
    using connection::attach;
    void attach(std::unique_ptr<transport> by) { connection::attach(std::move(by), *this); }

    /// The hub object that serves a call: the connection's one, or a new one that `own` keeps.
    hub* hub_for_call(std::unique_ptr<hub>& own);
    upload_observer& upload_room() noexcept { return *this; }
    /// A call has ended; the job is given back.
    void call_finished(call_job& job, std::exception_ptr failure) noexcept;
    /// Cancels what is still running, at the server's deadline: calls, `on_connected` and `on_disconnected`.
    void cancel_all();
    /// The server is destroyed: closes the socket and lets go of everything, now. `on_disconnected` does not run.
    void drop() noexcept;

    std::size_t place_among_all = 0;  // kept by the hub_lane
    std::size_t place = 0;            // among the lane's sessions; likewise

private:
    struct open_upload {
        std::string id;
        call_job* job;
        std::unique_ptr<upload_input> input;
    };
    class life_job;
    class connecting_job;
    class disconnecting_job;

    void on_opened() override;
    void on_message(const hub_message& message, std::string_view raw) override;
    void on_ended(std::optional<std::string> error) noexcept override;
    void on_upload_room() override { update_hold(); }

    std::unique_ptr<hub> make_hub();
    void connected(std::exception_ptr failure) noexcept;
    void end_with(std::exception_ptr failure) noexcept;
    static std::exception_ptr client_is_gone() noexcept;
    void disconnect() noexcept;
    void leave() noexcept;

    // What a client may be told of an exception.
    struct client_details {
        std::string text;
        bool always;  // also without detailed errors
    };

    void begin_call(const hub_message& message, std::size_t message_size);
    std::string check_call(const hub_message& message, const method_entry& method);
    std::string accept_uploads(const hub_message& message, call_job& job);
    void run(std::unique_ptr<call_job> job);
    void run_waiting();
    void cancel_call(std::string_view invocation_id);
    call_job* running(std::string_view invocation_id) const noexcept;
    void answer(call_job& job, std::exception_ptr failure);
    void answer_failure(call_job& job, std::exception_ptr failure);
    void answer_error(std::string_view invocation_id, std::string_view error);
    void refuse_call(const hub_message& message, std::string_view error);
    std::string shown(std::string_view details) const;
    static client_details details_of(std::exception_ptr failure);
    static bool tells_of_the_end(std::exception_ptr failure) noexcept;
    void report(const call_job& job, std::exception_ptr failure) noexcept;
    void log_failure(std::string_view method, std::exception_ptr failure) noexcept;
    void take_item(const hub_message& message);
    std::exception_ptr push(upload_input& input, const hub_message& message);
    void end_upload(const hub_message& message);
    void close_uploads_of(const call_job& job);
    void update_hold();

    std::shared_ptr<hub_core> core_;
    hub_lane& at_;
    std::string token_;
    http_request request_;
    std::unique_ptr<std::map<std::string, std::any>> items_;
    std::unique_ptr<hub> hub_;  // behind the items, which its destructor may use
    std::vector<std::unique_ptr<call_job>> running_;
    std::unique_ptr<std::deque<std::unique_ptr<call_job>>> waiting_;  // exists while calls wait
    std::vector<open_upload> uploads_;
    std::optional<std::string> ended_with_;
    life_job* life_ = nullptr;  // the one that runs
    std::size_t permits_in_use_ = 0;
    std::size_t waiting_bytes_ = 0;
    std::size_t streams_ = 0;
    std::size_t uploads_of_calls_ = 0;  // of those that run, whether they have ended or not
    bool present_ = false;  // from on_opened() to leave()
    bool connecting_ = false;
    bool connected_ = false;
    bool disconnecting_ = false;
    bool ended_ = false;
    bool dropped_ = false;
    bool run_waiting_active_ = false;
};

}  // namespace asignalr::detail
