# SPDX-License-Identifier: MIT
"""The sections of the conformance tests, numbered as Autobahn's are; a section is a module with a function `cases`."""

from . import closing, cut_by_size, fragmentation, framing, limits, opcodes, pings, reserved_bits, text

SECTIONS = {
    "1 framing": framing, "2 pings": pings, "3 reserved bits": reserved_bits, "4 opcodes": opcodes, "5 fragmentation": fragmentation, "6 text": text,
    "7 closing": closing, "9 limits": limits, "10 cut by size": cut_by_size,
}


def all_cases():
    """By name, the section in front."""
    found = {}
    for section, module in SECTIONS.items():
        for case in module.cases():
            name = f"{section}: {case.name}"
            if name in found:
                raise ValueError(f"two cases are called {name}")
            found[name] = case
    return found
