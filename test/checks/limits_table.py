#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The tables of docs/limits.md are made of the option structs and of `statistics`; run this to write them.

An option that limits something is a number or a time. Above it in its header stand what it is, `@peer`: what a client gets that meets the
limit, and `@counter`: the member of `statistics` that counts it, or `none`. Each is set by a test.
"""

import fnmatch
import re
import sys

from check import ROOT, Check, Failed, relative, sources

PAGE = ROOT / "docs/limits.md"
# Whose options are set where, below test/unit.
TESTS = {
    "http_options": ["net/http_*", "server/*"],
    "server_options": ["server/*", "testing/*"],
    "hub_options": ["connection/*", "server/*"],
    "raw_connection_options": ["server/raw_*"],
    "method_options": ["server/*", "testing/*"],
}

STRUCT = re.compile(r"^struct (\w+_options|statistics) \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
LIMIT_TYPES = r"std::size_t|std::chrono::milliseconds|std::optional<std::size_t>"
MEMBER = re.compile(rf"((?:^    ///[^\n]*\n)*)^    ({LIMIT_TYPES}) (\w+)(?: = ([^;]+)|\{{([^}}]*)\}});", re.MULTILINE)
TAG = re.compile(r"@(\w+)\s+(.*)")
COUNTER = re.compile(r"^    std::uint64_t (\w+) = 0;\s*///< (.*)$", re.MULTILINE)
TABLE = re.compile(r"(<!-- made of (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


class Option:
    def __init__(self, comment, kind, name, default):
        self.name = name
        self.is_time = kind == "std::chrono::milliseconds"
        self.default = value_of(default)
        lines = [line.strip()[3:].strip() for line in comment.splitlines()]
        tagged = [TAG.match(line) for line in lines]
        self.tags = {found.group(1): found.group(2).strip() for found in tagged if found}
        self.text = " ".join(line for line, found in zip(lines, tagged) if not found)

    def counters(self):
        told = self.tags.get("counter", "none")
        return [] if told.startswith("none") else [name.strip() for name in told.split(",")]

    def row(self):
        told = ", ".join(f"`{name}`" for name in self.counters()) or self.tags.get("counter")
        return f"| `{self.name}` | {self.shown_default()} | {self.text.rstrip('.')} | {self.tags.get('peer')} | {told} |"

    def shown_default(self):
        if self.is_time:
            return "none" if self.default == 0 else in_time(self.default)
        return in_bytes(self.default, self.text) if self.text.startswith("Bytes ") else f"{self.default:,}"


def value_of(text):
    product = 1
    for factor in (text or "0").replace("'", "").split("*"):
        product *= int(factor)
    return product


def in_time(milliseconds):
    return f"{milliseconds // 1000} s" if milliseconds % 1000 == 0 else f"{milliseconds} ms"


def in_bytes(number, text):
    if text.startswith("Bytes a second"):
        return f"{number:,} bytes a second"
    for size, unit in ((1024 * 1024, "MiB"), (1024, "KiB")):
        if number % size == 0:
            return f"{number // size} {unit}"
    return f"{number:,} bytes"


def structs():
    """(name, body) of each option struct of the public headers, and of `statistics`."""
    for path in sources("include/asignalr", suffixes=(".hpp",)):
        yield from STRUCT.findall(path.read_text())


def options_of(body):
    for found in MEMBER.finditer(body):
        comment, kind, name, assigned, braced = found.groups()
        yield Option(comment, kind, name, assigned or braced)


def limits():
    """The options of each struct that has some that are limits."""
    found = {name: list(options_of(body)) for name, body in structs() if name != "statistics"}
    return {name: options for name, options in found.items() if options}


def counters():
    return COUNTER.findall(dict(structs())["statistics"])


def rows_of(name):
    if name == "statistics":
        return ["| counter | what it counts |", "|---|---|", *(f"| `{counter}` | {text.rstrip('.')} |" for counter, text in counters())]
    options = limits().get(name)
    if not options:
        raise Failed(f"docs/limits.md has a table of {name}, which has no limits.")
    return ["| option | default | what it is | what the client gets | counter |", "|---|---|---|---|---|", *(one.row() for one in options)]


def generated():
    return TABLE.sub(lambda found: "\n".join([found.group(1), *rows_of(found.group(2)), "", found.group(3)]), PAGE.read_text())


def complain(wrong):
    if wrong:
        raise Failed("\n".join(wrong))


def check_columns():
    known = {name for name, _ in counters()}
    wrong = []
    for struct, options in limits().items():
        for option in options:
            place = f"{struct}::{option.name}"
            wrong += [f"{place} has no {what}" for what in ("peer", "counter") if not option.tags.get(what)]
            if not option.text:
                wrong.append(f"{place} does not tell what it is")
            wrong += [f"{place} is counted by {name}, which `statistics` does not have" for name in option.counters() if name not in known]
    complain(wrong)


def check_page():
    shown = set(re.findall(r"<!-- made of (\w+) -->", PAGE.read_text()))
    complain([f"docs/limits.md has no table of {name}: write <!-- made of {name} --> and <!-- end -->"
              for name in [*limits(), "statistics"] if name not in shown])
    if generated() != PAGE.read_text():
        raise Failed("docs/limits.md is not what the headers say: run test/checks/limits_table.py")


def tests_of(struct):
    patterns = [f"test/unit/{pattern}" for pattern in TESTS.get(struct, [])]
    return "\n".join(path.read_text() for path in sources("test/unit") if any(fnmatch.fnmatch(relative(path), one) for one in patterns))


def check_tests():
    wrong = [f"{name} has no tests: name their files in test/checks/limits_table.py" for name in limits() if name not in TESTS]
    for struct, options in limits().items():
        text = tests_of(struct)
        wrong += [f"{struct}::{one.name} is set by no test" for one in options if not re.search(rf"\.{one.name}\b\s*(=[^=]|\{{)", text)]
    complain(wrong)


def checks(_):
    return [Check("limits: every option tells what it does and counts", check_columns),
            Check("limits: docs/limits.md is made of the headers", check_page),
            Check("limits: every option is set by a test", check_tests)]


if __name__ == "__main__":
    try:
        check_columns()
        PAGE.write_text(generated())
    except Failed as failure:
        sys.exit(str(failure))
