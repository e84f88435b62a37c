// SPDX-License-Identifier: MIT
#include "hub/hub_lane.hpp"

#include "hub/call_job.hpp"
#include "hub/hub_core.hpp"
#include "hub/hub_session.hpp"

#include <algorithm>
#include <new>

namespace asignalr::detail {
namespace {

constexpr std::size_t most_spare_jobs = 64;

bool is_excluded(const message_target& target, std::string_view id) noexcept {
    return std::find(target.excluded.begin(), target.excluded.end(), id) != target.excluded.end();
}

}  // namespace

hub_lane::hub_lane(hub_core& core, std::shared_ptr<lane_workspace> workspace, std::shared_ptr<logger> log)
    : core_(core),
      workspace_(std::move(workspace)),
      json_(core.options().camel_case_names, core.options().ignore_case_of_names),
      log_(std::move(log), "hub"),
      around_{*workspace_->where, core.options(), workspace_->buffers, workspace_->values, json_, messagepack_, log_},
      registry_(*workspace_->where, core.options().disconnect_timeout) {
    spare_jobs_.reserve(most_spare_jobs);
}

hub_lane::~hub_lane() = default;

std::string_view hub_lane::name() const noexcept { return core_.name(); }

void hub_lane::exists(hub_session& session) {
    session.place_among_all = all_.size();
    all_.push_back(&session);
}

void hub_lane::is_gone(hub_session& session) noexcept {
    all_[session.place_among_all] = all_.back();
    all_[session.place_among_all]->place_among_all = session.place_among_all;
    all_.pop_back();
}

void hub_lane::add(hub_session& session) {
    const auto place = by_id_.emplace(session.id(), &session).first;
    try {
        sessions_.push_back(&session);
    } catch (const std::bad_alloc&) {
        by_id_.erase(place);
        throw;
    }
    session.place = sessions_.size() - 1;
    core_.clients_of(session.protocol().kind()).fetch_add(1, std::memory_order_relaxed);
}

void hub_lane::remove(hub_session& session) {
    groups_.remove_from_all(session);
    by_id_.erase(session.id());
    core_.clients_of(session.protocol().kind()).fetch_sub(1, std::memory_order_relaxed);
    sessions_[session.place] = sessions_.back();
    sessions_[session.place]->place = session.place;
    sessions_.pop_back();
}

hub_session* hub_lane::find(std::string_view connection_id) const {
    const auto found = by_id_.find(connection_id);
    return found == by_id_.end() ? nullptr : found->second;
}

// Sending may end a session that does not read, but never removes one: that is done in a turn of its own.
void hub_lane::deliver(const message_target& target, const encoded_message& message) {
    const auto send_to = [&](hub_session& session) {
        if (!is_excluded(target, session.id())) session.send(message);
    };
    switch (target.whom) {
        case message_target::kind::all:
            for (hub_session* session : sessions_)
                send_to(*session);
            break;
        case message_target::kind::connections:
            for (const std::string& id : target.names)
                if (hub_session* session = find(id)) send_to(*session);
            break;
        case message_target::kind::groups:
            for (const std::string& name : target.names)
                if (const group* members = groups_.find(name))
                    for (group_member* member : members->members)
                        send_to(static_cast<hub_session&>(*member));
            break;
    }
}

void hub_lane::open(std::unique_ptr<transport> by, std::string id, std::string token, http_request request) {
    const kept<hub_session> session(new hub_session(core_.shared_from_this(), *this, std::move(id), token, std::move(request)));
    registry_.set_open(token, *session);
    session->attach(std::move(by));
}

void hub_lane::end_all() {
    for (hub_session* session : all_)
        session->end({.allow_reconnect = true, .close = transport_close::going_away}, std::nullopt);
}

void hub_lane::cancel_all() {
    const std::vector<hub_session*> all = all_;
    for (hub_session* session : all)
        session->cancel_all();
}

void hub_lane::abort_all() {
    const std::vector<hub_session*> all = all_;
    for (hub_session* session : all)
        session->abort();
}

void hub_lane::drop_all() noexcept {
    registry_.forget_unclaimed();
    const std::vector<hub_session*> all = all_;
    for (hub_session* session : all)
        session->drop();
}

std::unique_ptr<call_job> hub_lane::take_job() {
    if (spare_jobs_.empty()) return std::make_unique<call_job>();
    std::unique_ptr<call_job> job = std::move(spare_jobs_.back());
    spare_jobs_.pop_back();
    return job;
}

void hub_lane::give_back(std::unique_ptr<call_job> job) noexcept {
    job->reset();
    if (spare_jobs_.size() < most_spare_jobs) spare_jobs_.push_back(std::move(job));
}

}  // namespace asignalr::detail
