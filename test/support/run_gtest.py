#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs one GoogleTest executable and prints what failed, and last `N passed, N failed, N skipped` of its single cases."""

import json
import pathlib
import subprocess
import sys
import tempfile

PATIENCE = 300  # seconds for a whole executable


def cases(report):
    for suite in report.get("testsuites", []):
        for case in suite["testsuite"]:
            if case["status"] == "RUN":
                yield suite["name"] + "." + case["name"], case


def run(executable, pattern, report):
    """Exit code, output and how far it came; no exit code if it did not end."""
    command = [executable, f"--gtest_filter={pattern}", f"--gtest_output=json:{report}"]
    try:
        ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE)
        return ended.returncode, ended.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as expired:
        return None, (expired.stdout or b"").decode(errors="replace")


def main():
    executable, pattern = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        code, output = run(executable, pattern, report)
        found = dict(cases(json.loads(report.read_text()))) if report.exists() else {}
    failed = [name for name, case in found.items() if case.get("failures")]
    skipped = [name for name, case in found.items() if case["result"] == "SKIPPED" and name not in failed]
    if code != 0:
        print(output)
        if not failed:
            ending = f"did not end within {PATIENCE} s" if code is None else f"ended with exit code {code}"
            failed.append(f"{pathlib.Path(executable).name} {ending}")
    for name in failed:
        print(f"FAILED: {name}")
    for name in skipped:
        print(f"skipped: {name}")
    passed = len(found) - len(skipped) - sum(name in found for name in failed)
    print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
    return 1 if failed else 0


sys.exit(main())
