// SPDX-License-Identifier: MIT
#include "options.hpp"

#include <cstdlib>
#include <functional>
#include <map>

namespace benchmark {
namespace {

constexpr const char* usage = R"(usage: load-generator MODE --url http://127.0.0.1:PORT[/PATH] [options]
modes:
  echo        closed loop: every connection keeps --depth calls of --target in flight
  broadcast   one connection calls Bcast; the next round starts when every connection has the message
  idle        opens --connections, measures the server's memory for each, lets them rest for --duration
  connect     closed loop: every connection opens, closes, and opens again
  open-loop   --rate messages a second over all connections, whatever is answered; latencies
  stream      one call of Stream with --messages items of --size characters
  upload      one call of Sum with --messages items
options:
  --wire WIRE            signalr; raw: the same bytes to a plain TCP server; websocket: the same in a WebSocket without a hub;
                         socket.io: events with an acknowledgement
  --transport TRANSPORT  websockets, server-sent-events or long-polling (signalr)
  --negotiate            negotiate before connecting, on a connection of its own (WebSockets; the others always do)
  --order ORDER          properties of a message as the javascript or the dotnet client orders them
  --protocol PROTOCOL    json or messagepack; the calls are the same (echo, open-loop, idle, connect)
  --target NAME          the echoing method (Echo)
  --connections N, --depth N
  --size BYTES           of a hub message with its end mark (100); in a raw broadcast of what arrives
  --messages N           end after N messages instead of --duration (echo)
  --pause SECONDS        wait between two messages; needs one connection and depth 1 (echo)
  --rate N               messages a second (open-loop; 5000)
  --warm-up SECONDS, --duration SECONDS, --settle SECONDS
  --time-limit SECONDS   give up after (120)
  --server-process PID   whose CPU time and memory to read
  --carry BYTES          then every connection carries one message of that size and a burst (idle)
  --burst N              calls in that burst (64)
)";

void take_url(options& result, std::string url) {
    const std::string scheme = "http://";
    if (url.starts_with(scheme)) {
        url.erase(0, scheme.size());
    }
    if (const std::size_t slash = url.find('/'); slash != std::string::npos) {
        result.path = url.substr(slash);
        url.resize(slash);
    }
    const std::size_t colon = url.find(':');
    if (colon == std::string::npos) {
        throw generator_error("the url needs a port");
    }
    result.host = url.substr(0, colon);
    result.port = static_cast<std::uint16_t>(std::strtoul(url.c_str() + colon + 1, nullptr, 10));
}

using setter = std::function<void(options&, const std::string&)>;

template <class Number>
setter number(Number options::*member) {
    return [member](options& result, const std::string& text) {
        char* end = nullptr;
        const double value = std::strtod(text.c_str(), &end);
        if (text.empty() || *end != '\0' || value < 0) {
            throw generator_error("not a number: " + text);
        }
        result.*member = static_cast<Number>(value);
    };
}

setter time(seconds options::*member) {
    return [member](options& result, const std::string& text) {
        result.*member = seconds(std::strtod(text.c_str(), nullptr));
    };
}

setter text(std::string options::*member) {
    return [member](options& result, const std::string& value) { result.*member = value; };
}

template <class Choice>
setter choice(Choice options::*member, const std::map<std::string, Choice>& choices) {
    return [member, &choices](options& result, const std::string& text) {
        if (!choices.contains(text)) {
            throw generator_error("no such choice: " + text);
        }
        result.*member = choices.at(text);
    };
}

const std::map<std::string, wire> wires{
    {"signalr", wire::signalr}, {"raw", wire::raw}, {"websocket", wire::websocket}, {"socket.io", wire::socket_io}};

const std::map<std::string, transport> transports{
    {"websockets", transport::websockets},
    {"server-sent-events", transport::server_sent_events},
    {"long-polling", transport::long_polling}};

template <class Choice>
std::string name_in(const std::map<std::string, Choice>& choices, Choice which) {
    for (const auto& [name, value] : choices) {
        if (value == which) {
            return name;
        }
    }
    return {};
}

const std::map<std::string, setter>& setters() {
    static const std::map<std::string, setter> table{
        {"--url", take_url},
        {"--wire", choice(&options::wire, wires)},
        {"--transport", choice(&options::transport, transports)},
        {"--order", text(&options::order)},
        {"--protocol", text(&options::protocol)},
        {"--target", text(&options::target)},
        {"--connections", number(&options::connections)},
        {"--depth", number(&options::depth)},
        {"--size", number(&options::size)},
        {"--messages", number(&options::messages)},
        {"--rate", number(&options::rate)},
        {"--pause", time(&options::pause)},
        {"--warm-up", time(&options::warm_up)},
        {"--duration", time(&options::duration)},
        {"--settle", time(&options::settle)},
        {"--time-limit", time(&options::time_limit)},
        {"--server-process", number(&options::server_process)},
        {"--carry", number(&options::carry)},
        {"--burst", number(&options::burst)},
    };
    return table;
}

void check_protocol(const options& result) {
    const bool known = result.protocol == "json" || result.protocol == "messagepack";
    const bool json_only = result.wire != wire::signalr || result.transport == transport::server_sent_events ||
                           result.mode == "broadcast" || result.mode == "stream" || result.mode == "upload";
    if (!known || (json_only && result.protocol != "json")) {
        throw generator_error("--protocol is json or, where that is spoken, messagepack");
    }
    if (result.wire != wire::signalr && result.transport != transport::websockets) {
        throw generator_error("--transport is for --wire signalr");
    }
}

void check(const options& result) {
    if (result.port == 0) {
        throw generator_error("--url is missing");
    }
    if (result.connections == 0 || result.depth == 0 || result.depth > 64 || result.burst == 0 || result.burst > 64) {
        throw generator_error("--connections from 1; --depth and --burst from 1 to 64");
    }
    if (result.order != "javascript" && result.order != "dotnet") {
        throw generator_error("--order is javascript or dotnet");
    }
    check_protocol(result);
    if (result.pause.count() > 0 && (result.connections != 1 || result.depth != 1 || result.messages == 0)) {
        throw generator_error("--pause needs --connections 1 --depth 1 and --messages");
    }
}

}  // namespace

options parse_options(int count, char** arguments) {
    options result;
    if (count < 2 || std::string(arguments[1]).starts_with("-")) {
        throw generator_error(usage);
    }
    result.mode = arguments[1];
    for (int index = 2; index < count; ++index) {
        const std::string name = arguments[index];
        if (name == "--negotiate") {
            result.negotiate = true;
        } else if (setters().contains(name) && index + 1 < count) {
            setters().at(name)(result, arguments[++index]);
        } else {
            throw generator_error("unknown or incomplete option " + name + "\n" + usage);
        }
    }
    check(result);
    return result;
}

std::string name_of(wire which) { return name_in(wires, which); }

std::string name_of(transport which) { return name_in(transports, which); }

}  // namespace benchmark
