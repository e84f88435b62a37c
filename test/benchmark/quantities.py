# SPDX-License-Identifier: MIT
"""What `run` measures: which server, which load, and which two make a ratio."""

import dataclasses
import pathlib

import harness
import limits

MESSAGE = 100  # bytes of an echoed call, and of a broadcast message without its frame header
FRAME = MESSAGE + 2


@dataclasses.dataclass(frozen=True)
class Setting:
    """What one call of `run` works with."""

    host: pathlib.Path
    raw_echo: pathlib.Path
    generator: pathlib.Path
    aspnet: pathlib.Path | None
    quick: bool

    @property
    def receivers(self):
        return 2000 if self.quick else min(10000, harness.descriptor_limit() - 500)

    @property
    def idle(self):
        # The generator opens a twentieth more, to warm the server up: all have to stay below maximum_sockets.
        return 2000 if self.quick else min(9000, harness.descriptor_limit() - 1500)


@dataclasses.dataclass(frozen=True)
class Subject:
    """A server. A lasting one (it needs long to warm up) is started once, the others afresh for each run."""

    name: str
    command: tuple
    lanes: int = 1
    lasting: bool = False
    environment: tuple = ()


@dataclasses.dataclass(frozen=True)
class Load:
    """One subject under one load; what counts is the server's CPU time per message."""

    subject: Subject
    arguments: tuple


def subjects(setting):
    address = ("--urls", "http://127.0.0.1:0")
    result = {
        "ours": Subject("ours", (setting.host, *address, "--lanes", "1")),
        "two lanes": Subject("ours, two lanes", (setting.host, *address, "--lanes", "2"), lanes=2),
        "raw": Subject("raw", (setting.raw_echo, *address)),
        "raw broadcast": Subject("raw broadcast", (setting.raw_echo, *address, "--broadcast", str(FRAME))),
    }
    if setting.aspnet:
        result["aspnet"] = Subject("ASP.NET Core", ("dotnet", setting.aspnet, *address), lasting=True,
                                   environment=(("DOTNET_gcServer", "0"), ("Logging__LogLevel__Default", "Warning"),
                                                ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Information")))
    return result


def loads(setting):
    """Name -> load."""
    who = subjects(setting)
    window = ("--warm-up", 0.5, "--duration", 0.5) if setting.quick else ("--warm-up", 1, "--duration", 1)
    result = {}
    for depth in (1, 16):
        echo = ("echo", "--connections", 64, "--depth", depth, "--size", MESSAGE, *window)
        result[f"raw echo {depth}"] = Load(who["raw"], (*echo, "--wire", "raw"))
        for name in ("ours", "two lanes", "aspnet"):
            if name in who:
                result[f"{name} echo {depth}"] = Load(who[name], echo)
    broadcast = ("broadcast", "--connections", setting.receivers, *window)
    result["raw broadcast"] = Load(who["raw broadcast"], (*broadcast, "--wire", "raw", "--size", FRAME))
    for name in ("ours", "aspnet"):
        if name in who:
            result[f"{name} broadcast"] = Load(who[name], (*broadcast, "--size", MESSAGE))
    return result


def ratios(setting):
    """(title, must, numerator, denominator); the last two are names of loads."""
    pairs = [
        ("echo, 1 in flight, vs raw", "ours echo 1", "raw echo 1"),
        ("echo, 16 in flight, vs raw", "ours echo 16", "raw echo 16"),
        ("broadcast, per delivery, vs send() loop", "ours broadcast", "raw broadcast"),
        ("two lanes vs one, 1 in flight", "two lanes echo 1", "ours echo 1"),
        ("two lanes vs one, 16 in flight", "two lanes echo 16", "ours echo 16"),
    ]
    result = [(title, limits.RATIOS[title], above, below) for title, above, below in pairs]
    if setting.aspnet:
        pairs = [
            ("echo, 1 in flight, vs ASP.NET Core", "ours echo 1", "aspnet echo 1"),
            ("echo, 16 in flight, vs ASP.NET Core", "ours echo 16", "aspnet echo 16"),
            ("broadcast, per delivery, vs ASP.NET Core", "ours broadcast", "aspnet broadcast"),
        ]
        result += [(title, limits.ASPNET_RATIOS[title], above, below) for title, above, below in pairs]
    return result
