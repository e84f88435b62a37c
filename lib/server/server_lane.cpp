// SPDX-License-Identifier: MIT
#include "server/server_lane.hpp"

#include "hub/hub_core.hpp"
#include "runtime/job.hpp"
#include "server/server_core.hpp"

#include <algorithm>
#include <new>
#include <set>
#include <utility>
#include <vector>

namespace asignalr::detail {
namespace {

constexpr std::size_t longest_unread_body = 1024;  // of requests whose body means nothing

// What a resource with handlers for `methods` answers to the question what it can do, and to what it cannot.
http_response answer_about(const router::method_map& methods, std::string_view asked) {
    std::set<std::string_view> known{"OPTIONS"};
    for (const auto& [method, handler] : methods)
        known.insert(method);
    if (known.contains("GET")) known.insert("HEAD");
    std::string allowed;
    for (const std::string_view method : known)
        allowed.append(allowed.empty() ? "" : ", ").append(method);
    if (asked == "OPTIONS") return {.status = 204, .content_type = "", .headers = {{"Allow", allowed}}};
    return {.status = 405, .body = "The method is not allowed here.", .headers = {{"Allow", allowed}}};
}

http_response server_failed() { return {.status = 500, .body = "The server failed to answer."}; }

// Without memory for that, the exchange answers for itself when it is let go.
void answer_failure(exchange& asked) noexcept try {
    asked.respond(server_failed());
} catch (const std::bad_alloc&) {
}

}  // namespace

/// A coroutine of the user's that answers a request. It is cancelled when its client leaves, and at the end of the server.
class server_lane::route_job final : public job {
public:
    route_job(server_lane& at, std::shared_ptr<exchange> asked, const router::coroutine& handler)
        : core_(at.core_.shared_from_this()), at_(at), asked_(std::move(asked)), handler_(handler), path_(asked_->request().path()) {
        at_.route_jobs_.insert(this);
        // The end of its half is all that can be seen of a client that leaves, as in ASP.NET Core.
        asked_->when_peer_leaves([this] { cancel_route(); });
    }

    ~route_job() override { at_.route_jobs_.erase(this); }

