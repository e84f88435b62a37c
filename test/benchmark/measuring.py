# SPDX-License-Identifier: MIT
"""Takes the measurements that quantities.py names: shuffled repetitions, disturbed runs thrown away."""

import random
import statistics
import sys
import time

import harness
import limits

RETRIES = 3
CARRIED = 1024 * 1024
WARM_UP_SECONDS = 2
LONGEST_CALMING = 10  # seconds


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

    def repeat(self, section, repetitions):
        """Load name -> the generator's reports, None where no quiet run was to be had."""
        for load in section.loads.values():
            self._warm_up(load)
        samples = {name: [] for name in section.loads}
        for repetition in range(repetitions):
            for name in random.sample(sorted(section.loads), len(section.loads)):
                print(f"{section.name} {repetition + 1}/{repetitions}: {name}", file=sys.stderr, flush=True)
                samples[name].append(self._quiet_run(section.loads[name]))
        return samples

    def _quiet_run(self, load):
        for _ in range(1 + RETRIES):
            report = self._run(load)
            if report["errors"]:
                raise harness.Failure(f"{load.subject.name}: {report['first_error']}")
            if report["foreign_share"] <= limits.FOREIGN_CPU or self._accept_noise:
                return report
            self.thrown_away += 1
        self.missing += 1
        return None

    def _run(self, load):
        lasting = self._lasting.get(load.subject)
        if lasting:
            report = self._generate(lasting, load.subject, load.arguments)
            calm_down(lasting)
            return report
        with self._start(load.subject) as server:
            return self._generate(server, load.subject, load.arguments)

    def _start(self, subject, extra=()):
        return harness.Server((*subject.command, *extra), pinned=self._two if subject.lanes > 1 else self._one,
                              environment=dict(subject.environment))

    def _warm_up(self, load):
        """The pauses matter: the better code is made when a busy processor has a moment."""
        if load.subject.warm_up_rounds == 0 or load in self._warm:
            return
        self._warm.add(load)
        if load.subject not in self._lasting:
            self._lasting[load.subject] = self._start(load.subject).__enter__()
        for _ in range(load.subject.warm_up_rounds):
            self._generate(self._lasting[load.subject], load.subject, (*load.arguments, "--duration", WARM_UP_SECONDS))
            calm_down(self._lasting[load.subject])

    def _generate(self, server, subject, arguments, time_limit=120):
        return harness.generate(self._setting.programs.generator, server, (*arguments, *subject.words), self._generator_cpu, time_limit,
                                subject.path)

    def rest(self, what, extra=(), arguments=(), time_limit=120):
        """The generator's report on resting connections of a fresh server."""
        idle = ("idle", "--duration", 3, "--connections", what.connections, *what.words, *arguments)
        with self._start(what.subject, extra) as server:
            return self._generate(server, what.subject, idle, time_limit)

    def rest_after_carry(self, what):
        """The same when each connection has carried one big message and a burst; None where the host refuses the option for it, or the message."""
        try:
            report = self.rest(what, ("--maximum-message-size", str(2 * CARRIED)), ("--carry", CARRIED), time_limit=600)
        except harness.Failure as failure:
            print(f"memory after a big message: {failure}", file=sys.stderr)
            return None
        if "carry_refused" in report:
            print(f"memory after a big message: {report['carry_refused']}", file=sys.stderr)
            return None
        return report


def calm_down(server):
    """Waits until a lasting server has dealt with those that left: it would disturb the next run."""
    end = time.monotonic() + LONGEST_CALMING
    before = server.cpu_seconds()
    while time.monotonic() < end:
        time.sleep(0.2)
        now = server.cpu_seconds()
        if now - before <= 0.01:
            return
        before = now


def ratio_samples(above, below, figure):
    """Repetition by repetition, so that both sides are neighbours in time."""
    return [first[figure] / second[figure] for first, second in zip(above, below) if first and second]


def summary(values):
    """Median and range; None without values."""
    if not values:
        return None
    return {"median": statistics.median(values), "best": min(values), "worst": max(values), "runs": len(values)}
