#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts what a message costs a server, and compares it with the limits in limits.py.

A count is the difference of two runs that differ only in their number of messages, so that start, connecting and end cancel out.
Prints `ok NAME value <= limit`, `FAIL NAME ...` or `skip NAME: why` for each, and the sum in the last line; exit code 1 on a failure.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import harness
import limits

FEW, MANY = 1600, 9600
CONNECTIONS = 50  # divides both numbers of messages into whole batches of 16
ALLOCATORS = {"malloc", "calloc", "realloc", "memalign", "aligned_alloc", "posix_memalign"}


class Skip(Exception):
    """This count cannot be taken here."""


def read_callgrind(path):
    """(instructions, allocations) of a callgrind output file."""
    names = {}
    instructions = allocations = 0
    called = ""
    for line in path.read_text(errors="replace").splitlines():
        if line.startswith(("fn=", "cfn=")):
            number, _, name = line.partition("=")[2].partition(" ")
            if name:
                names[number] = name
            if line.startswith("cfn="):
                called = names.get(number, "")
        elif line.startswith("calls=") and called.partition("'")[0] in ALLOCATORS:
            allocations += int(line[6:].split()[0])
        elif line.startswith(("totals:", "summary:")):
            instructions = int(line.split()[1])
    if instructions == 0 or allocations == 0:
        raise harness.Failure("callgrind saw no work, or no allocator by its name: nothing was counted")
    return instructions, allocations