    asio::awaitable<void> run() override {
        task<http_response> answering = handler_(asked_->take_request());
        response_ = co_await std::move(answering);
    }
    void done(std::exception_ptr failure) noexcept override {
        const std::unique_ptr<route_job> self(this);
        if (failure && !cancelled_) at_.log_failure(path_, failure);
        failure ? answer_failure(*asked_) : asked_->respond(std::move(response_));
    }
    void cancel_route() {
        cancelled_ = true;
        cancel();
    }

private:
    std::shared_ptr<server_core> core_;
    server_lane& at_;
    std::shared_ptr<exchange> asked_;
    const router::coroutine& handler_;
    std::string path_;
    http_response response_;
    bool cancelled_ = false;
};

server_lane::server_lane(server_core& core, std::shared_ptr<lane> on)
    : core_(core),
      workspace_(std::make_shared<lane_workspace>(std::move(on))),
      log_(core.log(), "server"),
      connections_(*workspace_->where, *this, core.options().http, core.log()) {
    forward_ = [&core](std::size_t to, std::unique_ptr<byte_stream> stream, std::string bytes, http_headers added) {
        server_lane& owner = core.at(to);
        auto moved = std::make_shared<std::unique_ptr<byte_stream>>(stream->move_to(owner.where().executor()));
        owner.where().post([&owner, self = core.shared_from_this(), moved, bytes = std::move(bytes), added = std::move(added)]() mutable {
            owner.where().check_thread();
            owner.serve(std::move(*moved), std::move(bytes), std::move(added));
        });
    };
}

void server_lane::serve(std::unique_ptr<byte_stream> stream, std::string bytes_read, std::optional<http_headers> decided) noexcept try {
    if (stopped_for_good_) return;  // it was on its way from elsewhere
    connections_.serve(std::move(stream), std::move(bytes_read), std::move(decided));
} catch (const std::bad_alloc&) {
    where().count().out_of_memory.add();  // this one stream is closed
}

void server_lane::serve(const std::shared_ptr<exchange>& arrived) {
    head_decision decision = decide(arrived->request());
    arrived->add_headers(std::move(decision.added_headers));
    decision.answer ? arrived->respond(std::move(*decision.answer)) : handle(arrived);
}

void server_lane::on_head(http_request& request) noexcept try {
    core_.proxies().apply(request);
} catch (const std::exception&) {
    // No memory: the request stays the proxy's, which is nobody that anything is granted to.
}

head_decision server_lane::decide(const http_request& head) {
    head_decision decision;
    try {
        for (const front_function& front : core_.fronts()) {
            decision.answer = front(head, decision.added_headers);
            if (decision.answer) break;
        }
    } catch (...) {
        log_failure(head.path(), std::current_exception());
        decision.answer = server_failed();
    }
    return decision;
}

body_rule server_lane::rule_for_body(const http_request& head) {
    const router::connection_route* const found = core_.routes().find_endpoint(head.path());
    if (found == nullptr) return {core_.options().http.maximum_body, "http_options::maximum_body"};
    const bool has_messages = !found->negotiate && head.method() == "POST";
    if (has_messages) return {found->to->common().maximum_post_size, "maximum_post_size", true};
    return {longest_unread_body, {}, !found->negotiate};
}

void server_lane::handle(std::shared_ptr<exchange> arrived) noexcept try {
    where().check_thread();
    route(arrived);
} catch (...) {
    log_failure(arrived->request().path(), std::current_exception());
    answer_failure(*arrived);
}

void server_lane::route(const std::shared_ptr<exchange>& arrived) {
    const http_request& request = arrived->request();
    if (const router::connection_route* found = core_.routes().find_endpoint(request.path()))
        return serve_endpoint(arrived, found->to, found->negotiate);
    serve_user(arrived);
}

void server_lane::serve_endpoint(const std::shared_ptr<exchange>& arrived, std::shared_ptr<endpoint> to, bool negotiate) {
    exchange& asked = *arrived;
    if (stopping_) return asked.respond_and_close({.status = 503, .body = "The server is stopping."});
    const origin_policy& origins = core_.origins_of(*to);
    if (auto answer = origins.preflight(asked.request())) return asked.respond(std::move(*answer));
    origin_decision decision = origins.decide(asked.request());
    if (!decision.allowed()) {
        where().count().origins_refused.add();
        log_.refused(
            refusal::origin, where().now(), "a page of a foreign origin was refused; allowed_origins lists those that may",
            {{"why", decision.text}});
        return asked.respond({.status = 403, .body = std::move(decision.text)});
    }
    asked.add_headers(std::move(decision.headers));
    endpoint_requests requests(std::move(to), where().index(), core_.proxies(), forward_);
    negotiate ? requests.negotiate(asked) : requests.connect(arrived);
}

void server_lane::serve_user(const std::shared_ptr<exchange>& arrived) {
    const http_request& request = arrived->request();
    if (request.path() == "*") return arrived->respond({.status = 204, .content_type = ""});  // OPTIONS of the server itself
    const router::method_map* methods = core_.routes().find(request.path());
    if (methods == nullptr) {
        auto file = core_.routes().find_file(request);
        return arrived->respond(file ? std::move(*file) : http_response{.status = 404, .content_type = ""});
    }
    auto found = methods->find(request.method());
    if (found == methods->end() && request.method() == "HEAD") found = methods->find(std::string_view("GET"));
    if (found == methods->end()) return arrived->respond(answer_about(*methods, request.method()));
    if (const auto* function = std::get_if<router::function>(&found->second)) return arrived->respond((*function)(request));
    where().start(std::make_unique<route_job>(*this, arrived, std::get<router::coroutine>(found->second)));
}

void server_lane::log_failure(std::string_view path, std::exception_ptr failure) noexcept try {
    try {
        std::rethrow_exception(std::move(failure));
    } catch (...) {
        const exception_description what = describe_current_exception();
        log_.write(
            log_level::error, "a request could not be answered",
            {{"path", escaped(path)}, {"type", what.type}, {"text", escaped(what.text)}});
    }
} catch (...) {
    // Out of memory while logging.
}

// ---- the end

void server_lane::stop(std::chrono::milliseconds deadline, std::function<void()> stopped) {
    const auto cancel_at = where().now() + deadline;
    if (stopping_) {
        cancel_at_ = std::min(cancel_at_, cancel_at);
        return;
    }
    stopping_ = true;
    stopped_ = std::move(stopped);
    cancel_at_ = cancel_at;
    connections_.wind_down();
    for (const auto& one : core_.endpoints_served()) {
        one->at(where().index()).registry().forget_unclaimed();
        one->at(where().index()).end_all();
    }
    where().sweep().add(*this, true);
}

bool server_lane::is_idle() const noexcept {
    const std::size_t index = workspace_->where->index();
    return connections_.count() == 0 && route_jobs_.empty() && std::all_of(core_.endpoints_served().begin(), core_.endpoints_served().end(), [&](const auto& one) {
               return one->at(index).is_idle();
           });
}

void server_lane::on_sweep(clock_source::time_point now) {
    if (!is_idle() && now >= cancel_at_) {
        connections_.close_all();
        if (!std::exchange(cancelled_, true)) cancel_all();
        for (const auto& one : core_.endpoints_served())
            one->at(where().index()).abort_all();
    }
    // Somebody who ignores the cancellation cannot be waited for.
    constexpr auto patience = std::chrono::seconds(1);
    if (!is_idle() && now < cancel_at_ + patience) return;
    if (!is_idle()) cancel_all();  // what began since: `on_disconnected` of those who were closed
    stop_sweeping();
    where().stop();
    stopped_for_good_ = true;
    std::exchange(stopped_, nullptr)();
}

void server_lane::cancel_all() {
    cancel_routes();
    for (const auto& one : core_.endpoints_served())
        one->at(where().index()).cancel_all();
}

// A cancelled one may end in place.
void server_lane::cancel_routes() {
    const std::vector<route_job*> copy(route_jobs_.begin(), route_jobs_.end());
    for (route_job* job : copy)
        if (route_jobs_.contains(job)) job->cancel_route();
}

void server_lane::drop() noexcept {
    stopped_for_good_ = true;
    stop_sweeping();
    stopped_ = nullptr;  // of a stop that comes to no end now; it keeps the server alive
    connections_.close_all();
    cancel_routes();
    for (const auto& one : core_.endpoints_served())
        one->at(where().index()).drop_all();
    where().stop();
    // The server may be destroyed by a route or a hub of its own, further up on this stack.
    if (where().here()) where().post([self = core_.shared_from_this()] {});
}

}  // namespace asignalr::detail
