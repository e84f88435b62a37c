# SPDX-License-Identifier: MIT
"""Form of the files: licence line, length, no leftovers."""

import re

from check import ROOT, Check, Failed, relative, sources

LONGEST = 450
LONGEST_SAMPLE = 150
LICENCE = "// SPDX-License-Identifier: MIT"
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
OURS = ["include", "lib", "samples", "test"]


def complain(wrong, advice):
    if wrong:
        raise Failed("\n".join(wrong) + "\n" + advice)


def check_licence():
    wrong = [relative(path) for path in sources(*OURS) if not path.read_text().startswith(LICENCE + "\n")]
    complain(wrong, f"The first line of each C++ file is `{LICENCE}`.")


def check_once():
    wrong = [relative(path) for path in sources(*OURS, suffixes=(".hpp",)) if "#pragma once\n" not in path.read_text()]
    complain(wrong, "Each header has `#pragma once`.")


def check_length():
    counted = [(path, path.read_text().count("\n")) for path in sources("include", "lib", "samples")]
    complain([f"{relative(path)} has {lines} lines" for path, lines in counted if lines > LONGEST],
             f"A file does one thing, in at most {LONGEST} lines: split it.")


def check_sample_length():
    lines = sum(path.read_text().count("\n") for path in sources("samples/chat"))
    if lines >= LONGEST_SAMPLE:
        raise Failed(f"The C++ of samples/chat has {lines} lines; it is the first code a user reads and stays below {LONGEST_SAMPLE}.")


def check_unfinished():
    wrong = []
    for path in sources(*OURS, suffixes=(".hpp", ".cpp", ".py", ".mjs", ".js", ".sh")):
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if UNFINISHED.search(line):
                wrong.append(f"{relative(path)}:{number}: {line.strip()}")
    complain(wrong, "Finish it, or file an issue and leave no mark.")


def check_space():
    wrong = []
    for path in sources(*OURS):
        for number, line in enumerate(path.read_text().split("\n"), start=1):
            if "\t" in line or line != line.rstrip():
                wrong.append(f"{relative(path)}:{number}: a tab or space at the end of the line")
    complain(wrong, "clang-format removes them.")


def check_version():
    """The version stands in meson.build, in a header and on top of the change log."""
    built = re.search(r"version: '([0-9.]+)'", (ROOT / "meson.build").read_text()).group(1)
    header = re.search(r'ASIGNALR_VERSION_TEXT "([^"]+)"', (ROOT / "include/asignalr/base/version.hpp").read_text()).group(1)
    logged = re.search(r"^## ([0-9.]+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE).group(1)
    if not built == header == logged:
        raise Failed(f"meson.build has version {built}, version.hpp {header}, CHANGELOG.md {logged}: make them equal.")


def checks(_):
    return [
        Check("files: licence line", check_licence),
        Check("files: headers are included once", check_once),
        Check("files: length", check_length),
        Check("files: length of the chat sample", check_sample_length),
        Check("files: nothing unfinished", check_unfinished),
        Check("files: no tabs, no space at line ends", check_space),
        Check("files: one version everywhere", check_version),
    ]
