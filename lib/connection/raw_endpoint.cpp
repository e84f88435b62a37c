// SPDX-License-Identifier: MIT
#include "connection/raw_endpoint.hpp"

#include "connection/raw_session.hpp"

#include <utility>

namespace asignalr::detail {

raw_lane::raw_lane(raw_endpoint& owner, std::shared_ptr<lane_workspace> workspace, std::shared_ptr<logger> log)
    : owner_(owner),
      workspace_(std::move(workspace)),
      log_(std::move(log), "connection"),
      registry_(*workspace_->where, owner.options().disconnect_timeout) {}

raw_lane::~raw_lane() = default;

void raw_lane::open(std::unique_ptr<transport> by, std::string id, std::string token, http_request request) {
    const auto session =
        std::make_shared<raw_session>(owner_.shared_from_this(), *this, std::move(id), token, std::move(request));
    registry_.set_open(token, *session);
    session->attach(std::move(by));
}

void raw_lane::exists(raw_session& session) {
    session.place = all_.size();
    all_.push_back(&session);
}

void raw_lane::is_gone(raw_session& session) noexcept {
    all_[session.place] = all_.back();
    all_[session.place]->place = session.place;
    all_.pop_back();
}

// Those that end while the others are told leave the list.
std::vector<std::shared_ptr<raw_session>> raw_lane::copy() const {
    std::vector<std::shared_ptr<raw_session>> sessions;
    for (raw_session* session : all_)
        if (auto owned = session->weak_from_this().lock()) sessions.push_back(std::move(owned));
    return sessions;
}

void raw_lane::end_all() {
    for (const auto& session : copy())
        session->end(transport_close::going_away);
}

void raw_lane::cancel_all() {
    for (const auto& session : copy())
        session->cancel();
}

void raw_lane::abort_all() {
    for (const auto& session : copy())
        session->abort();
}

void raw_lane::drop_all() noexcept {
    registry_.forget_unclaimed();
    for (const auto& session : copy())
        session->drop();
}

raw_endpoint::raw_endpoint(raw_connection_handler handler, raw_connection_options options)
    : handler_(std::move(handler)),
      options_(std::move(options)),
      common_(common_options(options_, "raw_connection_options")) {}

raw_endpoint::~raw_endpoint() = default;

void raw_endpoint::add_lane(std::shared_ptr<lane_workspace> workspace, std::shared_ptr<logger> log) {
    lanes_.push_back(std::make_unique<raw_lane>(*this, std::move(workspace), std::move(log)));
}

}  // namespace asignalr::detail
