"""Starts the conformance host, and a proxy in front of it."""

import contextlib
import pathlib
import re
import subprocess
import tempfile

PATIENCE = 30  # seconds to wait for an answer, on a machine that is busy and under a sanitizer
PROXY = pathlib.Path(__file__).resolve().parent.parent / "proxy.mjs"


@contextlib.contextmanager
def started(command, line, **options):
    """Runs a program that says where it listens in a line that matches."""
    process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options)
    try:
        found = None
        while not found:
            said = process.stdout.readline()
            if not said:
                raise RuntimeError(f"{command[0]} ended with {process.wait()} before it listened")
            found = re.search(line, said)
        yield process, found.group(1)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


@contextlib.contextmanager
def proxied(base, words):
    """The URL of a proxy with these options in front of a host; without options the host's own."""
    if not words:
        yield base
        return
    with started(["node", PROXY, base.rpartition(":")[2], *words], r"(http://.*)") as (_, url):
        yield url


def ask(host, lanes, words, question):
    """What `question` makes of the URL of a host, and what is wrong with the host's end; None if nothing is."""
    with tempfile.TemporaryFile("w+") as log:
        command = [host, "--urls", "http://127.0.0.1:0", "--lanes", lanes]
        with started(command, r"Now listening on: (http://.*)", stderr=log) as (process, base):
            with proxied(base, words) as url:
                answer = question(url)
            process.terminate()
            try:
                code = process.wait(30)
            except subprocess.TimeoutExpired:
                code = "SIGKILL, as it did not stop"
        if code == 0:
            return answer, None
        log.seek(0)
        return answer, f"the host ended with {code}:\n" + "".join(log.readlines()[-120:])
