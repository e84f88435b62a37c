# SPDX-License-Identifier: MIT
"""What `run` measures: which server, which load, and which two make a ratio."""

import dataclasses
import pathlib

import harness
import limits
import programs

MESSAGE = 100  # bytes of an echoed call, and of a broadcast message without its frame header
FRAME = MESSAGE + 2
RATE = 5000  # calls a second, where latencies are taken
CPU = "cpu_ns_per_message"
PERCENTILES = ("p50_us", "p90_us", "p99_us", "p99.9_us")


@dataclasses.dataclass(frozen=True)
class Setting:
    """What one call of `run` works with."""

    programs: programs.Programs
    quick: bool

    @property
    def receivers(self):
        return 2000 if self.quick else min(10000, harness.descriptor_limit() - 500)

    @property
    def window(self):
        return ("--warm-up", 0.5, "--duration", 0.5 if self.quick else 1)

    def resting(self, sockets_each=1):
        # The generator opens a twentieth more, to warm the server up: all have to stay below maximum_sockets.
        return 2000 if self.quick else min(9000, harness.descriptor_limit() - 1500) // sockets_each


@dataclasses.dataclass(frozen=True)
class Subject:
    """A server, and how the generator reaches it.

    One with warm-up rounds, whose code is compiled while it runs, is started once and warmed up for each load; the others are
    started afresh for each run.
    """

    name: str
    command: tuple
    words: tuple = ()
    path: str = "/bench"
    lanes: int = 1
    warm_up_rounds: int = 0
    environment: tuple = ()


@dataclasses.dataclass(frozen=True)
class Load:
    """One subject under one load."""

    subject: Subject
    arguments: tuple


@dataclasses.dataclass(frozen=True)
class Ratio:
    """Two loads of a section, and the figure that is compared. No must: told, not judged."""

    title: str
    above: str
    below: str
    must: float | None
    figure: str = CPU


@dataclasses.dataclass(frozen=True)
class Section:
    """Loads that are measured side by side: each repetition takes all of them, in another order."""

    name: str
    loads: dict
    ratios: tuple = ()


