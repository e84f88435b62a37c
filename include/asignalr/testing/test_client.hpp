// SPDX-License-Identifier: MIT
#pragma once

#include <asignalr/base/config.hpp>
#include <asignalr/hub/clients.hpp>
#include <asignalr/runtime/task.hpp>
#include <asignalr/testing/detail/test_link.hpp>
#include <asignalr/testing/test_call.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace asignalr {

class test_bench;

namespace detail {

/// The arguments of a hub's call of the client: nothing, the one, or a tuple of them.
template <class... Parameters>
struct called_with {
    using type = std::tuple<Parameters...>;
};
template <class Parameter>
struct called_with<Parameter> {
    using type = Parameter;
};
template <>
struct called_with<> {
    using type = void;
};

template <class... Parameters>
incoming_values several_values(std::tuple<Parameters...>& into) {
    return {
        sizeof...(Parameters),
        [](value_reader& from, void* place) {
            return std::apply(
                [&](auto&... one) { return (codec<std::remove_reference_t<decltype(one)>>::read(from, one) && ...); },
                *static_cast<std::tuple<Parameters...>*>(place));
        },
        &into};
}

template <class Type>
struct is_test_upload : std::false_type {};
template <class Item>
struct is_test_upload<test_upload<Item>> : std::true_type {};

}  // namespace detail

/// How a connection ended, as the client learned it.
struct test_close {
    /// The error of the Close message; empty if there was none, or no message.
    std::optional<std::string> error = {};
    /// Whether the Close message says that the client may connect again.
    bool allow_reconnect = false;
};

/// A client of one hub in a unit test, connected in memory: `test_bench::connect` makes it.
///
/// Where a function says that it runs the server, it runs the server's `io_context` on the calling thread until what it waits for is there;
/// inside a handler or coroutine of that context the `async_` functions do the same without running anything. Everything is written and
/// read as a real client does it, with the types of the hub. Destroying the client is a lost connection.
class ASIGNALR_API test_client {
public:
    test_client(test_client&& other) noexcept;
    test_client& operator=(test_client&& other) noexcept;
    ~test_client();

    /// The id of the connection, as `context().connection_id()` has it.
    std::string_view id() const noexcept;

    /// Calls a method of the hub and runs the server until it is answered.
    /// @param arguments values of the types that hub methods take, and `test_upload`s
    /// @returns the result, read as a `Result`
    /// @throws hub_error         with the text of the server's error
    /// @throws std::system_error `errc::connection_closed` if the connection ended first, `std::errc::timed_out` if no answer came
    template <class Result = void, class... Arguments>
    Result invoke(std::string_view method, const Arguments&... arguments) {
        return start<Result>(method, arguments...).result();
    }
    /// The same for a coroutine.
    template <class Result = void, class... Arguments>
    task<Result> async_invoke(std::string_view method, const Arguments&... arguments) {
        return start<Result>(method, arguments...).async_result();
    }

    /// Calls a method and goes on: the answer is asked for later, other things may happen first.
    template <class Result = void, class... Arguments>
    [[nodiscard]] test_call<Result> start(std::string_view method, const Arguments&... arguments) {
        return {link(), call(detail::test_link::wants::result, method, arguments...)};
    }

    /// Calls a method whose answer nobody wants. It is on its way when this returns; `test_bench::settle` lets it happen.
    template <class... Arguments>
    void send(std::string_view method, const Arguments&... arguments) {
        call(detail::test_link::wants::nothing, method, arguments...);
    }

    /// Begins a stream from the hub.
    template <class Item, class... Arguments>
    [[nodiscard]] test_stream<Item> stream(std::string_view method, const Arguments&... arguments) {
        return {link(), call(detail::test_link::wants::items, method, arguments...)};
    }

    /// A stream to the hub, to be given to a call.
    template <class Item>
    test_upload<Item> upload() {
        return test_upload<Item>(link());
    }

    /// Runs the server until the hub calls this method of the client's. Calls wait in the order of their arrival until they are asked for.
    /// @returns its arguments: nothing, the one, or a tuple of them
    /// @throws std::system_error as `invoke`
    template <class... Parameters>
    auto next(const client_method<Parameters...>& method) {
        const std::string box = link().calls_of(method.name);
        link().wait(box);
        return take<Parameters...>(link(), box);
    }
    /// The same by name.
    template <class... Parameters>
    auto next(std::string_view method) {
        return next(client_method<Parameters...>{method});
    }
    /// The same for a coroutine.
    template <class... Parameters>
    auto async_next(const client_method<Parameters...>& method) {
        return wait_for_call<Parameters...>(link(), link().calls_of(method.name));
    }

    /// Runs what is ready, and counts the calls of a method that wait to be asked for.
    std::size_t received(std::string_view method);
    /// The same for a method with its types.
    template <class... Parameters>
    std::size_t received(const client_method<Parameters...>& method) {
        return received(method.name);
    }

    /// Sends a ping, as clients do that want to be timed out when they fall silent (`hub_options::client_timeout`).
    void ping();
    /// How many pings of the server have come.
    std::size_t pings() const noexcept;

    /// Whether the connection is there, as far as the client knows. Runs nothing.
    bool is_open() const noexcept;
    /// Runs the server until the connection is over.
    /// @throws std::system_error `std::errc::timed_out` if it stays
    test_close wait_closed();

    /// Ends the connection in order, and runs what follows from it.
    void stop();
    /// Loses the connection, as if the network were gone, and runs what follows from it.
    void abort();

private:
    friend class test_bench;
    explicit test_client(std::shared_ptr<detail::test_session> session) noexcept;

    detail::test_link link() const { return detail::test_link(session_); }

    template <class... Arguments>
    std::string call(detail::test_link::wants what, std::string_view method, const Arguments&... arguments) {
        std::vector<std::string> uploads;
        (add_upload(uploads, arguments), ...);
        return std::apply(
            [&](const auto&... values) {
                return detail::with_arguments(
                    [&](const detail::outgoing_arguments& packed) { return link().call(what, method, packed, uploads); },
                    static_cast<detail::sent_as<std::decay_t<decltype(values)>>>(values)...);
            },
            std::tuple_cat(values_of(arguments)...));
    }
    template <class Argument>
    static void add_upload(std::vector<std::string>& uploads, const Argument& argument) {
        if constexpr (detail::is_test_upload<Argument>::value) uploads.push_back(argument.id_);
    }
    template <class Argument>
    static auto values_of(const Argument& argument) {
        if constexpr (detail::is_test_upload<Argument>::value)
            return std::tuple<>();
        else
            return std::tuple<const Argument&>(argument);
    }

    template <class... Parameters>
    static auto take(const detail::test_link& link, const std::string& box) -> typename detail::called_with<Parameters...>::type {
        std::tuple<Parameters...> values;
        link.take(box, detail::several_values(values));
        if constexpr (sizeof...(Parameters) == 1)
            return std::move(std::get<0>(values));
        else if constexpr (sizeof...(Parameters) > 1)
            return values;
    }
    template <class... Parameters>
    static auto wait_for_call(detail::test_link link, std::string box) -> task<typename detail::called_with<Parameters...>::type> {
        co_await detail::test_link::async_wait(link, box);
        co_return take<Parameters...>(link, box);
    }

    std::shared_ptr<detail::test_session> session_;
};

}  // namespace asignalr
