# SPDX-License-Identifier: MIT
"""What all checks share: the build folder, a check and its result, commands, and the report."""

import json
import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Failed(Exception):
    """What is wrong, and what to do about it."""


class Skipped(Exception):
    """Why this cannot be checked here."""


class Check:
    """A name, and a function that returns nothing or raises Failed or Skipped.

    A group is one piece of work with many results: its function returns rows of (name, "passed", "failed" or "skipped", text).
    """

    def __init__(self, name, function, is_group=False):
        self.name = name
        self.function = function
        self.is_group = is_group

    def may_match(self, pattern):
        return pattern in self.name or (self.is_group and pattern.startswith(self.name))


def run(check):
    try:
        rows = check.function()
    except Failed as failure:
        return [(check.name, "failed", str(failure))]
    except Skipped as reason:
        return [(check.name, "skipped", str(reason))]
    except Exception as error:  # one broken check must not hide the others
        return [(check.name, "failed", f"the check itself failed: {type(error).__name__}: {error}")]
    return rows if check.is_group else [(check.name, "passed", "")]


class Report:
    def __init__(self, pattern):
        self._pattern = pattern
        self._sums = {"passed": 0, "failed": 0, "skipped": 0}

    def add(self, rows):
        for name, outcome, text in rows:
            if self._pattern not in name:
                continue
            self._sums[outcome] += 1
            if outcome == "failed":
                print(f"FAILED: {name}\n    " + text.strip().replace("\n", "\n    "), flush=True)
            elif outcome == "skipped":
                print(f"skipped: {name}: {text}", flush=True)

    def finish(self):
        print(", ".join(f"{count} {outcome}" for outcome, count in self._sums.items()))
        return 1 if self._sums["failed"] else 0


def command(arguments, folder=None, environment=None, time_limit=300, text=""):
    """Runs it with `text` as its input; (exit code, standard output and error in one text)"""
    try:
        done = subprocess.run([str(one) for one in arguments], cwd=folder, env=environment, input=text.encode(),
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=time_limit, check=False)
    except subprocess.TimeoutExpired as late:
        return 1, f"took longer than {time_limit} s: {late.cmd}"
    return done.returncode, done.stdout.decode(errors="replace")


def succeed(arguments, **options):
    code, output = command(arguments, **options)
    if code != 0:
        raise Failed(f"{' '.join(str(one) for one in arguments)}\nended with {code}:\n{tail(output)}")
    return output


def tail(text, lines=25):
    return "\n".join(text.strip().splitlines()[-lines:])


class Build:
    """A folder that Meson set up, with the library in it."""

    def __init__(self, folder):
        self.folder = folder
        rows = json.loads((folder / "meson-info/intro-buildoptions.json").read_text())
        self._options = {row["name"]: row["value"] for row in rows}
        self.compiler = os.environ.get("CXX") or "g++"

    def option(self, name):
        return self._options[name]

    @property
    def is_sanitized(self):
        return self.option("b_sanitize") not in ("none", [])

    def compile_arguments(self):
        sanitize = self.option("b_sanitize")
        sanitize = ",".join(sanitize) if isinstance(sanitize, list) else sanitize
        flags = [f"-fsanitize={sanitize}"] if self.is_sanitized else []
        return ["-std=c++20", "-Wall", "-Wextra", f"-I{ROOT / 'include'}", *flags]

    def link_arguments(self):
        """As the pkg-config file of the build folder says it, with the folder of a shared library known at run time."""
        search = os.pathsep.join(filter(None, [str(self.folder / "meson-uninstalled"), os.environ.get("PKG_CONFIG_PATH")]))
        output = succeed(["pkg-config", "--libs", "--static", "asignalr"], environment={**os.environ, "PKG_CONFIG_PATH": search})
        return [*output.split(), f"-Wl,-rpath,{self.folder / 'lib'}"]


def compilers(build):
    """The compiler of the build, and clang beside it where there is one."""
    found = [build.compiler]
    if shutil.which("clang++") and "clang" not in build.compiler:
        found.append("clang++")
    return found


def relative(path):
    return path.relative_to(ROOT).as_posix()


def sources(*folders, suffixes=(".hpp", ".cpp")):
    """The files of these folders, without what was installed there."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and path.is_file() and "node_modules" not in path.parts:
                yield path