ADDRESS = ("--urls", "http://127.0.0.1:0")
# Only when the just-in-time compiler begins to count calls, not what it makes of them: without it a warm-up takes minutes.
DOTNET = (("DOTNET_gcServer", "0"), ("DOTNET_TC_CallCountingDelayMs", "0"), ("Logging__LogLevel__Default", "Warning"),
          ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information"))


def subjects(setting):
    """Name -> server. Those that are compared by name have the name that the tables use."""
    host, raw = (setting.programs.host, *ADDRESS, "--lanes"), (setting.programs.raw_echo, *ADDRESS)
    everybody = [
        Subject("asignalr", (*host, "1")),
        Subject("two lanes", (*host, "2"), lanes=2),
        Subject("raw", raw, words=("--wire", "raw")),
        Subject("ASP.NET Core", ("dotnet", setting.programs.reference, *ADDRESS), warm_up_rounds=5, environment=DOTNET),
        Subject("ws", ("node", programs.FOLDER / "peers/ws.mjs", *ADDRESS), words=("--wire", "websocket"), warm_up_rounds=1),
        Subject("Socket.IO", ("node", programs.FOLDER / "peers/socket_io.mjs", *ADDRESS), words=("--wire", "socket.io"), warm_up_rounds=1),
    ]
    return {one.name: one for one in everybody if setting.programs.has(one.name)}


def side_by_side(name, who, arguments):
    """Everybody under the same load: name of the load -> load."""
    return {f"{one.name} {name}": Load(one, arguments) for one in who}


def compared(title, ours, load, who, figure=CPU):
    """Ratios of ours to each of the others that has such a load."""
    others = [name for name in ("raw", *programs.PEERS) if name in who]
    return tuple(Ratio(f"{title} vs {name}", ours, f"{name} {load}", limits.RATIOS.get(f"{title} vs {name}"), figure) for name in others)


def echo(setting):
    who = subjects(setting)
    loads, ratios = {}, []
    for depth in (1, 16):
        arguments = ("echo", "--connections", 64, "--depth", depth, "--size", MESSAGE, *setting.window)
        loads |= side_by_side(f"echo {depth}", who.values(), arguments)
        title = f"echo, {depth} in flight,"
        ratios += compared(title, f"asignalr echo {depth}", f"echo {depth}", who)
        lanes = f"{title} two lanes vs one"
        ratios.append(Ratio(lanes, f"two lanes echo {depth}", f"asignalr echo {depth}", limits.RATIOS[lanes]))
    return Section("echo", loads, tuple(ratios))


TRANSPORTS = {
    "WebSockets, JSON": ("--protocol", "json"),
    "WebSockets, MessagePack": ("--protocol", "messagepack"),
    "Server-Sent Events, JSON": ("--transport", "server-sent-events"),
    "long polling, JSON": ("--transport", "long-polling"),
    "long polling, MessagePack": ("--transport", "long-polling", "--protocol", "messagepack"),
}


def transports(setting):
    who = subjects(setting)["asignalr"]
    loads = {}
    for depth in (1, 16):
        arguments = ("echo", "--connections", 64, "--depth", depth, "--size", MESSAGE, *setting.window)
        loads |= {f"{name} echo {depth}": Load(who, (*arguments, *words)) for name, words in TRANSPORTS.items()}
    return Section("transports", loads)


def broadcast(setting):
    who = subjects(setting)
    del who["two lanes"]
    who["raw"] = dataclasses.replace(who["raw"], command=(*who["raw"].command, "--broadcast", str(FRAME)))
    if "ws" in who:
        who["ws"] = dataclasses.replace(who["ws"], path="/broadcast")
    arguments = ("broadcast", "--connections", setting.receivers, *setting.window)
    loads = {}
    for one in who.values():
        size = FRAME if one.name == "raw" else MESSAGE
        loads |= side_by_side("broadcast", [one], (*arguments, "--size", size))
    return Section("broadcast", loads, compared("broadcast, per delivery,", "asignalr broadcast", "broadcast", who))


def connecting(setting):
    who = subjects(setting)
    del who["two lanes"], who["raw"]
    arguments = ("connect", "--connections", 64, *setting.window)
    loads = side_by_side("connect", who.values(), arguments)
    loads["asignalr connect with negotiate"] = Load(who["asignalr"], (*arguments, "--negotiate"))
    return Section("connect", loads, compared("connect, ours with negotiate,", "asignalr connect with negotiate", "connect", who))


def latency(setting):
    who = subjects(setting)
    del who["two lanes"]
    duration = 0.5 if setting.quick else 2
    arguments = ("open-loop", "--connections", 100, "--rate", RATE, "--size", MESSAGE, "--warm-up", 0.5, "--duration", duration)
    loads = side_by_side("latency", who.values(), arguments)
    ratios = [ratio for figure in ("p50_us", "p99_us")
              for ratio in compared(f"latency, {figure.partition('_')[0]},", "asignalr latency", "latency", who, figure)]
    return Section("latency", loads, tuple(ratios))


SECTIONS = {"echo": echo, "transports": transports, "broadcast": broadcast, "connect": connecting, "latency": latency}


@dataclasses.dataclass(frozen=True)
class Rest:
    """Connections of one kind that do nothing, weighed once."""

    subject: Subject
    connections: int
    words: tuple = ()
    must: int | None = None


def resting(setting):
    """Name -> what is weighed."""
    who = subjects(setting)
    ours = who["asignalr"]
    result = {
        "asignalr, WebSockets": Rest(ours, setting.resting(), must=limits.IDLE_BYTES),
        "asignalr, Server-Sent Events": Rest(ours, setting.resting(2), ("--transport", "server-sent-events"), limits.POSTING_IDLE_BYTES),
        "asignalr, long polling": Rest(ours, setting.resting(2), ("--transport", "long-polling"), limits.POSTING_IDLE_BYTES),
    }
    for name in programs.PEERS:
        if name in who:
            result[name] = Rest(who[name], setting.resting())
    return result
