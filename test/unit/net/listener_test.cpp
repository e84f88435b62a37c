// SPDX-License-Identifier: MIT
#include "net/listener.hpp"

#include "net/listen_address.hpp"
#include "net/socket_stream.hpp"
#include "runtime/lane.hpp"

#include <asignalr/base/error.hpp>

#include <asio/io_context.hpp>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace asignalr::detail {
namespace {

using namespace std::chrono_literals;

TEST(listen_address, understands_urls) {
    EXPECT_EQ(parse_listen_address("http://127.0.0.1:8100").port, 8100);
    EXPECT_EQ(parse_listen_address("HTTP://127.0.0.1:8100/").port, 8100);
    EXPECT_EQ(parse_listen_address("http://127.0.0.1").port, 80);
    EXPECT_EQ(parse_listen_address("http://[::1]:0").host, "[::1]");
    EXPECT_EQ(parse_listen_address("http://[::1]").port, 80);
    EXPECT_EQ(parse_listen_address("http://localhost:1").endpoints.size(), 2u);
    EXPECT_EQ(parse_listen_address("http://*:1").endpoints.size(), 2u);
    EXPECT_EQ(parse_listen_address("http://+:65535").port, 65535);
    EXPECT_EQ(parse_listen_address("unix:/tmp/a").path, "/tmp/a");
    const auto address = parse_listen_address("http://192.0.2.1:8100").endpoints.at(0).address;
    EXPECT_EQ(text_of_address(address), "192.0.2.1");
    EXPECT_EQ(port_of(address), 8100);
    EXPECT_EQ(text_of_address(parse_listen_address("http://[2001:DB8::1]:1").endpoints.at(0).address), "2001:db8::1");
    EXPECT_EQ(
        text_of_address(parse_listen_address("http://[::ffff:192.0.2.1]:1").endpoints.at(0).address), "192.0.2.1");
    EXPECT_EQ(text_of_address(parse_listen_address("unix:/tmp/a").endpoints.at(0).address), "");
}

TEST(listen_address, refuses_nonsense_by_name) {
    const std::string long_path = "unix:/" + std::string(200, 'a');
    for (const std::string& url :
         {std::string(),
          std::string("127.0.0.1:80"),
          std::string("http:"),
          std::string("http://"),
          std::string("http://:80"),
          std::string("https://127.0.0.1:443"),
          std::string("ftp://127.0.0.1"),
          std::string("http://127.0.0.1:"),
          std::string("http://127.0.0.1:x"),
          std::string("http://127.0.0.1:65536"),
          std::string("http://127.0.0.1:-1"),
          std::string("http://127.0.0.1:80/path"),
          std::string("http://::1:80"),
          std::string("http://[::1"),
          std::string("http://[127.0.0.1]:80"),
          std::string("http://example.invalid:80"),
          std::string("http://user@127.0.0.1:80"),
          std::string("unix:"),
          std::string("unix:relative"),
          std::string("unix:/a\0b", 9),
          long_path}) {
        try {
            parse_listen_address(url);
            ADD_FAILURE() << "accepted: " << url;
        } catch (const std::system_error& error) {
            EXPECT_EQ(error.code(), make_error_code(errc::address_invalid));
            EXPECT_NE(std::string_view(error.what()).find(url.c_str()), std::string_view::npos) << error.what();
        }
    }
}

std::size_t open_descriptors() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// A blocking client socket; -1 with errno if it cannot connect.
unique_descriptor connect_to(const std::string& url) {
    const listen_address address = parse_listen_address(url);
    for (const auto& endpoint : address.endpoints) {
        unique_descriptor socket(::socket(endpoint.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
        if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&endpoint.address), endpoint.size) == 0)
            return socket;
    }
    return {};
}

class listener_test : public testing::Test {
protected:
    listener_test() {
        for (std::size_t index = 0; index < 2; ++index)
            lanes_.push_back(lane::on_context(contexts_[index], {.index = index, .sweeps_itself = false}));
    }

    std::unique_ptr<listener> listen(const std::string& url, std::size_t lanes = 1) {
        auto listening = std::make_unique<listener>(
            url,
            std::vector<std::shared_ptr<lane>>(lanes_.begin(), lanes_.begin() + static_cast<std::ptrdiff_t>(lanes)),
            [this](lane& where, std::unique_ptr<byte_stream> stream) {
                accepted_.push_back({where.index(), std::move(stream)});
            },
            nullptr);
        listening->start();
        return listening;
    }
    void run(std::chrono::milliseconds time = 20ms) {
        for (asio::io_context& context : contexts_) {
            context.restart();
            context.run_for(time);
        }
    }
    template <class Condition>
    bool run_until(Condition condition) {
        for (int turn = 0; turn < 500 && !condition(); ++turn)
            run(10ms);
        return condition();
    }

