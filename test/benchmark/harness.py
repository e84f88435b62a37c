# SPDX-License-Identifier: MIT
"""Starts servers and the load generator, pinned to processors of their own."""

import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Failure(Exception):
    """A server or the generator did not do its work."""


def path(text):
    """An absolute path, for the command line."""
    return pathlib.Path(text).resolve()


def processors():
    """(generator's, one server thread's, two server threads') processors; with too few they are shared."""
    available = sorted(os.sched_getaffinity(0))
    generator = {available[0]}
    one = {available[min(1, len(available) - 1)]}
    two = set(available[1:3]) if len(available) >= 3 else one
    return generator, one, two


def descriptor_limit():
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def _before_start(pinned):
    def prepare():
        hard = descriptor_limit()
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        if pinned:
            os.sched_setaffinity(0, pinned)

    return prepare


class Server:
    """A running server. Use it in a with statement; `url` and `process` (the id of the process that serves) are ready then."""

    def __init__(self, command, pinned=None, start_seconds=30, wrapped=False, environment=None):
        self._command = [str(word) for word in command]
        self._pinned = pinned
        self._start_seconds = start_seconds
        self._wrapped = wrapped
        self._environment = dict(os.environ, **(environment or {}))
        self._child = None
        self._output = None
        self.url = None
        self.process = None

    def __enter__(self):
        # A file, not a pipe: a server that says much must not wait for us.
        self._output = tempfile.TemporaryFile()
        self._child = subprocess.Popen(self._command, stdout=self._output, stderr=subprocess.STDOUT, env=self._environment,
                                       preexec_fn=_before_start(self._pinned))
        try:
            self.url = self._wait_for_url()
            self.process = self._served_by()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Ends it with SIGTERM, and with SIGKILL when that does not help. Waits for the end."""
        if self._child.poll() is None:
            os.kill(self.process or self._child.pid, signal.SIGTERM)
            try:
                self._child.wait(60)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        self._output.close()

    def cpu_seconds(self):
        """What it has used so far, in whole ticks of the scheduler's statistics."""
        fields = pathlib.Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _served_by(self):
        if not self._wrapped:
            return self._child.pid
        children = pathlib.Path(f"/proc/{self._child.pid}/task/{self._child.pid}/children").read_text().split()
        return int(children[0]) if children else self._child.pid

    def _wait_for_url(self):
        end = time.monotonic() + self._start_seconds
        said = ""
        while time.monotonic() < end:
            ended = self._child.poll() is not None
            said = self._said()
            found = re.search(r"Now listening on: (http://\S+)\s", said)
            if found:
                return found.group(1)
            if ended:
                break
            time.sleep(0.02)
        raise Failure(f"{self._command[0]} does not listen: {said[-500:].strip()}")

    def _said(self):
        return os.pread(self._output.fileno(), 65536, 0).decode(errors="replace")


def generate(generator, server, arguments, pinned=None, time_limit=120, path="/bench"):
    """One run of the load generator; its report as a dictionary."""
    command = [str(generator), *[str(word) for word in arguments], "--url", server.url + path, "--server-process", str(server.process),
               "--time-limit", str(time_limit)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=time_limit + 60, preexec_fn=_before_start(pinned))
    if done.returncode != 0:
        raise Failure(done.stderr.strip())
    return json.loads(done.stdout)
