# SPDX-License-Identifier: MIT
"""Takes the measurements that quantities.py names: shuffled repetitions, disturbed runs thrown away."""

import random
import statistics
import sys
import time

import harness
import limits
import quantities

RETRIES = 3
CARRIED = 1024 * 1024
WARM_UP_ROUNDS = 8


class Bench:
    """All runs of one call of `run`. Use it in a with statement: lasting servers end with it."""

    def __init__(self, setting, accept_noise):
        self._setting = setting
        self._accept_noise = accept_noise
        self._generator_cpu, self._one, self._two = harness.processors()
        self._lasting = {}
        self._warm = set()
        self.thrown_away = 0
        self.missing = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self._lasting.values():
            server.stop()

    def repeat(self, loads, repetitions):
        """Load name -> a list of CPU nanoseconds per message, None where no quiet run was to be had."""
        samples = {name: [] for name in loads}
        for repetition in range(repetitions):
            for name in random.sample(sorted(loads), len(loads)):
                print(f"[{repetition + 1}/{repetitions}] {name}", file=sys.stderr, flush=True)
                samples[name].append(self._quiet_run(loads[name]))
        return samples

    def _quiet_run(self, load):
        for _ in range(1 + RETRIES):
            result = self._run(load)
            if result["errors"]:
                raise harness.Failure(f"{load.subject.name}: {result['first_error']}")
            if result["foreign_share"] <= limits.FOREIGN_CPU or self._accept_noise:
                return result["cpu_ns_per_message"]
            self.thrown_away += 1
        self.missing += 1
        return None

    def _run(self, load):
        if load.subject.lasting:
            return self._generate(self._lasting_server(load), load.arguments)
        with self._start(load.subject) as server:
            return self._generate(server, load.arguments)

    def _start(self, subject):
        return harness.Server(subject.command, pinned=self._two if subject.lanes > 1 else self._one, environment=dict(subject.environment))

    def _lasting_server(self, load):
        """Warmed up with each kind of load. The pauses matter: .NET's better code is made when a busy processor has a moment."""
        if load.subject not in self._lasting:
            self._lasting[load.subject] = self._start(load.subject).__enter__()
        server = self._lasting[load.subject]
        if load not in self._warm:
            self._warm.add(load)
            for _ in range(WARM_UP_ROUNDS):
                self._generate(server, (*load.arguments, "--duration", 3))
                time.sleep(1.5)
        return server

    def _generate(self, server, arguments, time_limit=120):
        return harness.generate(self._setting.generator, server, arguments, pinned=self._generator_cpu, time_limit=time_limit)

    def idle(self, name, extra=(), arguments=(), time_limit=120):
        """The generator's report on idle connections of a fresh server."""
        subject = quantities.subjects(self._setting)[name]
        command = (*subject.command, *extra)
        with harness.Server(command, pinned=self._one, environment=dict(subject.environment)) as server:
            return self._generate(server, ("idle", "--duration", 5, *arguments), time_limit)

    def idle_after_carry(self, name):
        """The same when each connection has carried one big message and a burst; None where the host refuses the option for it, or the message."""
        try:
            report = self.idle(name, ("--maximum-message-size", str(2 * CARRIED)),
                               ("--connections", self._setting.idle, "--carry", CARRIED), time_limit=600)
        except harness.Failure as failure:
            print(f"memory after a big message: {failure}", file=sys.stderr)
            return None
        if "carry_refused" in report:
            print(f"memory after a big message: {report['carry_refused']}", file=sys.stderr)
            return None
        return report


def ratio_samples(above, below):
    """Repetition by repetition, so that both sides are neighbours in time."""
    return [first / second for first, second in zip(above, below) if first and second]


def summary(values):
    """Median and range; None without values."""
    if not values:
        return None
    return {"median": statistics.median(values), "best": min(values), "worst": max(values), "runs": len(values)}
