// SPDX-License-Identifier: MIT
// A whole server in memory with one client: bytes right and wrong, cut anywhere, with the clock running, the client reading or not,
// and ending however it likes. Whatever comes, nothing is left behind.
//
// An input is a program: a byte for what happens, a byte for how much, and what that takes from the bytes behind.

#include "fuzz_check.hpp"
#include "server/memory_server.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace asignalr::detail {
namespace {

/// Messages that a generator of bytes would not find by itself.
const std::array<std::string, 24> phrases{
    invocation_message("1", "Echo", "\"a\""),
    invocation_message("", "Echo", "\"nobody waits\""),
    invocation_message("1", "Wait", "\"w\""),
    invocation_message("2", "WaitOrLeave", "\"w\""),
    invocation_message("3", "WaitASecond", "\"w\""),
    invocation_message("4", "Count", "40", 4),
    invocation_message("5", "Endless", "", 4),
    invocation_message("6", "Flood", "30000,9", 4),
    invocation_message("7", "FailStreaming", "\"named\"", 4),
    invocation_message("8", "Fail", "\"hub\""),
    invocation_message("9", "Paced", "40000"),
    invocation_message("", "Fill", "70000"),
    invocation_message("10", "Abort"),
    invocation_message("11", "NotANumber"),
    invocation_message("12", "Join", "\"g\""),
    invocation_message("13", "Say", "\"group\",[\"g\"],\"text\""),
    upload_invocation("14", "Sum", "u"),
    upload_invocation("15", "SumLater", "v"),
    item_message("u", "1"),
    item_message("v", "\"no number\""),
    upload_end("u"),
    cancel_message("5"),
    "{\"type\":6}",
    "{\"type\":7,\"error\":\"bye\"}",
};

/// The bytes of an input, taken one after the other.
class program {
public:
    explicit program(std::string_view bytes) : rest_(bytes) {}

    bool is_over() const { return rest_.empty(); }
    unsigned byte() {
        if (rest_.empty()) return 0;
        const auto first = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return first;
    }
    std::string_view bytes(std::size_t most) {
        const std::string_view some = rest_.substr(0, most);
        rest_.remove_prefix(some.size());
        return some;
    }

private:
    std::string_view rest_;
};

/// A client that does what the input says, and an honest one that is served all the time.
class conversation : public memory_server {
public:
    explicit conversation(unsigned how) {
        hub_options options;
        options.detailed_errors = (how & 4u) != 0;
        options.maximum_receive_message_size = 4096;
        options.maximum_outbox = 64 * 1024;
        options.maximum_parallel_invocations = (how & 8u) != 0 ? 3 : 1;
        options.lifetime = (how & 16u) != 0 ? hub_lifetime::invocation : hub_lifetime::connection;
        start(options);
        honest_.emplace(connect());
        honest_->write(upgrade_request("/hub") + client_frame(json_handshake));
        run();
        world_->connecting_waits = (how & 32u) != 0;
        world_->connecting_fails = (how & 192u) == 192u;
        client_.emplace(connect(16 * 1024));
        if ((how & 64u) != 0) server_end_->limit_transfers(1 + how % 7);
        if ((how & 3u) >= 1) client_->write(upgrade_request("/hub"));
        if ((how & 3u) >= 2) client_->write(client_frame(json_handshake));
        run();
    }

    void step(program& input) {
        const unsigned what = input.byte();
        const unsigned amount = input.byte();
        switch (what % 11) {
            case 0: client_->write(input.bytes(amount)); break;
            case 1: client_->write(client_frame(std::string(input.bytes(amount)) + record_end)); break;
            case 2: client_->write(client_frame(input.bytes(amount % 126), input.byte())); break;
            case 3:
            case 4: client_->send(phrases[amount % phrases.size()]); break;
            case 5: pass(std::chrono::milliseconds(250) * (amount % 64)); break;
            case 6: client_->read(); break;
            case 7: world_->open_gate(); break;
            case 8: end(amount); break;
            case 9: broadcast(); break;
            case 10: stop(amount); break;
        }
        if (what < 128) run();  // else together with what comes next
        honest_->read();
    }

    void finish() {
        client_->leave();
        run();
        if (!stopping_) check_honest();
        honest_->leave();
        // With many calls in line the end of the client is read only when their turn has come: one a gate.
        for (int times = 0; times < 3 || (count().sockets > 0 && times < 300); ++times) {
            world_->open_gate();
            pass_at_once(std::chrono::seconds(45));  // longer than every time limit
        }
        check_nothing_left();
    }

private:
    void end(unsigned how) {
        switch (how % 3) {
            case 0: client_->half_close(); break;
            case 1: client_->break_off(); break;
            case 2: client_->leave(); break;
        }
    }
    void broadcast() { hub_->send({}, "heard", {0, [](const void*, value_writer&) {}, nullptr}); }
    void stop(unsigned amount) {
        core_->stop(std::chrono::milliseconds(250) * (amount % 16), nullptr);
        stopping_ = true;
    }

    void check_honest() {
        settle(*honest_);
        honest_->take_messages();
        honest_->send(invocation_message("1", "Add", "1,2"));
        settle(*honest_);
        check(honest_->take_messages() == "{\"type\":3,\"invocationId\":\"1\",\"result\":3}\n", "others are served on");
    }
    void check_nothing_left() {
        const statistics now = count();
        check(now.sockets == 0 && now.connections == 0, "the clients are gone");
        check(now.connections_started == now.connections_ended, "every start has its end");
        check(now.running_invocations == 0 && lane_->busy_runners() == 0, "no call goes on");
        check(now.queued_bytes == 0, "nothing waits for clients that are gone");
        check(world_->hubs_alive == 0, "the hubs are gone");
        const auto is_end = [](const std::string& event) { return event.starts_with("disconnected:"); };
        const auto ends = std::count_if(world_->events.begin(), world_->events.end(), is_end);
        check(world_->times("connected") == static_cast<std::size_t>(ends), "on_disconnected runs exactly if on_connected succeeded");
        check(lane_->sweep().empty(), "no time is kept");
    }

    std::optional<raw_client> client_;
    std::optional<raw_client> honest_;
    bool stopping_ = false;
};

}  // namespace
}  // namespace asignalr::detail

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    asignalr::detail::program input(std::string_view(reinterpret_cast<const char*>(data), size));
    asignalr::detail::conversation world(input.byte());
    while (!input.is_over())
        world.step(input);
    world.finish();
    return 0;
}
