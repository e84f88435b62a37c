// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/hub/hub.hpp>
#include <asignalr/hub/method_table.hpp>
#include <asignalr/connection/hub_options.hpp>
#include <asignalr/connection/raw_connection.hpp>
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
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

namespace asio {
class io_context;
}

namespace asignalr {

namespace detail {
class server_core;
struct server_access;

// A link error here means that the program and the library were compiled with different versions of Asio.
ASIGNALR_API void ASIGNALR_JOIN(built_with_asio_, ASIO_VERSION)();

// Whether a handler's one parameter is a reference, as far as its signature can be read: that of a generic lambda cannot.
template <class Handler>
struct takes_reference : std::false_type {};
template <class Handler>
    requires requires { &Handler::operator(); }
struct takes_reference<Handler> : takes_reference<decltype(&Handler::operator())> {};
template <class Result, class Parameter>
struct takes_reference<Result (*)(Parameter)> : std::is_reference<Parameter> {};
template <class Result, class Class, class Parameter>
struct takes_reference<Result (Class::*)(Parameter)> : std::is_reference<Parameter> {};
template <class Result, class Class, class Parameter>
struct takes_reference<Result (Class::*)(Parameter) const> : std::is_reference<Parameter> {};
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
    /// A second thread in the same context is detected, and ends the program with a line on standard error.
    explicit server(asio::io_context& context, server_options options = {});

    /// Serves on any executor, on `options.lanes` strands over it.
    /// @throws std::logic_error for more than 256 lanes
    explicit server(asio::any_io_executor executor, server_options options = {});

    /// Serves on all threads of a runtime, a lane for each.
    /// @throws std::logic_error for more than 256 threads
    explicit server(io_runtime& runtime, server_options options = {});

    server(const server&) = delete;
    server& operator=(const server&) = delete;
    ~server();

    /// Adds a hub; `map` its answer to a route.
    /// @param factory makes a hub object; called on the lane of the connection. An exception ends the connection as one in `on_connected`
    /// @param options the hub's own; see `hub_options`
    /// @throws std::logic_error if `Hub::describe` names a method twice, or with options that nobody could be served with
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

    /// A function in front of everything that the server serves; see `use`.
    using front_function = std::function<std::optional<http_response>(const http_request& asked, http_headers& added)>;

    /// Puts a function in front of hubs, routes, files and paths that lead nowhere: what others call middleware.
    ///
    /// ```
    /// server.use([](const asignalr::http_request&, asignalr::http_headers& added) {
    ///     added.emplace_back("X-Frame-Options", "DENY");
    /// });
    /// ```
    /// It is called for every request once its head is complete and before its body is read, on the lane of the socket: with several
    /// lanes, by several threads at a time. Functions are asked in the order in which they were put in, until one returns an answer. That is sent
    /// at once; the connection of a request with a body is closed behind it. Headers in `added` go into the answer, whoever gives it, the 101 of a
    /// WebSocket included. They step back behind those that the answer has of its own, but `Set-Cookie` and `Vary` may stand beside others.
    /// An exception is answered with 500 and logged. What is no valid HTTP is refused before. Hubs check origins as ever
    /// (`hub_options::allowed_origins`).
    /// @param front a `front_function`, or one that returns nothing and only adds headers
    template <class Front>
        requires std::invocable<Front&, const http_request&, http_headers&>
    void use(Front front) {
        if constexpr (std::is_void_v<std::invoke_result_t<Front&, const http_request&, http_headers&>>) {
            add_front([front = std::move(front)](const http_request& asked, http_headers& added) mutable -> std::optional<http_response> {
                front(asked, added);
                return std::nullopt;
            });
        } else {
            add_front(std::move(front));
        }
    }

    /// A function that answers a request.
    using route_function = std::function<http_response(const http_request&)>;
    /// A coroutine that answers a request.
    using route_coroutine = std::function<task<http_response>(http_request)>;

