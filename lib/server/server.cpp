// SPDX-License-Identifier: MIT
#include <asignalr/server/server.hpp>

#include "server/server_core.hpp"

#include <asio/io_context.hpp>

namespace asignalr {
namespace {

std::vector<std::shared_ptr<detail::lane>> lanes_over(const asio::any_io_executor& executor, const server_options& options) {
    std::vector<std::shared_ptr<detail::lane>> lanes;
    for (std::size_t index = 0; index < std::max<std::size_t>(options.lanes, 1); ++index)
        lanes.push_back(detail::lane::on_executor(
            executor, {.index = index, .maximum_idle_runners = options.maximum_idle_runners}));
    return lanes;
}

std::vector<std::shared_ptr<detail::lane>> lanes_of(io_runtime& runtime, const server_options& options) {
    std::vector<std::shared_ptr<detail::lane>> lanes;
    for (std::size_t index = 0; index < runtime.size(); ++index)
        lanes.push_back(detail::lane::on_context(
            runtime.context(index), {.index = index, .maximum_idle_runners = options.maximum_idle_runners}));
    return lanes;
}

std::vector<std::shared_ptr<detail::lane>> lane_of(asio::io_context& context, const server_options& options) {
    return {detail::lane::on_context(context, {.maximum_idle_runners = options.maximum_idle_runners})};
}

}  // namespace

void detail::ASIGNALR_JOIN(built_with_asio_, ASIO_VERSION)() {}

server::server(std::shared_ptr<detail::server_core> core) : core_(std::move(core)) {
    detail::ASIGNALR_JOIN(built_with_asio_, ASIO_VERSION)();
}

server::server(asio::io_context& context, server_options options)
    : server(std::make_shared<detail::server_core>(lane_of(context, options), options)) {}

server::server(asio::any_io_executor executor, server_options options)
    : server(std::make_shared<detail::server_core>(lanes_over(executor, options), options)) {}

server::server(io_runtime& runtime, server_options options)
    : server(std::make_shared<detail::server_core>(lanes_of(runtime, options), options)) {}

server::~server() { core_->drop(); }

hub_handle& server::add(
    std::string class_name,
    void (*describe)(detail::method_list&),
    std::function<std::unique_ptr<hub>()> factory,
    hub_options options) {
    detail::method_index methods;
    describe(methods);
    auto core = core_->add_hub(detail::demangled(class_name.c_str()), std::move(options), std::move(factory), std::move(methods));
    hubs_.push_back(std::unique_ptr<hub_handle>(new hub_handle(*this, std::move(core))));
    return *hubs_.back();
}

void server::add_front(front_function front) { core_->fronts().push_back(std::move(front)); }

void server::add_route(std::string_view method, std::string_view path, route_function handler) {
    core_->routes().add(method, path, std::move(handler));
}

void server::add_route(std::string_view method, std::string_view path, route_coroutine handler) {
    core_->routes().add(method, path, std::move(handler));
}

void server::serve_connections(std::string_view path, raw_connection_handler handler, raw_connection_options options) {
    core_->add_raw(path, std::move(handler), std::move(options));
}

void server::serve_files(std::string_view path, const std::string& folder) { core_->routes().add_files(path, folder); }

std::string server::listen(const std::string& url) { return core_->listen({url}).front(); }

std::vector<std::string> server::endpoints() const { return core_->endpoints(); }

void server::start(const std::vector<std::string>& urls) { core_->listen(urls); }

void server::serve_socket(int descriptor, std::string bytes_already_read) {
    core_->serve(detail::unique_descriptor(descriptor), std::move(bytes_already_read));
}

void server::stop(std::chrono::milliseconds deadline, std::function<void()> done) {
    core_->stop(deadline, std::move(done));
}

struct statistics server::statistics() const { return core_->sum(); }

// ---- a hub from outside

hub_handle::hub_handle(server& owner, std::shared_ptr<detail::hub_core> core) : owner_(owner), core_(std::move(core)) {}

hub_handle::~hub_handle() = default;

hub_handle& hub_handle::map(std::string_view path) {
    owner_.core_->routes().add_endpoint(path, core_);
    return *this;
}

hub_clients hub_handle::clients() const { return hub_clients(core_); }

group_manager hub_handle::groups() const { return group_manager(core_); }

void hub_handle::abort(std::string_view connection_id) const { core_->lifetime().abort(std::string(connection_id)); }

}  // namespace asignalr
