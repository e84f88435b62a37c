// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/hub/detail/call.hpp>
#include <asignalr/hub/method_table.hpp>

#include "connection/counted.hpp"
#include "protocol/hub_message.hpp"
#include "runtime/job.hpp"
#include "runtime/sweep.hpp"

#include <asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace asignalr::detail {

class hub_session;

/// One call of a hub method, from its message to its completion: the call object in place, its id, and its place in the session.
class call_job final : public job, private call_input, private stream_output, private sweep_entry {
public:
    call_job();
    ~call_job();

    /// Makes the call object and reads the arguments. False: they do not fit.
    bool prepare(hub_session& session, const method_entry& method, const hub_message& message, std::size_t message_size);
    /// Lets go of everything that belongs to the call, so that the memory can be used for another.
    void reset() noexcept;

    const method_entry& method() const noexcept { return *method_; }
    std::string_view id() const noexcept { return id_; }
    std::size_t message_size() const noexcept { return message_size_; }
    call& what() noexcept { return *call_; }
    std::vector<std::unique_ptr<upload_input>>& uploads() noexcept { return uploads_; }

    /// The call begins: its deadline runs from now.
    void begin();
    /// Cancels it at its next suspension; from then on a stream ends without an error.
    void cancel_call();
    bool was_cancelled() const noexcept { return cancelled_; }
    bool was_too_late() const noexcept { return too_late_; }
    /// Whether a stream failed after its method had returned the generator.
    bool stream_had_begun() const noexcept { return stream_begun_; }

    bool holds_permit = false;

    asio::awaitable<void> run() override;
    void done(std::exception_ptr failure) noexcept override;

private:
    value_reader& arguments() noexcept override { return *reader_; }
    invocation describe() override;
    std::size_t stream_buffer_capacity() const noexcept override;
    upload_observer& on_upload_room() noexcept override;
    void add_upload(std::unique_ptr<upload_input> upload) override { uploads_.push_back(std::move(upload)); }

    bool stopped() const noexcept override;
    bool here() const noexcept override;
    task<void> return_here() override;
    value_writer& begin_item() override;
    bool end_item() override;
    void abandon_item() noexcept override;
    task<void> room() override;
    task<void> give_way() override;

    void on_sweep(clock_source::time_point now) override;

    kept<hub_session> session_;
    const method_entry* method_ = nullptr;
    call* call_ = nullptr;
    value_reader* reader_ = nullptr;  // while the arguments are read
    std::string id_;
    std::unique_ptr<hub> own_hub_;
    std::vector<std::unique_ptr<upload_input>> uploads_;
    std::shared_ptr<invocation_state> state_;
    clock_source::time_point deadline_{};
    std::size_t message_size_ = 0;
    bool cancelled_ = false;
    bool too_late_ = false;
    bool stream_begun_ = false;
    alignas(std::max_align_t) unsigned char storage_[call_storage_size];
};

}  // namespace asignalr::detail
