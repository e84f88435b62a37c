# SPDX-License-Identifier: MIT
"""Who may include whom: a module sees itself and lower floors, and each foreign library has one door."""

import re

from check import ROOT, Check, Failed, relative, sources

FLOORS = [["base"], ["log"], ["serialize", "wire"], ["protocol"], ["runtime"], ["net"], ["transport"], ["connection"], ["hub"],
          ["redis"], ["server", "client"], ["testing"]]
FLOOR_OF = {module: number for number, floor in enumerate(FLOORS, start=1) for module in floor}
FIRST_FLOOR_WITH_ASIO = 5
# The one public file of the lower floors that looks at Asio, and what it may see.
ASIO_QUIRKS = ("include/asignalr/base/config.hpp", {"asio/detail/config.hpp", "asio/version.hpp"})
ONE_ADAPTER = ["rapidjson", "websocketpp", "msgpack", "openssl", "hiredis"]
FOREIGN = ONE_ADAPTER + ["fmt", "boost", "zlib.h"]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def includes(path):
    return INCLUDE.findall(path.read_text())


def module_of(path):
    """The module of a file of include/asignalr or lib; the umbrella headers on top belong to the highest floor."""
    parts = path.relative_to(ROOT).parts
    inside = parts[2:] if parts[0] == "include" else parts[1:]
    return inside[0] if len(inside) > 1 else FLOORS[-1][0]


def own_target(path, bracket, target):
    """The file of ours that an include names, or None for somebody else's."""
    if bracket == "<":
        return ROOT / "include" / target if target.startswith("asignalr/") else None
    for folder in (ROOT / "lib", path.parent):
        if (folder / target).exists():
            return folder / target
    return ROOT / "lib" / target


def library_of(target):
    first = target.split("/")[0]
    return "asio" if first in ("asio", "asio.hpp") else first


def wrong_direction(path):
    here = module_of(path)
    for bracket, target in includes(path):
        there = own_target(path, bracket, target)
        if there is None:
            continue
        if not there.exists():
            yield f"{relative(path)} includes {target}, which does not exist"
            continue
        module = module_of(there)
        if module != here and FLOOR_OF[module] >= FLOOR_OF[here]:
            yield f"{relative(path)}: {here} (floor {FLOOR_OF[here]}) must not include {target} of {module} (floor {FLOOR_OF[module]})"
        if relative(path).startswith("include/") and not relative(there).startswith("include/"):
            yield f"{relative(path)} is public and must not include the private {target}"


def check_direction():
    wrong = [text for path in sources("include/asignalr", "lib") for text in wrong_direction(path)]
    if wrong:
        raise Failed("\n".join(wrong) + "\nMove the code down, or pass what is needed in from above.")


def check_modules():
    known = {path.name for folder in ("include/asignalr", "lib") for path in (ROOT / folder).iterdir() if path.is_dir()}
    unknown = sorted(known - set(FLOOR_OF))
    if unknown:
        raise Failed(f"{unknown} have no floor: add them to FLOORS in test/checks/layers.py")


def check_asio():
    wrong = []
    for path in sources("include/asignalr", "lib"):
        used = {target for bracket, target in includes(path) if bracket == "<" and library_of(target) == "asio"}
        if relative(path) == ASIO_QUIRKS[0]:
            used -= ASIO_QUIRKS[1]
        if used and FLOOR_OF[module_of(path)] < FIRST_FLOOR_WITH_ASIO:
            wrong.append(f"{relative(path)} includes {sorted(used)}")
    if wrong:
        raise Failed("\n".join(wrong) + "\nThe floors below runtime take bytes and time, and return actions; they know no Asio.")


def check_adapters():
    users = {}
    for path in sources("include/asignalr", "lib"):
        for bracket, target in includes(path):
            if bracket == "<" and library_of(target) in ONE_ADAPTER:
                users.setdefault(library_of(target), set()).add(relative(path.with_suffix("")))
    wrong = [f"{library} is included by {sorted(paths)}" for library, paths in users.items() if len(paths) > 1]
    if wrong:
        raise Failed("\n".join(wrong) + "\nA foreign library is included by one file or pair; the others use that one's interface.")


def is_of_standard_library(target):
    return "/" not in target and "." not in target


def check_public():
    wrong = []
    for path in sources("include"):
        for bracket, target in includes(path):
            if bracket == '"' or target.startswith("asignalr/") or library_of(target) == "asio":
                fine = bracket == "<" and target != "asio.hpp"
            else:
                fine = is_of_standard_library(target)
            if not fine:
                wrong.append(f"{relative(path)} includes {target}")
    if wrong:
        raise Failed("\n".join(wrong) + "\nPublic headers include the standard library, single headers of Asio, and each other as <asignalr/...>.")


def check_users():
    """The sample and the benchmark host are written as users write: with what is installed."""
    wrong = []
    for path in sources("samples", "test/benchmark/host"):
        for bracket, target in includes(path):
            private = bracket == '"' and (ROOT / "lib" / target).exists() and not (path.parent / target).exists()
            if private or library_of(target) in FOREIGN or "asignalr/" in target and "/detail/" in target:
                wrong.append(f"{relative(path)} includes {target}")
    bench_hub = ROOT / "test/hosts/bench_hub.hpp"
    wrong += [f"{relative(bench_hub)} includes {target}" for bracket, target in includes(bench_hub)
              if bracket == '"' and (ROOT / "lib" / target).exists()]
    if wrong:
        raise Failed("\n".join(wrong) + "\nOnly public headers: <asignalr/...>, Asio and the standard library.")


def checks(_):
    return [
        Check("layers: every module has a floor", check_modules),
        Check("layers: includes point downwards", check_direction),
        Check("layers: no Asio below the runtime", check_asio),
        Check("layers: one adapter for each foreign library", check_adapters),
        Check("layers: public headers include public headers", check_public),
        Check("layers: samples and the benchmark host use public headers", check_users),
    ]
