// SPDX-License-Identifier: MIT
#pragma once

#include "net/exchange.hpp"
#include "net/http_connections.hpp"
#include "net/memory_stream.hpp"
#include "runtime/lane.hpp"

#include <asio/io_context.hpp>

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asignalr::detail {

/// Answers each exchange by a function of the test's.
class scripted_handler final : public exchange_handler {
public:
    std::function<void(std::shared_ptr<exchange>)> script = [this](std::shared_ptr<exchange> arrived) {
        ++handled;
        const http_request& request = arrived->request();
        arrived->respond(
            {.body = std::string(request.method()) + " " + std::string(request.path()) + " " +
                     std::string(request.body())});
    };
    std::size_t limit = 1000;
    bool streams = false;  ///< Whether bodies are taken as they arrive.
    int handled = 0;

    body_rule rule_for_body(const http_request&) noexcept override { return {limit, "the limit", streams}; }
    void handle(std::shared_ptr<exchange> arrived) noexcept override { script(std::move(arrived)); }
};

/// The other end of a connection, as the test sees it.
class test_client {
public:
    explicit test_client(std::unique_ptr<memory_stream> stream) : stream_(std::move(stream)) {}

    /// False if the server takes no more.
    bool write(std::string_view bytes) {
        while (!bytes.empty()) {
            const io_result result = stream_->write_some({&bytes, 1});
            if (result.error) return false;
            bytes.remove_prefix(result.size);
        }
        return true;
    }
    void read() {
        std::array<char, 4096> buffer;
        while (!ended && !reset) {
            const io_result result = stream_->read_some(buffer.data(), buffer.size());
            if (result.would_block()) return;
            if (result.error == asio::error::eof)
                ended = true;
            else if (result.error)
                reset = true;
            else
                received.append(buffer.data(), result.size);
        }
    }
    memory_stream& stream() { return *stream_; }
    void leave() { stream_->close(); }

    std::string received;
    bool ended = false;  ///< The server has shut its half.
    bool reset = false;

private:
    std::unique_ptr<memory_stream> stream_;
};

/// HTTP connections on a lane whose clock stands still until it is moved.
class http_fixture : public testing::Test {
protected:
    http_fixture() : http_fixture(http_options{}) {}
    explicit http_fixture(const http_options& options)
        : lane_(lane::on_context(context_, {.clock = clock_, .sweeps_itself = false})),
          connections_(std::make_unique<http_connections>(*lane_, handler_, options, nullptr)) {}
    ~http_fixture() override {
        connections_.reset();
        lane_->stop();
        run();
    }

    test_client connect(std::size_t capacity = 64 * 1024, std::string bytes_read = {}) {
        auto [mine, theirs] = memory_stream::make_pair(lane_->executor(), capacity);
        server_end_ = theirs.get();
        connections_->serve(std::move(theirs), std::move(bytes_read));
        return test_client(std::move(mine));
    }
    void run() {
        context_.restart();
        context_.poll();
    }
    /// Everything `client` gets in answer to `bytes`; Date headers are checked and left out.
    std::string exchange_bytes(test_client& client, std::string_view bytes) {
        client.write(bytes);
        return collect(client);
    }
    std::string collect(test_client& client) {
        run();
        client.read();
        run();
        client.read();
        return without_dates(std::exchange(client.received, {}));
    }
    /// Moves the clock in steps of a tick.
    void pass(std::chrono::milliseconds time) {
        for (std::chrono::milliseconds passed{}; passed < time; passed += sweeper::tick_interval) {
            clock_->advance(sweeper::tick_interval);
            lane_->sweep().tick(lane_->now());
            run();
        }
    }
    static std::string without_dates(std::string text) {
        std::size_t begin = 0;
        while ((begin = text.find("Date: ", begin)) != std::string::npos) {
            const std::size_t end = text.find("\r\n", begin);
            EXPECT_EQ(end - begin, std::string_view("Date: Sun, 06 Nov 1994 08:49:37 GMT").size());
            text.erase(begin, end + 2 - begin);
        }
        return text;
    }

    asio::io_context context_{1};
    std::shared_ptr<manual_clock> clock_ = std::make_shared<manual_clock>();
    std::shared_ptr<lane> lane_;
    scripted_handler handler_;
    std::unique_ptr<http_connections> connections_;
    memory_stream* server_end_ = nullptr;
};

inline std::string answer_of(
    std::string_view body, std::string_view status = "200 OK", std::string_view connection = "") {
    std::string text =
        "HTTP/1.1 " + std::string(status) + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ";
    text += std::to_string(body.size());
    text += "\r\n";
    text += connection;
    text += "\r\n";
    text += body;
    return text;
}

inline constexpr std::string_view closing = "Connection: close\r\n";

}  // namespace asignalr::detail
