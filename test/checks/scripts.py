# SPDX-License-Identifier: MIT
"""The scripts that users run: the chat sample from a clone to its page, and what is said and done about missing packages."""

import http.client
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile

from check import ROOT, Check, Failed, Skipped, command, tail

BUILD_SECONDS = 900
STUB = """#!/bin/sh
echo "$(basename "$0") $*" >>"$STUB_CALLS"
%s
"""


# ---- samples/chat/run

def start_chat(port):
    return subprocess.Popen([ROOT / "samples/chat/run", "--port", str(port)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)


def page_of(server):
    """The port of the page, and all that was printed until it was told."""
    printed = []
    for line in server.stdout:
        printed.append(line)
        found = re.match(r"The page: http://localhost:(\d+)/ ", line)
        if found:
            return int(found.group(1)), "".join(printed)
    raise Failed(f"samples/chat/run ended with {server.wait()}:\n{tail(''.join(printed))}")


def fetch(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise Failed(f"The sample answered {path} with {answer.status}.")
    return body


def check_chat():
    server = start_chat(0)
    try:
        port, printed = page_of(server)
        if f"Now listening on: http://*:{port}\n" not in printed:
            raise Failed(f"The sample told of its page before it listened:\n{tail(printed)}")
        scripts = re.findall(r'<script src="([^"]+)"', fetch(port, "/"))
        if len(scripts) < 2:
            raise Failed(f"The page has the scripts {scripts}, and needs Microsoft's client and its own.")
        for script in scripts:
            fetch(port, "/" + script.lstrip("/"))
        server.send_signal(signal.SIGTERM)
        if server.wait(timeout=20) != 0:
            raise Failed(f"SIGTERM ended the sample with {server.returncode}, not 0.")
    finally:
        server.kill()
        server.communicate()


def check_port_in_use():
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        server = start_chat(taken.getsockname()[1])
        printed, _ = server.communicate(timeout=BUILD_SECONDS)
    if server.returncode != 1 or "in use" not in printed or "The page" in printed or "Now listening" in printed:
        raise Failed(f"With its port in use the sample ended with {server.returncode} and said:\n{tail(printed)}")


# ---- need_packages

class Machine:
    """A PATH with nothing but stubs: which packages dpkg knows, which programs there are, and whether apt-get works."""

    def __init__(self, folder, installed=(), programs=(), apt=None):
        self._folder = pathlib.Path(folder)
        self._calls = self._folder / "calls"
        self._calls.touch()
        known = "|".join(installed) or "nothing"
        # Its last argument is the package.
        self._stub("dpkg-query", f'for name; do :; done\ncase $name in {known}) printf installed ;; *) exit 1 ;; esac')
        for program in programs:
            self._stub(program, "exit 0")
        if apt is not None:
            self._stub("apt-get", apt)
        for needed in ("basename", "bash"):
            (self._folder / needed).symlink_to(next(f"{place}/{needed}" for place in ("/usr/bin", "/bin") if os.path.exists(f"{place}/{needed}")))

    def _stub(self, name, text):
        path = self._folder / name
        path.write_text(STUB % text)
        path.chmod(0o755)

    def need(self, *packages):
        """(exit code, what was said, the calls of apt-get)"""
        script = f'source "{ROOT}/test/support/packages.sh"; need_packages {" ".join(packages)}; echo done'
        code, output = command([self._folder / "bash", "-c", script], environment={"PATH": str(self._folder), "STUB_CALLS": str(self._calls)})
        return code, output, [line for line in self._calls.read_text().splitlines() if line.startswith("apt-get")]


def expect(found, wanted):
    if found != wanted:
        raise Failed(f"need_packages did {found}, not {wanted}")


def check_nothing_missing():
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(folder, installed=["libfmt-dev"], programs=["g++", "node"], apt="exit 1")
        expect(machine.need("g++", "nodejs", "libfmt-dev"), (0, "done\n", []))


def check_may_not_install():
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(folder, installed=["libfmt-dev"], programs=["g++"])
        text = ("These packages are missing: nodejs libasio-dev\n"
                "Install them (as root: apt-get install nodejs libasio-dev) and try again.\n")
        expect(machine.need("g++", "nodejs", "libfmt-dev", "libasio-dev"), (1, text, []))


def check_installs():
    if os.geteuid() != 0:
        raise Skipped("only root may install")
    calls = ["apt-get update -qq", "apt-get install -y -qq --no-install-recommends nodejs libasio-dev"]
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(folder, programs=["g++"], apt="exit 0")
        expect(machine.need("g++", "nodejs", "libasio-dev"), (0, "Installing: nodejs libasio-dev\ndone\n", calls))
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(folder, programs=["g++"], apt='[ "$1" = update ]')
        text = "Installing: nodejs libasio-dev\nCould not install: nodejs libasio-dev\n"
        expect(machine.need("g++", "nodejs", "libasio-dev"), (1, text, calls))


def checks(_):
    return [
        Check("scripts: need_packages, nothing is missing", check_nothing_missing),
        Check("scripts: need_packages, it may not install", check_may_not_install),
        Check("scripts: need_packages, it installs", check_installs),
        Check("scripts: samples/chat/run builds, serves and ends", check_chat),
        Check("scripts: samples/chat/run with its port in use", check_port_in_use),
    ]
