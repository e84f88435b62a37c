// SPDX-License-Identifier: MIT
// A whole server in memory with one client, over every transport and in both encodings: bytes right and wrong, cut anywhere, with the clock
// running, the client reading or not, and ending however it likes. Whatever comes, nothing is left behind.
//
// An input is a program: two bytes for how it begins; then a byte for what happens, a byte for how much, and what that takes from the bytes
// behind.

#include "fuzz_check.hpp"
#include "fuzz_client.hpp"
#include "hub/hub_core.hpp"
#include "server/server_core.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace asignalr::detail {
namespace {

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
    conversation(unsigned how, unsigned way) {
        log_->least = log_level::warning;
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
        const std::size_t transfer_size = (how & 64u) != 0 ? 1 + how % 7 : static_cast<std::size_t>(-1);
        const auto upto = static_cast<fuzz_client::stage>(std::min(how & 3u, 2u));
        client_.emplace(*this, conversation_ways[way % conversation_ways.size()], upto, transfer_size);
        run();
    }

    void step(program& input) {
        const unsigned what = input.byte();
        const unsigned amount = input.byte();
        switch (what % 13) {
            case 0: client_->write(input.bytes(amount)); break;
            case 1: client_->say_framed(input.bytes(amount)); break;
            case 2: client_->say_oddly(input.bytes(amount % 126), input.byte()); break;
            case 3:
            case 4: client_->say_phrase(amount); break;
            case 5: pass(std::chrono::milliseconds(250) * (amount % 64)); break;
            case 6: client_->read(); break;
            case 7: world_->open_gate(); break;
            case 8: client_->end(amount); break;
            case 9: broadcast(); break;
            case 10: stop(amount); break;
            case 11: client_->get(); break;
            case 12: client_->remove(); break;
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
            pass_at_once(std::chrono::seconds(45));  // longer than every time limit, two of them for a poll
        }
        check_nothing_left();
    }

private:
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

    std::optional<fuzz_client> client_;
    std::optional<raw_client> honest_;
    bool stopping_ = false;
};

}  // namespace
}  // namespace asignalr::detail

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    asignalr::detail::program input(std::string_view(reinterpret_cast<const char*>(data), size));
    const unsigned how = input.byte();
    asignalr::detail::conversation world(how, input.byte());
    while (!input.is_over())
        world.step(input);
    world.finish();
    return 0;
}
