# SPDX-License-Identifier: MIT
"""docs/limits.md names every limit with its default, and every counter, as the headers have them."""

import re

from check import ROOT, Check, Failed

HEADERS = ["net/limits.hpp", "connection/hub_options.hpp", "connection/raw_connection.hpp", "server/options.hpp"]
LIMIT_TYPES = r"(?:std::size_t|std::chrono::milliseconds|std::optional<std::size_t>)"
MEMBER = re.compile(rf"^    {LIMIT_TYPES} (\w+)(?: = ([^;]+)|\{{([^}}]*)\}});", re.MULTILINE)
COUNTER = re.compile(r"^    std::uint64_t (\w+) = 0;", re.MULTILINE)
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \|", re.MULTILINE)
UNITS = {"KiB": 1024, "MiB": 1024 * 1024, "s": 1000, "ms": 1}


def number_in_header(text):
    product = 1
    for factor in text.replace("'", "").split("*"):
        product *= int(factor)
    return product


def number_in_table(text):
    """A number with a unit, as in `32 KiB` or `15 s`: bytes, milliseconds, or just how many."""
    found = re.match(r"([\d ]+?) ?(KiB|MiB|ms|s|bytes)?$", text.strip())
    return int(found.group(1).replace(" ", "")) * UNITS.get(found.group(2), 1) if found else text


def limits_in_headers():
    found = {}
    for header in HEADERS:
        for name, assigned, braced in MEMBER.findall((ROOT / "include/asignalr" / header).read_text()):
            found[name] = number_in_header(assigned or braced or "0")
    return found


def table():
    return (ROOT / "docs/limits.md").read_text()


def check_limits():
    real = limits_in_headers()
    told = {name: number_in_table(text) for name, text in ROW.findall(table()) if name not in counters()}
    wrong = [f"{name} has no row" for name in real if name not in told]
    wrong += [f"{name} is no limit of the headers" for name in told if name not in real]
    wrong += [f"{name} is {told[name]} in the table and {real[name]} in the header" for name in real if name in told and told[name] != real[name]]
    if not real or wrong:
        raise Failed("docs/limits.md: " + "\n".join(wrong))


def counters():
    return COUNTER.findall((ROOT / "include/asignalr/log/statistics.hpp").read_text())


def check_counters():
    missing = [name for name in counters() if f"`{name}`" not in table()]
    if missing:
        raise Failed(f"docs/limits.md does not tell of {missing}.")


def checks(_):
    return [Check("limits: docs/limits.md has every option with its default", check_limits),
            Check("limits: docs/limits.md has every counter", check_counters)]