    struct arrival {
        std::size_t lane;
        std::unique_ptr<byte_stream> stream;
    };
    asio::io_context contexts_[2];
    std::vector<std::shared_ptr<lane>> lanes_;
    std::vector<arrival> accepted_;
};

TEST_F(listener_test, accepts_on_ipv4) {
    const auto listening = listen("http://127.0.0.1:0");
    EXPECT_TRUE(listening->local_url().starts_with("http://127.0.0.1:"));
    EXPECT_FALSE(listening->local_url().ends_with(":0"));
    const auto client = connect_to(listening->local_url());
    ASSERT_GE(client.get(), 0);
    ASSERT_TRUE(run_until([&] { return accepted_.size() == 1; }));
    EXPECT_EQ(accepted_[0].stream->remote_address(), "127.0.0.1");
    const std::string_view text = "hello";
    EXPECT_EQ(accepted_[0].stream->write_some({&text, 1}).size, 5u);
    char buffer[5];
    EXPECT_EQ(::recv(client.get(), buffer, sizeof buffer, MSG_WAITALL), 5);
}

TEST_F(listener_test, accepts_on_ipv6) {
    std::unique_ptr<listener> listening;
    try {
        listening = listen("http://[::1]:0");
    } catch (const std::system_error& error) {
        GTEST_SKIP() << "no IPv6 here: " << error.what();
    }
    const auto client = connect_to(listening->local_url());
    ASSERT_GE(client.get(), 0);
    ASSERT_TRUE(run_until([&] { return accepted_.size() == 1; }));
    EXPECT_EQ(accepted_[0].stream->remote_address(), "::1");
}

TEST_F(listener_test, any_serves_ipv4_and_tells_its_addresses_plainly) {
    const auto listening = listen("http://*:0");
    EXPECT_TRUE(listening->local_url().starts_with("http://*:"));
    const std::string port = listening->local_url().substr(std::string_view("http://*:").size());
    const auto client = connect_to("http://127.0.0.1:" + port);
    ASSERT_GE(client.get(), 0);
    ASSERT_TRUE(run_until([&] { return accepted_.size() == 1; }));
    EXPECT_EQ(accepted_[0].stream->remote_address(), "127.0.0.1");
}

TEST_F(listener_test, localhost_is_every_loopback_under_one_port) {
    const auto listening = listen("http://localhost:0");
    const std::string port = listening->local_url().substr(std::string_view("http://localhost:").size());
    const auto client = connect_to("http://127.0.0.1:" + port);
    ASSERT_GE(client.get(), 0);
    ASSERT_TRUE(run_until([&] { return accepted_.size() == 1; }));
    const unique_descriptor probe(::socket(AF_INET6, SOCK_STREAM, 0));
    sockaddr_in6 any_port{};
    any_port.sin6_family = AF_INET6;
    any_port.sin6_addr = IN6ADDR_LOOPBACK_INIT;
    if (::bind(probe.get(), reinterpret_cast<const sockaddr*>(&any_port), sizeof any_port) != 0)
        return;  // no IPv6 here
    const auto other = connect_to("http://[::1]:" + port);
    ASSERT_GE(other.get(), 0);
    EXPECT_TRUE(run_until([&] { return accepted_.size() == 2; }));
}

