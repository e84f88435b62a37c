# SPDX-License-Identifier: MIT
"""What a message costs, counted in a release build, against the limits in test/benchmark/limits.py."""

import re
import sys

from check import ROOT, Build, Check, Failed, command, succeed, tail

NAME = "counts"
RELEASE_OPTIONS = ["-Dbuildtype=release", "-Dbenchmarks=enabled", "-Dtests=disabled", "-Dsamples=enabled"]
TARGETS = ["test/benchmark/host/benchmark-host", "test/benchmark/load-generator"]
ROW = re.compile(r"^(ok|FAIL|skip) (.*)$", re.MULTILINE)
FIGURES = re.compile(r"(: .*| -?[\d.]+ (<=|>) [\d.]+)$")
OUTCOMES = {"ok": "passed", "FAIL": "failed", "skip": "skipped"}


def release_folder(build):
    """The given folder, if it is a release build with the programs; else that of the chat sample, to compile the library once."""
    if build.option("buildtype") == "release" and build.option("benchmarks") == "enabled":
        folder = build.folder
    else:
        folder = ROOT / "build-release"
        if not (folder / "build.ninja").exists():
            succeed(["meson", "setup", folder, ROOT, *RELEASE_OPTIONS])
        elif Build(folder).option("benchmarks") != "enabled":
            succeed(["meson", "configure", folder, "-Dbenchmarks=enabled"])
    succeed(["ninja", "-C", folder, *TARGETS], time_limit=900)
    return folder


def run_counts(build):
    folder = release_folder(build)
    code, output = command([sys.executable, ROOT / "test/benchmark/counts.py", "--host", folder / TARGETS[0],
                            "--generator", folder / TARGETS[1]], time_limit=900)
    rows = [(f"{NAME}: {FIGURES.sub('', text)}", OUTCOMES[word], advice(word, text)) for word, text in ROW.findall(output)]
    if not rows or code != (1 if any(outcome == "failed" for _, outcome, _ in rows) else 0):
        raise Failed(f"test/benchmark/counts.py ended with {code}:\n{tail(output)}")
    return rows


def advice(word, text):
    if word == "FAIL":
        return f"{text}\nFind out with callgrind what became dearer; docs/performance.md tells how it is counted."
    return text.partition(": ")[2]


def checks(build):
    if build.is_sanitized:
        return [Check(f"{NAME}: none", lambda: [(f"{NAME}: all", "skipped", "a sanitizer's work would be counted")], is_group=True)]
    return [Check(NAME, lambda: run_counts(build), is_group=True)]
