# SPDX-License-Identifier: MIT
"""The documents tell the truth: their programs compile, their tests pass, the README's server answers, their links lead somewhere."""

import contextlib
import fnmatch
import http.client
import json
import pathlib
import re
import select
import subprocess
import tempfile
import time

from check import ROOT, Check, Failed, Skipped, command, relative, sources, tail

LONGEST_EXAMPLE = 25
BLOCK = re.compile(r"^```cpp(?P<kind>[^\n]*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
GOOGLETEST = "#include <gtest/gtest.h>"
TEST = re.compile(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", re.MULTILINE)
NAMED_TEST = re.compile(r"`([a-z][\w-]*(?:\.[\w*-]+)+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def documents():
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def programs(path):
    """(line, code) of each complete program of a document."""
    text = path.read_text()
    for block in BLOCK.finditer(text):
        if "int main" in block["code"] or GOOGLETEST in block["code"]:
            yield text.count("\n", 0, block.start()) + 2, block["code"]


def build_program(build, code, folder, where):
    source, executable = pathlib.Path(folder) / "program.cpp", pathlib.Path(folder) / "program"
    source.write_text(code)
    more = googletest() if GOOGLETEST in code else []
    code, output = command([build.compiler, *build.compile_arguments(), source, "-o", executable, *more, *build.link_arguments()])
    if code != 0:
        raise Failed(f"The program at {where} does not build.\n{tail(output)}")
    return executable


def googletest():
    code, output = command(["pkg-config", "--cflags", "--libs", "gtest_main"])
    if code != 0:
        raise Skipped("GoogleTest has no pkg-config file here")
    return output.split()


def check_program(build, code, where):
    with tempfile.TemporaryDirectory() as folder:
        program = build_program(build, code, folder, where)
        if GOOGLETEST in code:
            run_tests(program, len(TEST.findall(code)), where)


def run_tests(program, expected, where):
    code, output = command([program], time_limit=60)
    passed = re.search(r"^\[  PASSED  \] (\d+) tests?\.$", output, re.MULTILINE)
    if code != 0 or not passed or int(passed.group(1)) != expected:
        raise Failed(f"The tests at {where} ended with {code}; {expected} should pass.\n{tail(output)}")


def readme_example():
    text = (ROOT / "README.md").read_text()
    block = BLOCK.search(text)
    if not block:
        raise Failed("README.md has no ```cpp block; its first one is a complete hub program.")
    return block["code"]


def check_readme(build):
    code = readme_example()
    if code.count("\n") > LONGEST_EXAMPLE:
        raise Failed(f"The program in README.md has {code.count(chr(10))} lines, more than {LONGEST_EXAMPLE}.")
    if "asignalr/" in code and "/detail/" in code:
        raise Failed("The program in README.md uses private headers.")
    # Any free port instead of the one a reader would type into a browser.
    moved, changes = re.subn(r'(http://[^"]*):\d+"', r'\1:0"', code)
    if changes != 1:
        raise Failed("The program in README.md should listen on one http:// URL.")
    with tempfile.TemporaryDirectory() as folder:
        program = build_program(build, moved, folder, "README.md")
        with running(program) as server:
            negotiate(url_of(server), route_of(code))


@contextlib.contextmanager
def running(program):
    server = subprocess.Popen([str(program)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    try:
        yield server
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def url_of(server):
    """What the program prints when it listens."""
    until = time.monotonic() + 20
    while time.monotonic() < until and server.poll() is None:
        if select.select([server.stdout], [], [], 0.2)[0]:
            found = re.search(rb"http://[^:]+:(\d+)", server.stdout.readline())
            if found:
                return int(found.group(1))
    raise Failed("The program in README.md did not print the URL it listens on.")


def route_of(code):
    return re.search(r'\.map\("([^"]+)"\)', code).group(1)


def negotiate(port, route):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("POST", f"{route}/negotiate?negotiateVersion=1", headers={"Content-Length": "0"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200 or b'"connectionToken"' not in body or b"WebSockets" not in body:
        raise Failed(f"The server of README.md answered negotiate with {answer.status} {body[:200]!r}")


def check_links(path):
    gone = [target for target in LINK.findall(path.read_text())
            if not re.match(r"[a-z]+:", target) and not (path.parent / target).exists()]
    if gone:
        raise Failed(f"{relative(path)} points to {gone}, which do not exist.")


def unit_tests():
    return {f"{suite}.{name}" for path in sources("test/unit") for suite, name in TEST.findall(path.read_text())}


def check_named_tests():
    """Whatever looks like a test in the table of differences is one: a unit test, or a scenario of test/wire."""
    existing = unit_tests() | set(json.loads((ROOT / "test/wire/golden-aspnetcore10.json").read_text())["scenarios"])
    named = NAMED_TEST.findall((ROOT / "docs/deviations.md").read_text())
    gone = [name for name in named if not fnmatch.filter(existing, name)]
    if gone or not named:
        raise Failed(f"docs/deviations.md names tests that do not exist: {gone}")


def checks(build):
    rows = [Check("documents: README.md, the example answers negotiate", lambda: check_readme(build)),
            Check("documents: docs/deviations.md, tests", check_named_tests)]
    for path in documents():
        rows.append(Check(f"documents: {relative(path)}, links", lambda path=path: check_links(path)))
        if path.name == "README.md" and path.parent == ROOT:
            continue
        for line, code in programs(path):
            where = f"{relative(path)}:{line}"
            rows.append(Check(f"documents: {where}, program", lambda code=code, where=where: check_program(build, code, where)))
    return rows