TEST_F(listener_test, accepted_sockets_do_not_delay) {
    const auto listening = listen("http://127.0.0.1:0");
    const auto before = open_descriptors();
    const auto client = connect_to(listening->local_url());
    ASSERT_TRUE(run_until([&] { return accepted_.size() == 1; }));
    EXPECT_EQ(open_descriptors(), before + 2);
    int checked = 0;
    for (int descriptor = 3; descriptor < 256; ++descriptor) {
        sockaddr_storage peer{};
        socklen_t size = sizeof peer;
        if (descriptor == client.get() || ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0)
            continue;
        if (peer.ss_family != AF_INET) continue;
        int no_delay = 0;
        size = sizeof no_delay;
        ASSERT_EQ(::getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
        EXPECT_NE(no_delay, 0);
        ++checked;
    }
    EXPECT_EQ(checked, 1);
}

TEST_F(listener_test, hands_out_to_the_lanes_in_turn) {
    const auto listening = listen("http://127.0.0.1:0", 2);
    std::vector<unique_descriptor> clients;
    for (int index = 0; index < 100; ++index)
        clients.push_back(connect_to(listening->local_url()));
    ASSERT_TRUE(run_until([&] { return accepted_.size() == 100; }));
    std::size_t on_second = 0;
    for (const arrival& each : accepted_)
        on_second += each.lane;
    EXPECT_EQ(on_second, 50u);
}

TEST_F(listener_test, a_port_in_use_is_told_at_once) {
    const auto listening = listen("http://127.0.0.1:0");
    try {
        listen(listening->local_url());
        FAIL() << "bound twice";
    } catch (const std::system_error& error) {
        EXPECT_EQ(error.code(), std::errc::address_in_use);
        EXPECT_NE(std::string_view(error.what()).find(listening->local_url()), std::string_view::npos);
    }
    EXPECT_THROW(listen("http://192.0.2.77:0"), std::system_error) << "not an address of this machine";
}

TEST_F(listener_test, the_port_is_free_again_after_closing) {
    listen("http://127.0.0.1:0")->close();  // the context has descriptors of its own from now on
    const std::size_t before = open_descriptors();
    auto listening = listen("http://127.0.0.1:0");
    const std::string url = listening->local_url();
    const auto client = connect_to(url);
    ASSERT_TRUE(run_until([&] { return accepted_.size() == 1; }));
    listening->close();
    listening->close();
    EXPECT_LT(connect_to(url).get(), 0);
    run();
    EXPECT_TRUE(contexts_[0].stopped()) << "nothing of the listener keeps the context running";
    listening = listen(url);
    EXPECT_GE(connect_to(url).get(), 0);
    listening.reset();
    accepted_.clear();
    run();
    EXPECT_EQ(open_descriptors(), before + 1);
}

TEST_F(listener_test, may_be_closed_by_whom_it_tells) {
    std::unique_ptr<listener> listening;
    int count = 0;
    listening = std::make_unique<listener>(
        "http://127.0.0.1:0", std::vector<std::shared_ptr<lane>>{lanes_[0]},
        [&](lane&, std::unique_ptr<byte_stream>) {
            ++count;
            listening.reset();
        },
        nullptr);
    listening->start();
    const std::string url = listening->local_url();
    const auto first = connect_to(url);
    const auto second = connect_to(url);
    run();
    EXPECT_EQ(count, 1);
}

class unix_listener_test : public listener_test {
protected:
    unix_listener_test() {
        std::string pattern = (std::filesystem::temp_directory_path() / "asignalr-socket-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::system_error(errno, std::generic_category());
        folder_ = pattern;
    }
    ~unix_listener_test() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    std::string url() const { return "unix:" + path(); }
    std::string path() const { return folder_ + "/socket"; }
    std::string folder_;
};

TEST_F(unix_listener_test, accepts_and_removes_its_path) {
    auto listening = listen(url());
    EXPECT_EQ(listening->local_url(), url());
    const auto client = connect_to(url());
    ASSERT_GE(client.get(), 0);
    ASSERT_TRUE(run_until([&] { return accepted_.size() == 1; }));
    EXPECT_EQ(accepted_[0].stream->remote_address(), "");
    EXPECT_THROW(listen(url()), std::system_error) << "somebody listens there";
    listening->close();
    EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(unix_listener_test, takes_the_place_of_a_socket_that_was_left_behind) {
    {
        const unique_descriptor left(::socket(AF_UNIX, SOCK_STREAM, 0));
        const auto address = parse_listen_address(url());
        ASSERT_EQ(
            ::bind(
                left.get(), reinterpret_cast<const sockaddr*>(&address.endpoints[0].address),
                address.endpoints[0].size),
            0);
    }
    ASSERT_TRUE(std::filesystem::exists(path()));
    const auto listening = listen(url());
    EXPECT_GE(connect_to(url()).get(), 0);
}

TEST_F(unix_listener_test, never_removes_what_is_not_its_own) {
    ASSERT_EQ(::close(::creat(path().c_str(), 0600)), 0);
    EXPECT_THROW(listen(url()), std::system_error);
    EXPECT_TRUE(std::filesystem::exists(path()));
    std::filesystem::remove(path());

    const auto listening = listen(url());
    std::filesystem::remove(path());
    ASSERT_EQ(::close(::creat(path().c_str(), 0600)), 0);
    listening->close();
    EXPECT_TRUE(std::filesystem::exists(path()));
}

}  // namespace
}  // namespace asignalr::detail
