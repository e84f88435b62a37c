// SPDX-License-Identifier: MIT
// The public server as a program uses it: on a thread of the program's, with real sockets.
#include <asignalr/server.hpp>

#include "blocking_client.hpp"
#include "memory_server.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/connect_pair.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>

#include <gtest/gtest.h>

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

namespace asignalr::detail {
namespace {

struct book {
    int page_count = 0;
};
constexpr auto fields_of(const book*) { return fields(field("PageCount", &book::page_count)); }

/// Methods for hubs, and no hub itself. Something stands before it in the hub, so that its functions need another `this`.
struct greetings {
    std::string greet(std::string name) { return "Hello, " + name + last; }
    std::string greet_politely(std::string name) const { return "Good morning, " + name + last; }

    std::string last = "!";
};

class library final : public hub, public greetings {
public:
    static void describe(method_table<library>& methods) {
        methods.expose<&library::longer>("Longer").expose<&library::id>("Id");
        methods.expose<&library::greet>("Greet").expose<&library::greet_politely>("GreetPolitely");
    }
    book longer(book of, int pages) { return {of.page_count + pages}; }
    std::string id() { return std::string(context().connection_id()); }
};

class embedding_test : public testing::Test {
protected:
    embedding_test() : server_(context_, {.log = log_, .http = {.maximum_sockets = 3}}), rooms_(server_.add_hub<library>({.camel_case_names = true})) {
        rooms_.map("/hub");
        std::string pattern = (std::filesystem::temp_directory_path() / "asignalr-embedding-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::system_error(errno, std::generic_category());
        folder_ = pattern;
    }
    ~embedding_test() override {
        server_.stop(std::chrono::milliseconds(0));
        work_.reset();
        if (thread_.joinable())
            thread_.join();
        else
            context_.run();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    /// Everything is set up: the server begins to run.
    void run() {
        thread_ = std::thread([this] { context_.run(); });
    }
    void stop() {
        std::promise<void> stopped;
        server_.stop(std::chrono::milliseconds(0), [&] { stopped.set_value(); });
        stopped.get_future().wait();
    }
    std::string unix_url() const { return "unix:" + folder_ + "/socket"; }
    static std::string result(std::string_view value) {
        return "{\"type\":3,\"invocationId\":\"1\",\"result\":" + std::string(value) + "}";
    }
    static bool has_status(std::string_view answer, int status) {
        return answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
    }

    std::shared_ptr<recording_logger> log_ = std::make_shared<recording_logger>();
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(context_);  // also without listeners
    server server_;
    hub_handle& rooms_;
    std::string folder_;
    std::thread thread_;
};

// ---- sockets that the program accepted

TEST_F(embedding_test, serves_a_tcp_socket_and_the_bytes_that_were_read_from_it) {
    run();
    asio::io_context own(1);
    asio::ip::tcp::acceptor acceptor(own, {asio::ip::address_v4::loopback(), 0});
    blocking_client client("x:" + std::to_string(acceptor.local_endpoint().port()));
    asio::ip::tcp::socket accepted = acceptor.accept();
    client.write(upgrade_request("/hub") + client_frame(json_handshake));
    std::string bytes(20, '\0');
    asio::read(accepted, asio::buffer(bytes));
    server_.serve(std::move(accepted), std::move(bytes));
    EXPECT_TRUE(has_status(client.read_head(), 101));
    EXPECT_EQ(client.read_message(), "{}");
    EXPECT_EQ(client.call("Greet", "\"you\""), result("\"Hello, you!\""));
    EXPECT_EQ(server_.statistics().sockets, 1u);
}

TEST_F(embedding_test, serves_a_local_socket) {
    run();
    asio::io_context own(1);
    asio::local::stream_protocol::socket mine(own), theirs(own);
    asio::local::connect_pair(mine, theirs);
    server_.serve(std::move(theirs));
    blocking_client client(std::move(mine));
    client.open();
    EXPECT_EQ(client.call("Greet", "\"you\""), result("\"Hello, you!\""));
}

TEST_F(embedding_test, a_served_socket_beyond_maximum_sockets_is_closed) {
    run();
    asio::io_context own(1);
    std::vector<std::unique_ptr<blocking_client>> clients;
    for (int number = 0; number < 4; ++number) {
        asio::local::stream_protocol::socket mine(own), theirs(own);
        asio::local::connect_pair(mine, theirs);
        server_.serve(std::move(theirs));
        clients.push_back(std::make_unique<blocking_client>(std::move(mine)));
    }
    EXPECT_EQ(clients[3]->read_head(), "");
    EXPECT_TRUE(has_status(clients[0]->ask_for("/"), 404));
    EXPECT_EQ(server_.statistics().sockets_refused, 1u);
}

TEST_F(embedding_test, a_socket_that_comes_after_the_end_is_closed) {
    run();
    stop();
    asio::io_context own(1);
    asio::local::stream_protocol::socket mine(own), theirs(own);
    asio::local::connect_pair(mine, theirs);
    server_.serve(std::move(theirs));
    EXPECT_EQ(blocking_client(std::move(mine)).read_head(), "");
}

TEST_F(embedding_test, a_socket_that_is_not_open_is_refused) {
    EXPECT_THROW(server_.serve(asio::ip::tcp::socket(context_)), std::system_error);
}

// ---- addresses

TEST_F(embedding_test, start_listens_on_all_addresses_and_endpoints_tells_them) {
    server_.start({"http://127.0.0.1:0", unix_url()});
    const std::string third = server_.listen("http://127.0.0.1:0");
    const std::vector<std::string> urls = server_.endpoints();
    ASSERT_EQ(urls.size(), 3u);
    EXPECT_EQ(urls[1], unix_url());
    EXPECT_EQ(urls[2], third);
    for (std::size_t index = 0; index < urls.size(); ++index)
        EXPECT_EQ(log_->others.at(index), "info: listening url=" + urls[index]);
    run();
    for (const std::string& url : urls) {
        blocking_client client(url);
        client.open();
        EXPECT_EQ(client.call("Greet", "\"you\""), result("\"Hello, you!\"")) << url;
    }
}

TEST_F(embedding_test, start_listens_on_none_if_one_cannot_be) {
    server other(context_, {.log = log_});
    const std::string taken = other.listen("http://127.0.0.1:0");
    try {
        server_.start({unix_url(), taken});
        FAIL() << "listens twice on " << taken;
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::address_in_use);
    }
    EXPECT_TRUE(server_.endpoints().empty());
    EXPECT_FALSE(std::filesystem::exists(folder_ + "/socket"));
    server_.start({unix_url()});
    EXPECT_EQ(server_.endpoints(), std::vector<std::string>{unix_url()});
}

TEST_F(embedding_test, a_stopped_server_does_not_listen_again) {
    run();
    stop();
    try {
        server_.listen("http://127.0.0.1:0");
        FAIL() << "listens after stop";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), errc::server_stopped);
    }
    EXPECT_THROW(server_.listen("gopher://here"), std::system_error);
}

// ---- routes

TEST_F(embedding_test, serves_functions_coroutines_and_files) {
    std::ofstream(folder_ + "/index.html") << "<p>hello";
    server_.get("/function", [](const http_request& asked) { return http_response{.body = std::string(asked.path())}; });
    server_.get("/coroutine", [](http_request asked) -> task<http_response> {
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        co_return http_response{.body = "later " + std::string(asked.path())};
    });
    server_.post("/function", [](const http_request&) { return http_response{.status = 201}; });
    server_.route("PUT", "/function", server::route_coroutine([](http_request) -> task<http_response> { co_return http_response{.status = 202}; }));
    server_.serve_files("/files", folder_);
    EXPECT_THROW(server_.get("/function", [](const http_request&) { return http_response{}; }), std::logic_error);
    EXPECT_THROW(server_.serve_files("files", folder_), std::logic_error);
    const std::string url = server_.listen("http://127.0.0.1:0");
    run();
    blocking_client client(url);
    EXPECT_TRUE(client.ask_for("/function").ends_with("\r\n\r\n/function"));
    EXPECT_TRUE(client.ask_for("/coroutine").ends_with("\r\n\r\nlater /coroutine"));
    EXPECT_TRUE(has_status(client.ask_for("/function", "POST"), 201));
    EXPECT_TRUE(has_status(client.ask_for("/function", "PUT"), 202));
    EXPECT_TRUE(client.ask_for("/files/").ends_with("\r\n\r\n<p>hello"));
    EXPECT_TRUE(has_status(client.ask_for("/"), 404));
}

// ---- hubs

TEST_F(embedding_test, methods_may_come_from_a_base_that_is_no_hub) {
    const std::string url = server_.listen("http://127.0.0.1:0");
    run();
    blocking_client client(url);
    client.open();
    EXPECT_EQ(client.call("Greet", "\"you\""), result("\"Hello, you!\""));
    EXPECT_EQ(client.call("GreetPolitely", "\"you\""), result("\"Good morning, you!\""));
}

TEST_F(embedding_test, camel_case_names_are_those_of_results_and_messages) {
    const std::string url = server_.listen("http://127.0.0.1:0");
    run();
    blocking_client client(url);
    client.open();
    EXPECT_EQ(client.call("Longer", "{\"pageCount\":100},20"), result("{\"pageCount\":120}"));
    EXPECT_EQ(client.call("Longer", "{\"PageCount\":100},20"), result("{\"pageCount\":120}"));
    rooms_.clients().client(client.id()).send("read", book{7});
    EXPECT_EQ(client.read_message(), "{\"type\":1,\"target\":\"read\",\"arguments\":[{\"pageCount\":7}]}");
}

TEST_F(embedding_test, names_match_in_any_case_unless_the_hub_is_exact) {
    server_.add_hub<library>({.ignore_case_of_names = false}).map("/exact");
    const std::string url = server_.listen("http://127.0.0.1:0");
    run();
    blocking_client lenient(url), exact(url);
    lenient.open();
    exact.open("/exact");
    EXPECT_EQ(lenient.call("Longer", "{\"PAGECOUNT\":100},20"), result("{\"pageCount\":120}"));
    EXPECT_EQ(exact.call("Longer", "{\"PageCount\":100},20"), result("{\"PageCount\":120}"));
    EXPECT_EQ(exact.call("Longer", "{\"pageCount\":100},20"), result("{\"PageCount\":20}"));
}

TEST_F(embedding_test, groups_are_changed_from_outside) {
    const std::string url = server_.listen("http://127.0.0.1:0");
    run();
    blocking_client client(url);
    client.open();
    const std::string id = client.id();
    asio::io_context own(1);
    const auto wait_for = [&](task<void> change) {
        asio::co_spawn(own, std::move(change), asio::detached);
        own.restart();
        own.run();
    };
    wait_for(rooms_.groups().add(id, "readers"));
    wait_for(rooms_.groups().add("unknown", "readers"));
    rooms_.clients().group("readers").send("heard", 1);
    EXPECT_EQ(client.read_message(), "{\"type\":1,\"target\":\"heard\",\"arguments\":[1]}");
    wait_for(rooms_.groups().remove(id, "readers"));
    rooms_.clients().group("readers").send("heard", 2);
    rooms_.clients().all().send("heard", 3);
    EXPECT_EQ(client.read_message(), "{\"type\":1,\"target\":\"heard\",\"arguments\":[3]}");
}

// ---- misuse

TEST_F(embedding_test, options_with_which_nobody_could_be_served_are_refused) {
    try {
        server_.add_hub<library>({.maximum_parallel_invocations = 0});
        FAIL() << "no call could run";
    } catch (const std::logic_error& error) {
        EXPECT_NE(std::string(error.what()).find("maximum_parallel_invocations"), std::string::npos) << error.what();
    }
}

TEST_F(embedding_test, has_at_most_256_lanes) {
    EXPECT_NO_THROW(server(context_.get_executor(), {.log = log_, .lanes = 256}));
    EXPECT_THROW(server(context_.get_executor(), {.log = log_, .lanes = 257}), std::logic_error);
    io_runtime large(257);
    EXPECT_THROW(server(large, {.log = log_}), std::logic_error);
}

}  // namespace
}  // namespace asignalr::detail
