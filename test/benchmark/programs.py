# SPDX-License-Identifier: MIT
"""Builds what is measured, finds out which of the peers can be had, and tells where all of it runs."""

import dataclasses
import json
import pathlib
import platform
import re
import shutil
import subprocess

import harness

TARGETS = ["raw-echo", "load-generator", "benchmark-host"]
FOLDER = pathlib.Path(__file__).resolve().parent

# Name -> the program without which there is no such peer.
PEERS = {"ASP.NET Core": "dotnet", "ws": "node", "Socket.IO": "node"}
# As they are named on the command line.
SHORT_NAMES = {"aspnet": "ASP.NET Core", "ws": "ws", "socket.io": "Socket.IO"}


@dataclasses.dataclass(frozen=True)
class Programs:
    """`skipped` names the peers that are not measured, and why."""

    host: pathlib.Path
    raw_echo: pathlib.Path
    generator: pathlib.Path
    reference: pathlib.Path | None
    skipped: dict

    def has(self, peer):
        return peer not in self.skipped


def build(directory, targets):
    if not (directory / "build.ninja").exists():
        subprocess.run(["meson", "setup", str(directory), str(harness.ROOT), "-Dbuildtype=release", "-Dbenchmarks=enabled"], check=True)
    subprocess.run(["meson", "compile", "-C", str(directory), *targets], check=True)


def find(directory, name):
    found = [path for path in directory.rglob(name) if path.is_file()]
    if not found:
        raise harness.Failure(f"{name} was not built")
    return found[0]


def missing_peers(left_out):
    """Peer -> why it is not measured."""
    skipped = {SHORT_NAMES[name]: "left out with --without" for name in left_out}
    for peer, program in PEERS.items():
        if peer not in skipped and not shutil.which(program):
            skipped[peer] = f"{program} is not installed"
    return skipped


def build_reference(folder, directory):
    artifacts = directory / "reference"
    subprocess.run(["dotnet", "build", "-c", "Release", "--artifacts-path", str(artifacts), str(folder)], check=True, stdout=subprocess.DEVNULL)
    found = sorted(artifacts.glob("bin/*/release/reference-server.dll"))
    if not found:
        raise harness.Failure("the reference server was not built")
    return found[0]


def install_packages():
    """ws and Socket.IO, as package-lock.json pins them."""
    script = "source test/support/packages.sh; npm_install test/benchmark"
    subprocess.run(["bash", "-euc", script], cwd=harness.ROOT, check=True)


def prepare(arguments):
    directory = arguments.build_directory
    build(directory, TARGETS[:2] if arguments.host else TARGETS)
    skipped = missing_peers(arguments.without)
    if "ws" not in skipped or "Socket.IO" not in skipped:
        install_packages()
    reference = None if "ASP.NET Core" in skipped else build_reference(arguments.reference, directory)
    return Programs(arguments.host or find(directory, "benchmark-host"), find(directory, "raw-echo"), find(directory, "load-generator"),
                    reference, skipped)


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return ""


def first(pattern, text):
    found = re.search(pattern, text, re.MULTILINE)
    return found.group(1).strip() if found else "unknown"


def compiler():
    told = output_of("c++", "--version")
    return ("Clang " if "clang" in told else "GCC ") + first(r"([0-9]+\.[0-9]+\.[0-9]+)", told)


def surroundings(programs):
    """What a reader has to know of the machine and the versions."""
    locked = json.loads((FOLDER / "package-lock.json").read_text())["packages"]
    told = {
        "processor": first(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text()),
        "processors": len(set().union(*harness.processors())),
        "system": "Linux " + first(r"^(\d+\.\d+)", platform.release()),
        "compiler": compiler(),
    }
    if programs.has("ASP.NET Core"):
        told["ASP.NET Core"] = first(r"^Microsoft\.AspNetCore\.App (\S+)", output_of("dotnet", "--list-runtimes"))
    for peer, package in (("ws", "ws"), ("Socket.IO", "socket.io")):
        if programs.has(peer):
            told["Node"] = output_of("node", "--version").strip().lstrip("v")
            told[peer] = locked[f"node_modules/{package}"]["version"]
    return told