class Counter:
    """Takes the counts of one host, each pair of runs once."""

    def __init__(self, arguments):
        self._host = arguments.host
        self._generator = arguments.generator
        self._compiler = arguments.compiler
        self._includes = arguments.include
        self._connections = arguments.idle_connections
        self._raw = ["--wire", "raw"] if arguments.raw else []
        self._known = {}
        # The text that the echoing methods take.
        self.argument_objects = 0 if arguments.raw else 1

    def _command(self, *wrapper):
        return [*wrapper, self._host, "--urls", "http://127.0.0.1:0", *([] if self._raw else ["--lanes", "1"])]

    def _generate(self, server, mode):
        result = harness.generate(self._generator, server, [*mode, *self._raw], time_limit=100)
        if result["errors"]:
            raise harness.Failure(result["first_error"])

    def _one_callgrind(self, mode, messages, folder):
        output = pathlib.Path(folder) / f"callgrind.{messages}"
        command = self._command("valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", "--quiet")
        with harness.Server(command, start_seconds=60) as server:
            self._generate(server, [*mode, "--messages", messages])
        return read_callgrind(output)

    def callgrind(self, *mode):
        """(instructions, allocations) for each message."""
        if mode not in self._known:
            if not shutil.which("valgrind"):
                raise Skip("valgrind is not installed")
            with tempfile.TemporaryDirectory() as folder:
                few = self._one_callgrind(mode, FEW, folder)
                many = self._one_callgrind(mode, MANY, folder)
            self._known[mode] = tuple((more - less) / (MANY - FEW) for less, more in zip(few, many))
        return self._known[mode]

    def echo(self, depth, target="Echo", connections=CONNECTIONS, protocol="json"):
        if protocol != "json" and self._raw:
            raise Skip("raw-echo knows no protocol")
        return self.callgrind("echo", "--connections", connections, "--depth", depth, "--target", target, "--protocol", protocol)

    def messagepack_share(self, depth):
        """Instructions of an echo in MessagePack, in parts of those of the same echo in JSON."""
        return self.echo(depth, protocol="messagepack")[0] / self.echo(depth)[0]

    def syscalls(self):
        """Kernel calls for each echo that comes alone."""
        if not shutil.which("strace"):
            raise Skip("strace is not installed")
        few, many = (self._one_strace(messages) for messages in (100, 500))
        return (many - few) / 400

    def _one_strace(self, messages):
        with tempfile.TemporaryDirectory() as folder:
            output = pathlib.Path(folder) / "strace"
            try:
                with harness.Server(self._command("strace", "-c", "-f", "-o", output), wrapped=True) as server:
                    self._generate(server, ["echo", "--connections", 1, "--pause", 0.003, "--messages", messages])
            except harness.Failure as failure:
                if "does not listen" in str(failure):
                    raise Skip("strace may not trace here") from failure
                raise
            rows = re.findall(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", output.read_text(), re.MULTILINE)
            return sum(int(calls) for calls, name in rows if name != "total")

    def idle_bytes(self, transport="websockets"):
        """With the posts' socket beside the other one, for transports that have it: as many sockets, so half the connections."""
        if transport != "websockets" and self._raw:
            raise Skip("raw-echo knows no transport")
        connections = min(self._connections, harness.descriptor_limit() - 500) // (1 if transport == "websockets" else 2)
        if connections < 1000:
            raise Skip("too few descriptors")
        idle = ["idle", "--connections", connections, "--transport", transport, "--duration", 0, *self._raw]
        with harness.Server(self._command()) as server:
            return harness.generate(self._generator, server, idle)["bytes_per_connection"]

    def host_bytes(self):
        """The file without its symbols: code and data of this library and of what it uses of header libraries."""
        if not shutil.which("strip"):
            raise Skip("strip is not installed")
        if b"libasignalr.so" in self._host.read_bytes():
            raise Skip("the host is linked to the shared library")
        with tempfile.TemporaryDirectory() as folder:
            stripped = pathlib.Path(folder) / "stripped"
            subprocess.run(["strip", "-o", str(stripped), str(self._host)], check=True)
            return stripped.stat().st_size

    def compile_seconds(self):
        """The better of two: a busy machine adds, nothing takes away."""
        if not shutil.which(self._compiler):
            raise Skip(f"{self._compiler} is not installed")
        source = pathlib.Path(__file__).parent / "user_file.cpp"
        return min(self._one_compilation(source) for _ in range(2))

    def _one_compilation(self, source):
        includes = [f"-I{folder}" for folder in self._includes]
        process = subprocess.Popen([self._compiler, "-std=c++20", "-O2", *includes, "-c", str(source), "-o", os.devnull])
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise harness.Failure("it does not compile")
        return usage.ru_utime + usage.ru_stime


def measurements(counter):
    """Name in limits.COUNTS -> how to take it, and how far it may be above by counting."""
    def allocations(pair):
        return pair[1] - counter.argument_objects

    return {
        "instructions per echo, 1 in flight": (lambda: counter.echo(1)[0], 0),
        "instructions per echo, 16 in flight": (lambda: counter.echo(16)[0], 0),
        "allocations per echo, 1 in flight": (lambda: allocations(counter.echo(1)), limits.ALLOCATION_TOLERANCE),
        "allocations per echo, 16 in flight": (lambda: allocations(counter.echo(16)), limits.ALLOCATION_TOLERANCE),
        "MessagePack's share of JSON's instructions per echo, 1 in flight": (lambda: counter.messagepack_share(1), 0),
        "MessagePack's share of JSON's instructions per echo, 16 in flight": (lambda: counter.messagepack_share(16), 0),
        "allocations per echo in MessagePack, 1 in flight": (
            lambda: allocations(counter.echo(1, protocol="messagepack")), limits.ALLOCATION_TOLERANCE),
        "instructions per call that suspends once": (lambda: counter.echo(1, "Post", connections=1)[0], 0),
        "allocations per call that suspends once": (
            lambda: allocations(counter.echo(1, "Post", connections=1)), limits.ALLOCATION_TOLERANCE),
        "allocations per call that suspends once, 50 at a time": (
            lambda: allocations(counter.echo(1, "Post")), limits.ALLOCATION_TOLERANCE),
        "instructions per stream item out": (lambda: counter.callgrind("stream", "--size", 60)[0], 0),
        "instructions per upload item in": (lambda: counter.callgrind("upload")[0], 0),
        "syscalls per echo at a low rate": (counter.syscalls, limits.SYSCALL_TOLERANCE),
        "bytes per idle connection": (counter.idle_bytes, 0),
        "bytes per Server-Sent Events connection at rest": (lambda: counter.idle_bytes("server-sent-events"), 0),
        "bytes per long-polling connection at rest": (lambda: counter.idle_bytes("long-polling"), 0),
        "bytes of the echo server, stripped": (counter.host_bytes, 0),
        "CPU seconds to compile a user's file": (counter.compile_seconds, 0),
    }


def judge(name, measure, tolerance):
    limit = limits.COUNTS[name]
    try:
        value = measure()
    except Skip as reason:
        print(f"skip {name}: {reason}", flush=True)
        return "skipped"
    except harness.Failure as failure:
        print(f"FAIL {name}: {failure}", flush=True)
        return "failed"
    good = value <= limit + tolerance
    print(f"ok {name} {value:.2f} <= {limit}" if good else f"FAIL {name} {value:.2f} > {limit}", flush=True)
    return "passed" if good else "failed"


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", required=True, type=harness.path, help="the benchmark-host")
    parser.add_argument("--generator", required=True, type=harness.path, help="the load-generator")
    parser.add_argument("--filter", default="", help="only counts whose name contains this")
    parser.add_argument("--compiler", default=os.environ.get("CXX", "g++"))
    parser.add_argument("--include", action="append", default=[str(harness.ROOT / "include")], help="more include folders for the user's file")
    parser.add_argument("--idle-connections", type=int, default=5000)
    parser.add_argument("--raw", action="store_true", help="the host is raw-echo: counts the floor, and checks the method")
    return parser.parse_args()


def main():
    arguments = parse()
    sums = {"passed": 0, "failed": 0, "skipped": 0}
    for name, (measure, tolerance) in measurements(Counter(arguments)).items():
        if arguments.filter in name:
            sums[judge(name, measure, tolerance)] += 1
    print(", ".join(f"{count} {what}" for what, count in sums.items()))
    return 1 if sums["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