    /// Serves a route of the user's own. Handlers run on the lane of their connection; an exception is answered with 500 and logged.
    ///
    /// A known path with another method is answered with 405, an unknown path with 404. HEAD is answered wherever GET is.
    /// A coroutine is cancelled (terminal) when its client leaves, which is also said by one that shuts its sending half, and at the deadline
    /// of `stop`.
    /// @param method  in capitals
    /// @param path    matched whole and without regard to ASCII case; one that ends with a star matches everything below it
    /// @param handler a `route_function` or a `route_coroutine`, or what converts to it
    /// @throws std::logic_error if the route is taken
    template <class Handler>
    void route(std::string_view method, std::string_view path, Handler handler) {
        if constexpr (std::is_invocable_r_v<task<http_response>, Handler&, http_request>) {
            static_assert(
                !detail::takes_reference<Handler>::value,
                "asignalr: a route's coroutine takes its http_request by value, since the one that it is called with is gone when it suspends");
            add_route(method, path, route_coroutine(std::move(handler)));
        } else {
            add_route(method, path, route_function(std::move(handler)));
        }
    }

    /// `route` for GET.
    template <class Handler>
    void get(std::string_view path, Handler handler) {
        route("GET", path, std::move(handler));
    }
    /// `route` for POST.
    template <class Handler>
    void post(std::string_view path, Handler handler) {
        route("POST", path, std::move(handler));
    }

    /// Serves connections of bytes below hubs, over any transport, by a coroutine of the user's.
    ///
    /// ```
    /// server.serve_connections("/echo", [](asignalr::raw_connection client) -> asignalr::task<void> {
    ///     while (auto bytes = co_await client.read()) co_await client.write(std::move(*bytes));
    /// });
    /// ```
    /// @param path    the route, matched without regard to case; negotiate is below it
    /// @param handler runs once for each connection, on its lane; see raw_connection_handler
    /// @throws std::logic_error if the path is taken or does not begin with a slash
    void serve_connections(std::string_view path, raw_connection_handler handler, raw_connection_options options = {});

    /// Serves the files of a folder, read now. GET and HEAD, with ETag and `index.html`; nothing outside the folder can be reached.
    /// @param path   the route of the folder, for example `/`
    /// @param folder on disk
    /// @throws std::logic_error if the path does not begin with a slash
    /// @throws std::system_error if the folder or a file cannot be read
    void serve_files(std::string_view path, const std::string& folder);

    /// Starts to accept connections.
    /// @param url `http://HOST:PORT` (`[::1]` for IPv6, `*` for every address, port 0 lets the system choose) or `unix:/path`
    /// @returns the URL with the port in use
    /// @throws std::system_error if the URL is not understood (`errc::address_invalid`), the server was stopped (`errc::server_stopped`),
    ///         or the address cannot be bound (the system's own code)
    std::string listen(const std::string& url);

    /// The URLs of all listeners, ports filled in.
    std::vector<std::string> endpoints() const;

    /// For an application shell: `listen` for all URLs at once. If one fails, the server listens on none of them.
    void start(const std::vector<std::string>& urls);

    /// Serves a connection that the program accepted itself, as if a listener had: the lanes take turns, and `maximum_sockets` holds.
    ///
    /// From any thread. A server that was stopped closes it.
    /// @param socket             a connected stream socket of Asio: TCP or local. What waits for it is cancelled
    /// @param bytes_already_read what the program has read from it: the beginning of a request
    /// @throws std::system_error if the socket is not open
    template <class Socket>
        requires requires(Socket& socket) { { socket.release() } -> std::same_as<int>; typename Socket::protocol_type; }
    void serve(Socket socket, std::string bytes_already_read = {}) {
        serve_socket(socket.release(), std::move(bytes_already_read));
    }

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
    void add_front(front_function front);
    void add_route(std::string_view method, std::string_view path, route_function handler);
    void add_route(std::string_view method, std::string_view path, route_coroutine handler);
    void serve_socket(int descriptor, std::string bytes_already_read);

    explicit server(std::shared_ptr<detail::server_core> core);

    hub_handle& add(
        std::string class_name, void (*describe)(detail::method_list&), std::function<std::unique_ptr<hub>()> factory, hub_options options);

    std::shared_ptr<detail::server_core> core_;
    std::vector<std::unique_ptr<hub_handle>> hubs_;

    friend class hub_handle;
    friend struct detail::server_access;
};

}  // namespace asignalr
