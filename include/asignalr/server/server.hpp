// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/hub/hub.hpp>
#include <asignalr/hub/method_table.hpp>
#include <asignalr/connection/hub_options.hpp>
#include <asignalr/log/statistics.hpp>
#include <asignalr/net/http.hpp>
#include <asignalr/runtime/io_runtime.hpp>
#include <asignalr/runtime/task.hpp>
#include <asignalr/server/hub_handle.hpp>
#include <asignalr/server/options.hpp>

#include <asio/any_io_executor.hpp>

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

namespace asio {
class io_context;
}

namespace asignalr {

namespace detail {
class server_core;

// A link error here means that the program and the library were compiled with different versions of Asio.
ASIGNALR_API void ASIGNALR_JOIN(built_with_asio_, ASIO_VERSION)();
}  // namespace detail

/// A SignalR server: hubs, routes and files on any number of listeners.
///
/// Set up (`add_hub`, `get`, `serve_files`, ...) from one thread and before the first connection; then `listen`. It runs where the
/// user's executor runs; there are no hidden threads.
///
/// Destroying it without `stop` drops all connections at once: sockets are closed, running calls are cancelled and, if the context
/// runs no more, destroyed with it, and `on_disconnected` does not run. It may be destroyed anywhere on its one lane, also by a handler
/// or hub method of its own; where several threads run the lanes, `stop` first, or join them. Its executor must outlive it, as that of
/// any Asio object.
class ASIGNALR_API server {
public:
    /// Serves on one `io_context` that exactly one thread runs, on one lane. The fastest form.
    ///
    /// A second thread in the same context is detected, logged, and ends the program.
    explicit server(asio::io_context& context, server_options options = {});

    /// Serves on any executor, on `options.lanes` strands over it.
    explicit server(asio::any_io_executor executor, server_options options = {});

    /// Serves on all threads of a runtime, a lane for each.
    explicit server(io_runtime& runtime, server_options options = {});

    server(const server&) = delete;
    server& operator=(const server&) = delete;
    ~server();

    /// Adds a hub; `map` its answer to a route.
    /// @param factory makes a hub object; called on the lane of the connection. An exception ends the connection as one in `on_connected`
    /// @param options the hub's own; see `hub_options`
    /// @throws std::logic_error if `Hub::describe` names a method twice
    template <std::derived_from<hub> Hub, class Factory>
        requires std::convertible_to<std::invoke_result_t<Factory&>, std::unique_ptr<Hub>>
    hub_handle& add_hub(Factory factory, hub_options options = {}) {
        return add(
            typeid(Hub).name(),
            [](detail::method_list& rows) {
                method_table<Hub> methods(rows);
                Hub::describe(methods);
            },
            [factory = std::move(factory)]() mutable -> std::unique_ptr<hub> { return factory(); },
            std::move(options));
    }

    /// The same for a hub that needs nothing to be made.
    template <std::derived_from<hub> Hub>
        requires std::default_initializable<Hub>
    hub_handle& add_hub(hub_options options = {}) {
        return add_hub<Hub>([] { return std::make_unique<Hub>(); }, std::move(options));
    }

    /// A function that answers a request.
    using route_function = std::function<http_response(const http_request&)>;
    /// A coroutine that answers a request.
    using route_coroutine = std::function<task<http_response>(http_request)>;

    /// Serves a route of the user's own. Handlers run on the lane of their connection; an exception is answered with 500 and logged.
    ///
    /// A known path with another method is answered with 405, an unknown path with 404. HEAD is answered wherever GET is.
    /// @param method in capitals
    /// @param path   matched whole and without regard to ASCII case; one that ends with a star matches everything below it
    /// @throws std::logic_error if the route is taken
    void route(std::string_view method, std::string_view path, route_function handler);
    /// The same with a coroutine.
    void route(std::string_view method, std::string_view path, route_coroutine handler);

    /// `route` for GET.
    template <class Handler>
    void get(std::string_view path, Handler handler) {
        add_route("GET", path, std::move(handler));
    }
    /// `route` for POST.
    template <class Handler>
    void post(std::string_view path, Handler handler) {
        add_route("POST", path, std::move(handler));
    }

    /// Serves the files of a folder, read now. GET and HEAD, with ETag and `index.html`; nothing outside the folder can be reached.
    /// @param path   the route of the folder, for example `/`
    /// @param folder on disk
    /// @throws std::system_error if the folder or a file cannot be read
    void serve_files(std::string_view path, const std::string& folder);

    /// Starts to accept connections.
    /// @param url `http://HOST:PORT` (`[::1]` for IPv6, port 0 lets the system choose) or `unix:/path`
    /// @returns the URL with the port in use
    /// @throws std::system_error if the URL is not understood or the address cannot be bound
    std::string listen(const std::string& url);

    /// The URLs of all listeners, ports filled in.
    std::vector<std::string> endpoints() const;

    /// For an application shell: what `listen` would have started is started, all URLs at once.
    void start(const std::vector<std::string>& urls);

    /// Ends in order: no more accepts; every client gets Close with `allowReconnect`; running calls may go on until the deadline,
    /// then they are cancelled; WebSockets are closed with 1001 and every socket is closed. Nothing of the server keeps
    /// `io_context::run` from returning afterwards. From any thread; a second call, also while the first is under way, shortens
    /// its deadline at most.
    /// @param deadline for running calls, from now
    /// @param done     called once everything is closed, on a lane
    void stop(std::chrono::milliseconds deadline = std::chrono::seconds(5), std::function<void()> done = nullptr);

    /// The counters, summed over the lanes. From any thread.
    asignalr::statistics statistics() const;

private:
    template <class Handler>
    void add_route(std::string_view method, std::string_view path, Handler handler) {
        if constexpr (std::is_invocable_r_v<task<http_response>, Handler&, http_request>)
            route(method, path, route_coroutine(std::move(handler)));
        else
            route(method, path, route_function(std::move(handler)));
    }

    explicit server(std::shared_ptr<detail::server_core> core);

    hub_handle& add(
        std::string class_name, void (*describe)(detail::method_list&), std::function<std::unique_ptr<hub>()> factory, hub_options options);

    std::shared_ptr<detail::server_core> core_;
    std::vector<std::unique_ptr<hub_handle>> hubs_;

    friend class hub_handle;
};

}  // namespace asignalr
