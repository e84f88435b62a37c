#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the picture docs/images/performance.svg and the figures of docs/performance.md from published.json, which `run --publish` writes.

Alone, it draws both again. test/checks looks that they are what it would write.
"""

import json
import pathlib
import re

import harness
import picture
import programs
import quantities

PUBLISHED = pathlib.Path(__file__).resolve().parent / "published.json"
PICTURE = harness.ROOT / "docs/images/performance.svg"
DOCUMENT = harness.ROOT / "docs/performance.md"
BLOCK = re.compile(r"(<!-- figures: written by test/benchmark/run --publish -->\n).*?(<!-- end of figures -->\n)", re.DOTALL)


def check_wish(arguments, sections):
    """Only what anybody could measure again is published."""
    if arguments.quick or arguments.accept_noise or arguments.without or arguments.only != sections or arguments.host:
        raise harness.Failure("--publish is for a whole run: without --quick, --accept-noise, --only, --without and --host")


def publish(result):
    fewest = min((value["runs"] for loads in result["figures"].values() for load in loads.values() for value in load.values()), default=0)
    unmeasured = [name for loads in result["figures"].values() for name, load in loads.items() if not load]
    if result["skipped"] or unmeasured or fewest <= result["repetitions"] / 2:
        raise harness.Failure(f"not published: skipped {sorted(result['skipped'])}, not measured {unmeasured}, of one load only {fewest} runs")
    PUBLISHED.write_text(json.dumps(result, indent=1) + "\n")
    draw()


def draw():
    result = json.loads(PUBLISHED.read_text())
    PICTURE.write_text(picture.draw(result))
    DOCUMENT.write_text(with_figures(DOCUMENT.read_text(), result))
    print(f"written: {PICTURE.relative_to(harness.ROOT)}, {DOCUMENT.relative_to(harness.ROOT)}")


def with_figures(document, result):
    """The document with the figures of this result."""
    if not BLOCK.search(document):
        raise harness.Failure(f"{DOCUMENT.name} has no place for the figures")
    return BLOCK.sub(lambda found: found[1] + "\n" + figures(result) + "\n" + found[2], document)


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def measured(value, divisor=1.0):
    """Median and spread."""
    middle = value["median"] / divisor
    digits = 0 if middle >= 100 else 1 if middle >= 10 else 2
    low, high = value["best"] / divisor, value["worst"] / divisor
    return f"**{middle:.{digits}f}** ({low:.{digits}f} to {high:.{digits}f})"


def cpu(loads, name):
    return measured(loads[name][quantities.CPU], 1000) if name in loads else ""


def goal_rows(result):
    for row in result["ratios"]:
        if row["must"] is not None:
            digits = 0 if row["must"] > 100 else 2
            spread = f"{row['value']['best']:.{digits}f} to {row['value']['worst']:.{digits}f}" if row["value"]["runs"] > 1 else "once"
            yield [row["title"], f"{row['value']['median']:.{digits}f}", spread, f"{row['must']:g}", row["verdict"]]


def server_rows(figures):
    for shown, name in (("plain TCP", "raw"), ("asignalr", "asignalr"), *((peer, peer) for peer in programs.PEERS)):
        yield [shown, *(cpu(figures[section], f"{name} {load}") for section, load in
                        (("echo", "echo 1"), ("echo", "echo 16"), ("broadcast", "broadcast"), ("connect", "connect")))]
    yield ["asignalr, with negotiate", "", "", "", cpu(figures["connect"], "asignalr connect with negotiate")]


def transport_rows(loads):
    for name in quantities.TRANSPORTS:
        yield [name, *(cpu(loads, f"{name} echo {depth}") for depth in (1, 16))]


def latency_rows(loads):
    for load, taken in loads.items():
        yield [load.removesuffix(" latency").replace("raw", "plain TCP"), *(measured(taken[figure]) for figure in quantities.PERCENTILES)]


def memory_rows(memory):
    for name, report in memory.items():
        if not name.endswith("carried"):
            yield [name, f"{report['bytes_per_connection']:.0f}"]


def figures(result):
    around, taken = result["surroundings"], result["figures"]
    versions = ", ".join(f"{name} {around[name]}" for name in ("ASP.NET Core", "Node", "ws", "Socket.IO"))
    percentiles = [figure.partition("_")[0] for figure in quantities.PERCENTILES]
    return "\n".join([
        f"Measured on {around['processors']} processors ({around['processor']}), {around['system']}, {around['compiler']}; {versions}. "
        f"Medians of {result['repetitions']} repetitions, with their spread; {result['thrown_away']} disturbed runs were thrown away.\n",
        table(["goal", "median", "spread", "must", ""], goal_rows(result)),
        table(["server CPU, µs", "call, 1 in flight", "call, 16 in flight", f"delivery of a broadcast to {result['receivers']:,}",
               "connection come and gone"], server_rows(taken)),
        table(["asignalr, server CPU, µs", "call, 1 in flight", "call, 16 in flight"], transport_rows(taken["transports"])),
        table([f"latency at {quantities.RATE:,} calls a second, µs", *percentiles], latency_rows(taken["latency"])),
        table(["a connection at rest", "bytes"], memory_rows(result["memory"])),
    ])


if __name__ == "__main__":
    draw()
